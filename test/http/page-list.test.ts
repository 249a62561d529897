import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { ServeOptions } from '../../src/http/index.js';
import type { AstroJobs, Scope } from '../../src/index.js';
import { issueKey, MemoryKeyStore } from '../../src/index.js';
import { launchChromium } from '../chromium.js';
import { describeWith } from '../needs.js';
import { scriptedSolver, smallPicture } from './support.js';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
if (!existsSync(DIST)) throw new Error('These tests look at the built page: `npm run build` first');

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

interface Opened {
  page: Page;
  jobs: AstroJobs;
  solver: ReturnType<typeof scriptedSolver>;
  url: string;
}

/** The built package behind a page. */
async function openPage(
  options: ServeOptions = {},
  context: Parameters<Browser['newContext']>[0] = {},
): Promise<Opened> {
  const { AstroJobs: Jobs, MemoryJobStore } = await import(join(DIST, 'index.js'));
  const { serve } = await import(join(DIST, 'http/index.js'));
  const solver = scriptedSolver();
  const jobs: AstroJobs = new Jobs({ store: new MemoryJobStore(), solver, concurrency: 1 });
  const server = await serve(jobs, { port: 0, ...options });
  const tab = await browser.newContext(context);
  const page = await tab.newPage();
  onTestFinished(async () => {
    await tab.close();
    await server.close({ graceSeconds: 0.5 });
    await jobs.close();
  });
  await page.goto(server.url);
  return { page, solver, jobs, url: server.url };
}

const newest = async (jobs: AstroJobs) => (await jobs.list()).jobs[0]!;

async function choose(page: Page, name: string) {
  const file = { name, mimeType: 'image/png', buffer: await smallPicture() };
  await page.locator('input[type=file]:not([webkitdirectory])').first().setInputFiles(file);
}

