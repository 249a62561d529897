import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { OutgoingHttpHeaders } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { launchChromium } from '../chromium.js';
import { describeWith } from '../needs.js';
import { serveFiles } from './static-server.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
if (!existsSync(`${ROOT}dist/browser/index.js`))
  throw new Error('These tests look at what is built: `npm run build` first');
const ORION = `${ROOT}examples/orion.jpg`;
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** The example page; what the browser complains about, and what it fetches from elsewhere, is kept. */
async function openExample(headers: OutgoingHttpHeaders = {}) {
  const server = await serveFiles(headers);
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(server.url))
      complaints.push(`fetched ${request.url()}`);
  });
  onTestFinished(async () => {
    await page.close();
    await server.close();
  });
  await page.goto(`${server.url}examples/browser/`);
  await page.getByText('Ready for a picture.').waitFor();
  return { page, complaints };
}

const choose = (page: Page, file: Parameters<ReturnType<Page['locator']>['setInputFiles']>[0]) =>
  page.locator('input[type=file]').setInputFiles(file);

const status = (page: Page, text: RegExp) =>
  page.getByRole('status').filter({ hasText: text }).waitFor({ timeout: 50_000 });

/** What the page says of a field: the number behind it. */
const fact = async (page: Page, name: string) =>
  Number(await page.locator(`dt:text-is("${name}") + dd data`).getAttribute('value'));

async function expectOrion(page: Page) {
  await status(page, /^Solved in/);
  expect(Math.abs((await fact(page, 'RA')) - 84.15)).toBeLessThan(0.05);
  expect(Math.abs((await fact(page, 'Dec')) + 3)).toBeLessThan(0.05);
  expect(Math.abs((await fact(page, 'Scale')) - 30.56)).toBeLessThan(0.1);
}

describeWith(['chromium'], 'the example of a page without a server', () => {
  it('solves a picture that was chosen, in a page that is not cross-origin isolated', async () => {
    const { page, complaints } = await openExample();
    expect(await page.evaluate('crossOriginIsolated')).toBe(false);
    await choose(page, ORION);
    await expectOrion(page);
    expect(Math.abs((await fact(page, 'Up is')) + 12)).toBeLessThan(0.1);
    expect(await page.locator('.matched circle').count()).toBeGreaterThan(50);

    // Rigel is where the name of Rigel is: in the lower right part of the picture.
    const box = (await page.locator('#overlay').boundingBox())!;
    const name = (await page.locator('#overlay text', { hasText: 'Rigel' }).boundingBox())!;
    expect((name.x - box.x) / box.width).toBeGreaterThan(0.8);
    expect((name.y - box.y) / box.height).toBeGreaterThan(0.8);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await expect.poll(() => page.locator('#readout').textContent()).toMatch(/^05h 36m 3\d\.\ds {2}−0[23]°/);

    await page.getByLabel('matched stars').uncheck();
    expect(await page.locator('.matched circle').first().isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  });

  it('solves a picture that was dropped, in a page that is cross-origin isolated', async () => {
    const { page, complaints } = await openExample(ISOLATED);
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
    const bytes = (await readFile(ORION)).toString('base64');
    const transfer = await page.evaluateHandle(`(async () => {
      const blob = await (await fetch('data:image/jpeg;base64,${bytes}')).blob();
      const transfer = new DataTransfer();
      transfer.items.add(new File([blob], 'orion.jpg', { type: 'image/jpeg' }));
      return transfer;
    })()`);
    await page.locator('#stage').dispatchEvent('drop', { dataTransfer: transfer });
    await expectOrion(page);
    expect(complaints).toEqual([]);
  });

  it('speaks of a picture as the browser shows it: turned by its EXIF orientation', async () => {
    const { page, complaints } = await openExample();
    const buffer = await sharp(ORION).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    await choose(page, { name: 'turned.jpg', mimeType: 'image/jpeg', buffer });
    await expectOrion(page);
    // What was on the left is up: east of north by 90° more.
    expect(Math.abs((await fact(page, 'Up is')) - 78)).toBeLessThan(0.1);
    expect(await page.locator('#overlay').getAttribute('viewBox')).toBe('0 0 1200 1800');
    expect(complaints).toEqual([]);
  });

  it('says what is wrong with a picture without stars, and with a file that is no picture', async () => {
    const { page, complaints } = await openExample();
    const buffer = await sharp({
      create: { width: 600, height: 400, channels: 3, background: '#557799' },
    })
      .png()
      .toBuffer();
    await choose(page, { name: 'wall.png', mimeType: 'image/png', buffer });
    await status(page, /^Only 0 stars were found, and 7 are needed/);
    await choose(page, { name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') });
    await status(page, /^The browser cannot read this file as a picture/);
    await choose(page, ORION);
    await expectOrion(page);
    expect(complaints).toEqual([]);
  });

  it('is worked by the keyboard alone', async () => {
    const { page } = await openExample();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('file');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expectOrion(page);
  });

  it('says why it does nothing when it is opened as a file', async () => {
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    await page.goto(`file://${ROOT}examples/browser/index.html`);
    await status(page, /Serve the folder instead/);
  });
});
