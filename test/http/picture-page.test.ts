// biome-ignore-all lint/style/noNonNullAssertion: what is on the screen has a box.
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../chromium.js';
import { describeWith } from '../needs.js';
import { openPage } from './page-support.js';
import { smallPicture } from './support.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** The page at a picture of a camera. */
async function openPicture(context: Parameters<Browser['newContext']>[0] = {}) {
  const opened = await openPage(browser, {}, context);
  const { solver, jobs, page, server } = opened;
  solver.attempts = [
    { name: 'exif-scale', reason: 'the scale of the EXIF', seconds: 2.4, outcome: 'no_solution' },
    { name: 'blind', reason: 'nothing is known', seconds: 11, outcome: 'solved' },
  ];
  const picture = sharp({ create: { width: 120, height: 80, channels: 3, background: '#445' } }).withExif({
    IFD0: { Make: 'Canon', Model: 'Canon EOS 6D' },
    IFD2: { ExposureTime: '60/1', ISOSpeedRatings: '1600', DateTimeOriginal: '2024:02:03 21:12:40' },
  });
  const { job_id } = await jobs.submit(await picture.jpeg().toBuffer(), {}, { filename: 'camera.jpg' });
  await jobs.wait(job_id, { timeout: 30 });
  await page.goto(`${server.url}#${job_id}`);
  await page.locator('.viewer-overlay #compass').waitFor({ state: 'attached' });
  return opened;
}

const boxOf = async (page: Page, selector: string) => (await page.locator(selector).boundingBox())!;

describeWith(['chromium'], 'a picture on the page', () => {
  it('tells with what it was taken, and every attempt at its solution', async () => {
    const { page, complaints } = await openPicture();
    await page.getByRole('tab', { name: 'Capture' }).click();
    for (const row of ['Camera Canon EOS 6D', 'Exposure 60 s', 'ISO 1600', 'Taken 2024-02-03 21:12:40'])
      await page.getByRole('row', { name: row, exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Solution' }).click();
    const attempts = page.getByRole('table', { name: 'Attempts' }).getByRole('row');
    expect(await attempts.allTextContents()).toEqual([
      'the scale of the EXIFno solution, 2.4 s',
      'nothing is knownsolved, 11 s',
    ]);
    expect(complaints).toEqual([]);
  });

  it('is moved by the mouse and by a finger, once it is zoomed, and so is what is drawn on it', async () => {
    const { page } = await openPicture({ hasTouch: true });
    const stage = await boxOf(page, '.stage');
    const middle = { x: stage.x + stage.width / 2, y: stage.y + stage.height / 2 };
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.wheel(0, -700);
    const width = async () => (await boxOf(page, '.viewer-image')).width;
    const fitted = Math.min(stage.width, 1.5 * stage.height);
    await expect.poll(width).toBeGreaterThan(1.8 * fitted);
    const before = await boxOf(page, '.viewer-image');
    await page.mouse.down();
    await page.mouse.move(middle.x + 30, middle.y + 20, { steps: 4 });
    await page.mouse.move(middle.x + 60, middle.y + 40, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await boxOf(page, '.viewer-image')).x - before.x).toBeCloseTo(60, 0);
    expect((await boxOf(page, '.viewer-image')).y - before.y).toBeCloseTo(40, 0);

    const dragged = await boxOf(page, '.viewer-image');
    const session = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', dx: number) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x: middle.x + dx, y: middle.y }],
      });
    await touch('touchStart', 0);
    for (const dx of [-15, -30, -45]) await touch('touchMove', dx);
    await touch('touchEnd', 0);
    await expect.poll(async () => (await boxOf(page, '.viewer-image')).x - dragged.x).toBeLessThan(-30);
    // Drawn anew where the picture is now.
    await expect
      .poll(() =>
        page
          .locator('.viewer-overlay')
          .evaluate((svg: { style: { transform: string } }) => svg.style.transform),
      )
      .toBe('translate(0px, 0px) scale(1)');
  });
});

describeWith(['chromium'], 'pictures that are dropped on the page', () => {
  it('are sent, each with its name, and stand in the list with a small picture', async () => {
    const { page, jobs, complaints } = await openPage(browser);
    const bytes = [...(await smallPicture())];
    await page.evaluate(`{
      const data = new DataTransfer();
      for (const name of ['one.png', 'two.png'])
        data.items.add(new File([new Uint8Array([${bytes}])], name, { type: 'image/png' }));
      window.dispatchEvent(new DragEvent('dragenter', { dataTransfer: data }));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: data }));
    }`);
    const names = async () =>
      (await jobs.list()).jobs.map(({ filename }: { filename?: string }) => filename).sort();
    await expect.poll(names, { timeout: 15_000 }).toEqual(['one.png', 'two.png']);
    const thumbs = page.getByRole('navigation', { name: 'Jobs' }).locator('img.thumb');
    await expect.poll(() => thumbs.count()).toBe(2);
    for (const thumb of await thumbs.all())
      await expect
        .poll(() => thumb.evaluate((image: { naturalWidth: number }) => image.naturalWidth), {
          timeout: 15_000,
        })
        .toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });
});