describeWith(['chromium'], 'submitting on the page', () => {
  it('takes the name of an object, a position in any writing, and refuses what is neither', async () => {
    const { page, jobs } = await openPage();
    await page.getByText('What you know already').click();
    const place = page.getByLabel('Where it looks');
    await place.fill('m 31');
    await choose(page, 'galaxy.png');
    await expect.poll(async () => (await jobs.list()).jobs.length, { timeout: 15_000 }).toBe(1);
    expect((await newest(jobs)).params).toMatchObject({
      ra: expect.closeTo(10.685, 2),
      dec: expect.closeTo(41.269, 2),
      radius: 10,
    });
    const writings = {
      '05 35 17.3 -05 23 28': [83.822, -5.391],
      '5h35m17.3s, −5°23′28″': [83.822, -5.391],
      '83.822 -5.391': [83.822, -5.391],
      '266.4 -28.9': [266.4, -28.9],
    };
    await page.getByLabel('within').fill('3');
    let count = 1;
    for (const [text, [ra, dec]] of Object.entries(writings)) {
      await place.fill(text);
      await choose(page, 'sky.png');
      count += 1;
      await expect.poll(async () => (await jobs.list()).jobs.length, { timeout: 15_000 }).toBe(count);
      expect((await newest(jobs)).params, text).toMatchObject({
        ra: expect.closeTo(ra!, 2),
        dec: expect.closeTo(dec!, 2),
        radius: 3,
      });
    }
    await place.fill('no such thing');
    await choose(page, 'sky.png');
    await page.getByText(/is no name in the catalogue and no position/).waitFor();
    expect((await jobs.list()).jobs).toHaveLength(count);
  });

  it('reckons the scale from camera and focal length, and from the size of a pixel', async () => {
    const { page, jobs } = await openPage();
    await page.getByText('What you know already').click();
    await page.getByLabel('Scale from').selectOption({ label: 'Camera and focal length' });
    await page.getByLabel('Sensor').selectOption({ label: 'Full frame, 36 mm' });
    await page.getByRole('spinbutton', { name: 'Focal length' }).fill('200');
    await choose(page, 'lens.png');
    await expect.poll(async () => (await jobs.list()).jobs.length, { timeout: 15_000 }).toBe(1);
    const { params } = await newest(jobs);
    // 2·atan(18/200) = 10.29°.
    expect(params.scale_units).toBe('degwidth');
    expect(params.scale_low! * params.scale_high!).toBeCloseTo(10.29 ** 2, 0);
    await page.getByLabel('Scale from').selectOption({ label: 'Pixel size and focal length' });
    await page.getByRole('spinbutton', { name: 'Pixel size' }).fill('3.76');
    await page.getByRole('spinbutton', { name: 'Focal length' }).fill('530');
    await choose(page, 'pixels.png');
    await expect.poll(async () => (await jobs.list()).jobs.length, { timeout: 15_000 }).toBe(2);
    const second = (await newest(jobs)).params;
    expect(second.scale_units).toBe('arcsecperpix');
    expect(second.scale_low! * second.scale_high!).toBeCloseTo(1.463 ** 2, 1);
  });

  it('takes what is pasted, pictures and addresses, and drops of links', async () => {
    const picture = await smallPicture();
    const other = createServer((_, response) => response.end(picture)).listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const { page, jobs } = await openPage({ urlFetch: { allowPrivateAddresses: true } });
    // Scripts of the page, which has what this process has not.
    const dispatch = (fill: string, event: string) =>
      page.evaluate(`{ const data = new DataTransfer(); ${fill}; window.dispatchEvent(${event}); }`);
    const paste = (fill: string) => dispatch(fill, "new ClipboardEvent('paste', { clipboardData: data })");
    const count = async () => (await jobs.list()).jobs.length;
    await paste(
      `data.items.add(new File([new Uint8Array([${[...picture]}])], 'image.png', { type: 'image/png' }))`,
    );
    await expect.poll(count, { timeout: 15_000 }).toBe(1);
    expect((await newest(jobs)).filename).toMatch(/^pasted .*\.png$/);
    const address = `http://127.0.0.1:${port}/linked.png`;
    await paste(`data.setData('text/plain', '${address}')`);
    await expect.poll(count, { timeout: 15_000 }).toBe(2);
    expect((await newest(jobs)).filename).toBe('linked.png');
    await dispatch(
      `data.setData('text/uri-list', '${address}')`,
      "new DragEvent('drop', { dataTransfer: data })",
    );
    await expect.poll(count, { timeout: 15_000 }).toBe(3);
    await page.getByRole('button', { name: 'an address' }).click();
    await page.getByLabel('Address of a picture').fill(`${address}?again`);
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await jobs.list()).jobs.length, { timeout: 15_000 }).toBe(4);
  });

  it('says so where the server fetches no addresses', async () => {
    const { page, jobs } = await openPage();
    await page.getByRole('button', { name: 'an address' }).click();
    await page.getByLabel('Address of a picture').fill('https://example.org/m42.jpg');
    await page.keyboard.press('Enter');
    await page.locator('.refused').getByText('send the image itself').waitFor();
    expect((await jobs.list()).jobs).toHaveLength(0);
  });

  it('offers the retry that may help, and runs the same job with it', async () => {
    const { page, jobs, solver } = await openPage();
    solver.behaviour = 'fail';
    const { job_id } = await jobs.submit(
      await smallPicture(),
      { scale_low: 1, scale_high: 2 },
      { filename: 'x.png' },
    );
    await jobs.wait(job_id, { timeout: 30 });
    await page.goto(`${page.url().split('#')[0]}#${job_id}`);
    const retries = page.getByRole('list', { name: 'Try it again' });
    await retries.getByRole('button', { name: 'Ignore what the file says' }).waitFor();
    expect(await retries.getByRole('button').allTextContents()).toEqual([
      'Search at every scale',
      'Ignore what the file says',
      'Keep every pixel',
      'Take it for a negative',
      'Run it again',
    ]);
    solver.behaviour = 'solve';
    await retries.getByRole('button', { name: 'Search at every scale' }).click();
    await page.getByRole('tab', { name: 'Objects' }).waitFor();
    const all = (await jobs.list()).jobs;
    expect(all).toMatchObject([{ job_id, state: 'done', params: { scale_low: null, scale_high: null } }]);
  });
});

