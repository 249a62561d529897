import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { ServeOptions } from '../../src/http/index.js';
import { issueKey, MemoryKeyStore, type Scope } from '../../src/index.js';
import { launchChromium } from '../chromium.js';
import { describeWith } from '../needs.js';
import { choose, openPage as openPageIn, servePage } from './page-support.js';
import { smallPicture } from './support.js';

const SCRIPT = '<img src=x onerror="document.title=`owned`">';

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), 'page-'));
});
afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const openPage = (options: ServeOptions = {}, context: Parameters<Browser['newContext']>[0] = {}) =>
  openPageIn(browser, options, context);

it('is served as one script that imports nothing, and no other file of the package is', async () => {
  const { server } = await servePage();
  const script = await fetch(new URL('assets/http/page/main.js', server.url));
  expect(script.status).toBe(200);
  expect(await script.text()).not.toMatch(/(^|;)import\b|\bimport\(/m);
  for (const hidden of ['http/index.js', 'index.js', 'wcs/index.js', 'http/page/main.js.map'])
    expect((await fetch(new URL(`assets/${hidden}`, server.url))).status, hidden).toBe(404);
});

describeWith(['chromium'], 'the page', () => {
  it('is there after at most four requests and 80 KB, as they are sent', async () => {
    const { server } = await openPage();
    // Another visitor: nothing is in the cache.
    const tab = await browser.newContext();
    onTestFinished(() => tab.close());
    const page = await tab.newPage();
    const sent: { path: string; bytes: Promise<number> }[] = [];
    page.on('requestfinished', (request) => {
      if (!request.url().startsWith(server.url)) return;
      const bytes = request.sizes().then((sizes) => sizes.responseHeadersSize + sizes.responseBodySize);
      sent.push({ path: new URL(request.url()).pathname, bytes });
    });
    await page.goto(server.url);
    await page.getByText('Where does this picture look?').waitFor();
    await page.waitForLoadState('networkidle');
    const paths = sent.map(({ path }) => path);
    expect(paths.length, paths.join(' ')).toBeLessThanOrEqual(4);
    const bytes = (await Promise.all(sent.map((one) => one.bytes))).reduce((sum, some) => sum + some, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(80 * 1024);
  });

  it('takes a picture, shows it being solved, and then what is in it', async () => {
    const { page, solver, jobs, complaints, foreign } = await openPage();
    await page.getByText('Where does this picture look?').waitFor();
    solver.behaviour = 'hang';
    await choose(page, 'cone.png');
    await page.getByRole('heading', { name: 'Solving' }).waitFor();
    expect(await page.getByRole('progressbar', { name: 'Progress' }).getAttribute('value')).toBe('0.5');
    await page.getByText('What the solver says').click();
    await page.getByText('<b>scripted</b> solver').waitFor();

    solver.behaviour = 'solve';
    const [{ job_id }] = (await jobs.list()).jobs;
    await jobs.cancel(job_id);
    await page.getByRole('button', { name: 'Run it again' }).click();
    await page.getByRole('tab', { name: 'Objects' }).waitFor();

    // In the list a name is chosen; the picture then shows it, and the readout where the pointer is.
    const object = page.locator('button.object').first();
    await object.click();
    expect(await object.getAttribute('aria-pressed')).toBe('true');
    const stage = page.locator('.stage');
    const box = (await stage.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await expect
      .poll(() => page.locator('.readout').textContent())
      .toMatch(/^06h 40m 4[78]\.\ds \+09° 5[34]′ \d\d″\s*100\.\d{5} \+9\.\d{5}\s*x 60\.\d {2}y 40\.\d$/);

    const transform = () =>
      page
        .locator('.viewer-image')
        .evaluate((image: { style: { transform: string } }) => image.style.transform);
    const fitted = await transform();
    await page.mouse.wheel(0, -400);
    await expect.poll(transform).not.toBe(fitted);
    await stage.focus();
    await page.keyboard.press('0');
    await expect.poll(transform).toBe(fitted);
    await page.keyboard.press('+');
    await expect.poll(transform).not.toBe(fitted);

    const stars = page.getByRole('button', { name: /^Stars/ });
    const shown = await page.locator('button.object:visible').count();
    await stars.click();
    expect(await stars.getAttribute('aria-pressed')).toBe('false');
    expect(await page.locator('button.object:visible').count()).toBeLessThan(shown);

    await page.getByRole('tab', { name: 'Objects' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('Pixel scale').waitFor();
    await page.getByRole('tab', { name: 'Files' }).click();
    const names = [
      'Annotated picture, JPEG',
      'Result document',
      'Image as FITS',
      'Regions for SAOImage DS9',
      'Original',
      'Log',
    ];
    for (const name of names) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name }).click(),
      ]);
      expect(await download.failure(), name).toBeNull();
    }
    expect(complaints).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('says why a picture was not solved, what to do, and shows the log', async () => {
    const { page, solver, jobs, complaints } = await openPage();
    solver.behaviour = 'fail';
    await choose(page, 'clouds.png');
    await page.getByRole('heading', { name: 'No solution' }).waitFor();
    await page.getByText('No field matches', { exact: true }).waitFor();
    await page.getByText('Give the width of the field').waitFor();
    await page.getByRole('listitem').locator('code', { hasText: 'astro-jobs doctor' }).waitFor();
    await expect.poll(() => page.locator('.log').textContent()).toContain('<b>scripted</b> solver');

    // With what is known now, the same job is run again.
    solver.behaviour = 'solve';
    const form = page.locator('.failed-text');
    await form.getByText('What you know already').click();
    await form.getByLabel(/^From/).fill('0.2');
    await form.getByRole('button', { name: 'Run it with this' }).click();
    await page.getByRole('tab', { name: 'Objects' }).waitFor();
    expect((await jobs.list()).jobs[0]).toMatchObject({ filename: 'clouds.png', params: { scale_low: 0.2 } });
    expect(complaints).toEqual([]);
  });

  it('cancels', async () => {
    const { page, solver, jobs, complaints } = await openPage();
    solver.behaviour = 'hang';
    await choose(page, 'long.png');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
    expect((await jobs.list()).jobs[0]).toMatchObject({ state: 'error', error: { code: 'cancelled' } });
    expect(complaints).toEqual([]);
  });

  it('tells a picture its place in the queue, and how much of a file is sent', async () => {
    const { page, solver, jobs, server } = await openPage();
    solver.behaviour = 'hang';
    await jobs.submit(await smallPicture(), {}, { filename: 'first.png' });
    await jobs.submit(await smallPicture(), {}, { filename: 'second.png' });
    const { job_id } = await jobs.submit(await smallPicture(), {}, { filename: 'third.png' });
    await page.goto(`${server.url}#${job_id}`);
    await page.getByRole('heading', { name: 'Waiting for its turn' }).waitFor();
    await page.getByText(/^Number 2 in the queue/).waitFor();

    const network = await page.context().newCDPSession(page);
    await network.send('Network.enable');
    await network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 100_000,
    });
    const noise = {
      create: {
        width: 400,
        height: 400,
        channels: 3,
        background: '#000',
        noise: { type: 'gaussian', mean: 90, sigma: 40 },
      },
    } as const;
    const buffer = await sharp(noise).png().toBuffer();
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'large.png', mimeType: 'image/png', buffer });
    await page.getByRole('progressbar', { name: 'Upload of large.png' }).waitFor();
    await page.getByText(/^Sending [1-9]\d? % of /).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => page.locator('.upload:not(.refused)').count()).toBe(0);
    expect((await jobs.list()).jobs.map(({ filename }: { filename?: string }) => filename)).not.toContain(
      'large.png',
    );
  });

  it('takes many at once, a folder too, and refuses what is no picture', async () => {
    const { page, jobs } = await openPage();
    await choose(page, 'a.png', 'b.png', 'c.png', 'd.png');
    await expect.poll(async () => (await jobs.list()).jobs.length, { timeout: 20_000 }).toBe(4);
    await page.getByRole('navigation', { name: 'Jobs' }).getByText('Solved').nth(3).waitFor();
    await writeFile(join(folder, 'e.png'), await smallPicture());
    await page.locator('input[webkitdirectory]').setInputFiles(folder);
    await expect.poll(async () => (await jobs.list()).jobs.length, { timeout: 20_000 }).toBe(5);
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({
        name: 'notes.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from('not a picture at all'),
      });
    await page
      .locator('.refused')
      .getByText(/is a text/)
      .waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.locator('.upload').count()).toBe(0);
  });

  it('shows a script in a file name as text', async () => {
    const { page, jobs, complaints } = await openPage();
    const { job_id } = await jobs.submit(await smallPicture(), {}, { filename: `${SCRIPT}.png` });
    await jobs.wait(job_id, { timeout: 30 });
    const { filename } = await jobs.status(job_id);
    await page.reload();
    await page.getByRole('link', { name: /onerror/ }).click();
    await page.getByRole('tab', { name: 'Files' }).click();
    expect(await page.locator('h1 .file-name').textContent()).toBe(filename);
    expect(await page.title()).toBe(`${filename} – Astro Jobs`);
    expect(await page.locator('h1 img, .job-name img, script:not([src])').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('asks for the token, and then stays open', async () => {
    const { page } = await openPage({ token: 'sesame' });
    const token = page.getByLabel('Token');
    await token.fill('wrong');
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.getByText('That is not it.').waitFor();
    await token.fill('sesame');
    await page.getByRole('button', { name: 'Enter' }).click();
    await choose(page, 'private.png');
    await page.getByRole('tab', { name: 'Objects' }).waitFor();
    await page.reload();
    await page.getByRole('tab', { name: 'Objects' }).waitFor();
  });

  it('shows a key what its scopes allow, and signs out', async () => {
    const store = new MemoryKeyStore();
    const issue = async (name: string, ...scopes: Scope[]) => (await issueKey(store, { name, scopes })).key;
    const keys = {
      sender: await issue('sender', 'submit'),
      reader: await issue('reader', 'read:all'),
      owner: await issue('owner', 'submit', 'read:own'),
    };
    const { page, jobs, complaints } = await openPage({ keys: store });
    const { job_id } = await jobs.submit(await smallPicture(), {}, { filename: 'elsewhere.png' });
    await jobs.wait(job_id, { timeout: 30 });
    const enter = async (name: keyof typeof keys) => {
      await page.reload();
      await page.getByLabel('Key or token').fill(keys[name]);
      await page.getByRole('button', { name: 'Enter' }).click();
      await page.getByText(name, { exact: true }).waitFor();
    };
    const signOut = () => page.getByRole('button', { name: 'Sign out' }).click();
    const visible = async () => ({
      drop: await page.getByRole('button', { name: 'Choose pictures' }).isVisible(),
      jobs: await page.getByRole('navigation', { name: 'Jobs' }).isVisible(),
    });

    await enter('sender');
    expect(await visible()).toEqual({ drop: true, jobs: false });
    await choose(page, 'sent.png');
    await page.getByText('1 picture is with the server.').waitFor();
    await signOut();

    await enter('reader');
    expect(await visible()).toEqual({ drop: false, jobs: true });
    await page.getByRole('link', { name: /elsewhere/ }).click();
    await page.getByRole('tab', { name: 'Objects' }).waitFor();
    expect(await page.getByRole('button', { name: 'Remove this job' }).isVisible()).toBe(false);
    await signOut();

    await enter('owner');
    expect(await visible()).toEqual({ drop: true, jobs: true });
    await choose(page, 'own.png');
    await page.getByRole('tab', { name: 'Objects' }).waitFor();
    expect(await page.locator('.job-name').allTextContents()).toEqual(['own.png']);
    expect(await page.getByRole('button', { name: 'Remove this job' }).isVisible()).toBe(true);
    // The browser notes each 401 before a key is entered; nothing else may be refused.
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('fits a phone: the list, then the picture, and back', async () => {
    const { page, complaints } = await openPage(
      {},
      { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    );
    await choose(page, 'phone.png');
    await page.getByRole('tab', { name: 'Objects' }).waitFor();
    const sideways = await page.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth);
    expect(sideways).toBe(0);
    expect(await page.locator('.side').isVisible()).toBe(false);
    await page.getByRole('link', { name: 'All jobs' }).click();
    await page.getByRole('navigation', { name: 'Jobs' }).getByText('phone.png').waitFor();
    expect(complaints).toEqual([]);
  });

  it('works below a path', async () => {
    const { page, server, complaints } = await openPage({ basePath: '/astro' });
    await page.goto(server.url.replace(/\/$/, ''));
    await choose(page, 'below.png');
    await page.getByRole('tab', { name: 'Objects' }).waitFor();
    expect(complaints).toEqual([]);
  });
});