describeWith(['chromium'], 'the list of jobs', () => {
  it('of 300 and more keeps few rows in the document, shows each when it is scrolled to, and is searched', async () => {
    const { page, jobs, solver } = await openPage();
    const picture = await sharp({ create: { width: 16, height: 12, channels: 3, background: '#234' } })
      .png()
      .toBuffer();
    for (let i = 0; i < 320; i++)
      await jobs.submit(picture, { measure: false }, { filename: `night-${String(i).padStart(3, '0')}.png` });
    const [last] = (await jobs.list({ limit: 1 })).jobs;
    await jobs.wait(last!.job_id, { timeout: 120 });
    solver.behaviour = 'fail';
    const clouds = await jobs.submit(picture, {}, { filename: 'clouds.png' });
    await jobs.wait(clouds.job_id, { timeout: 30 });
    await page.reload();
    const rows = page.locator('.jobs > li');
    await page.getByRole('link', { name: 'clouds.png' }).waitFor();
    expect(await rows.count()).toBeLessThan(60);
    // To the very first one, through pages that are fetched on the way.
    const oldest = page.getByRole('link', { name: 'night-000.png' });
    await expect
      .poll(
        async () => {
          await page.locator('.side').evaluate((side) => side.scrollTo(0, side.scrollHeight));
          return oldest.count();
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    expect(await rows.count()).toBeLessThan(60);
    expect(await rows.last().getAttribute('aria-setsize')).toBe('321');
    expect(await rows.last().getAttribute('aria-posinset')).toBe('321');

    // The address of a job leads to its row, too.
    const { jobs: newest } = await jobs.list({ limit: 90 });
    const { job_id, filename } = newest.at(-1)!;
    await page.goto(`${page.url().split('#')[0]}#${job_id}`);
    await page.reload();
    const chosen = page.getByRole('navigation', { name: 'Jobs' }).getByRole('link', { name: filename });
    await expect
      .poll(() => chosen.boundingBox().then((box) => box?.y ?? -1), { timeout: 10_000 })
      .toBeGreaterThan(0);
    expect((await chosen.boundingBox())!.y).toBeLessThan(page.viewportSize()!.height);

    const search = page.getByRole('navigation', { name: 'Jobs' }).getByRole('searchbox');
    await search.fill('night-17');
    await page.getByText('10 of 321 pictures').waitFor();
    expect(await rows.count()).toBe(10);
    // By what is in it, too.
    await search.fill('ngc2264');
    await page.getByText('320 of 321 pictures').waitFor();
    await search.fill('');
    await page.getByLabel('State').selectOption({ label: 'Not solved' });
    await page.getByText('1 of 321 pictures').waitFor();
    expect(await rows.allTextContents()).toEqual([expect.stringContaining('clouds.png')]);
  }, 120_000);

  it('shows no button that would be refused', async () => {
    const keys = new MemoryKeyStore();
    const issue = async (name: string, ...scopes: Scope[]) => (await issueKey(keys, { name, scopes })).key;
    const key = await issue('member', 'submit', 'read:all');
    const { page, jobs, url } = await openPage({ keys });
    const { job_id } = await jobs.submit(await smallPicture(), {}, { filename: 'elsewhere.png' });
    await jobs.wait(job_id, { timeout: 30 });
    await page.getByLabel('Key or token').fill(key);
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.getByRole('link', { name: /elsewhere/ }).click();
    await page.getByRole('tab', { name: 'Objects' }).waitFor();
    const remove = page.getByRole('button', { name: 'Remove this job' });
    expect(await remove.isVisible()).toBe(false);
    await page.goto(`${url}#`);
    await choose(page, 'own.png');
    await page.getByRole('link', { name: /own.png/ }).click();
    await page.getByRole('tab', { name: 'Objects' }).waitFor();
    expect(await remove.isVisible()).toBe(true);
    expect(await page.getByRole('link', { name: 'Queue' }).isVisible()).toBe(false);
  });
});

describeWith(['chromium'], 'the sky and the queue', () => {
  it('shows every solved picture on the map, by pointer and by keyboard, and opens it', async () => {
    const { page, jobs } = await openPage();
    for (const filename of ['a.png', 'b.png']) {
      const { job_id } = await jobs.submit(await smallPicture(), {}, { filename });
      await jobs.wait(job_id, { timeout: 30 });
    }
    await page.getByRole('link', { name: 'Sky', exact: true }).click();
    await page.getByText('2 solved pictures on the sky').waitFor();
    const fields = page.locator('.sky-map .field');
    expect(await fields.count()).toBe(2);
    await fields.first().focus();
    await page
      .locator('.sky-told')
      .getByText(/NGC 2264.*\.png/)
      .waitFor();
    await page.keyboard.press('ArrowRight');
    const job = await page.locator(':focus').getAttribute('data-job');
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'Objects' }).waitFor();
    expect(page.url()).toContain(job!);
    await page.goBack();
    await page.getByText('2 solved pictures on the sky').waitFor();
    await page.reload();
    await page.getByText('2 solved pictures on the sky').waitFor();
  });

  it('shows who runs what and what failed, cancels and retries', async () => {
    const { page, jobs, solver } = await openPage();
    solver.behaviour = 'hang';
    const running = await jobs.submit(await smallPicture(), {}, { filename: 'running.png' });
    await jobs.submit(await smallPicture(), {}, { filename: 'waiting.png' });
    await page.getByRole('link', { name: 'Queue' }).click();
    await page.getByText(`process ${process.pid}`).waitFor();
    await page.getByText('at work').waitFor();
    await page.getByText(/the oldest for/).waitFor();
    const view = page.locator('.dashboard');
    await view.getByText(/^Solving/).waitFor();
    await view.getByRole('button', { name: 'Cancel waiting.png' }).click();
    await view.getByRole('button', { name: 'Retry waiting.png' }).waitFor();
    await view.getByText('The job was cancelled').waitFor();
    solver.behaviour = 'solve';
    await view.getByRole('button', { name: 'Cancel running.png' }).click();
    await view.getByRole('button', { name: 'Retry running.png' }).click();
    await expect
      .poll(async () => (await jobs.status(running.job_id)).state, { timeout: 15_000 })
      .toBe('done');
    await view.getByText('waits for jobs').waitFor();
  });
});
