// biome-ignore-all lint/style/noNonNullAssertion: what is on the screen has a box.

import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { paletteOf } from '../../src/annotate/palette.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { launchChromium } from '../chromium.js';
import { describeWith } from '../needs.js';
import { openPage } from './page-support.js';

/** What the functions given to `evaluate` find in the page. */
declare const navigator: { clipboard: { readText(): Promise<string> } };

const SIZE = { width: 900, height: 600 };

/** A field around a place; the picture's first row is its uppermost. `degrees` is its width. */
function fieldOf(ra: number, dec: number, degrees: number, parts: Partial<Wcs> = {}): Wcs {
  const scale = degrees / SIZE.width;
  return {
    crval: [ra, dec],
    crpix: [450.5, 300.5],
    cd: [
      [-scale, 0],
      [0, -scale],
    ],
    ...SIZE,
    ...parts,
  };
}

const ORION_NEBULA = fieldOf(83.82, -5.39, 3);
const ORION = fieldOf(83.8, 0, 40);

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** The page at a job that was solved as `wcs` says. */
async function openSolved(wcs: Wcs, context: Parameters<Browser['newContext']>[0] = {}) {
  const opened = await openPage(browser, {}, context);
  const { solver, jobs, page, server } = opened;
  solver.wcs = wcs;
  const picture = sharp({ create: { ...SIZE, channels: 3, background: '#112' } });
  const { job_id } = await jobs.submit(await picture.png().toBuffer(), {}, { filename: 'field.png' });
  await jobs.wait(job_id, { timeout: 30 });
  // The list of the page is older than the job: its address has it fetched, and not the next look at the list.
  await Promise.all([
    page.waitForRequest(`${server.url}api/v1/jobs/${job_id}`),
    page.goto(`${server.url}#${job_id}`),
  ]);
  await page.locator('.viewer-overlay #compass').waitFor({ state: 'attached' });
  return { ...opened, job_id };
}

const titles = (page: Page) => page.locator('.viewer-overlay title').allTextContents();

/** A point of the screen over a pixel of the picture as it is fitted; FITS pixels count from 1 at the centre of the first. */
async function screenPoint(page: Page, x: number, y: number) {
  const box = (await page.locator('.viewer-image').boundingBox())!;
  return {
    x: box.x + ((x - 0.5) * box.width) / SIZE.width,
    y: box.y + ((y - 0.5) * box.height) / SIZE.height,
  };
}

describeWith(['chromium'], 'a solved job on the page', () => {
  it('is headed by its subject and told in a sentence', async () => {
    const { page, complaints } = await openSolved(ORION_NEBULA);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toMatch(
      /^M 42 Orion Nebula field\.png$/,
    );
    await page.getByText('An emission nebula in Orion, in 3° × 2° of sky; north is up.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('is drawn as files are: names, colours, outlines, constellations', async () => {
    const { page, jobs, job_id, complaints } = await openSolved(ORION);
    await page.locator('#constellations path').first().waitFor({ state: 'attached' });
    expect(await page.locator('#constellations text').allTextContents()).toContain('Orion');
    const svg = (await jobs.annotate(job_id, { format: 'svg' })).toString('utf8');
    const inFile = [...svg.matchAll(/<title>([^<]*)<\/title>/g)].map(([, title]) => title);
    const here = await titles(page);
    // The file is larger and has space for more names; what stands out most is in both.
    expect(here.length).toBeGreaterThan(20);
    for (const name of ['Rigel', 'Betelgeuse', 'M 42 Orion Nebula']) {
      expect(inFile).toContain(name);
      expect(here).toContain(name);
    }
    expect(here.filter((title) => !inFile.includes(title)).length).toBeLessThan(here.length / 3);
    const cluster = page.locator('.viewer-overlay [stroke-dasharray]').last();
    expect(await cluster.count()).toBe(1);
    const marker = page.locator('.viewer-overlay g', {
      has: page.locator('title', { hasText: 'M 42 Orion Nebula' }),
    });
    expect(await marker.last().locator('text').first().getAttribute('fill')).toBe(
      paletteOf('standard').kinds.nebula,
    );
    await page.getByRole('button', { name: 'Colour-blind palette' }).click();
    await expect
      .poll(() => marker.last().locator('text').first().getAttribute('fill'))
      .toBe(paletteOf('color-blind').kinds.nebula);
    expect(complaints).toEqual([]);
  });

  it('shows and hides layers, and remembers them', async () => {
    const { page } = await openSolved(ORION);
    const ecliptic = page.locator('.viewer-overlay #equator');
    expect(await ecliptic.count()).toBe(0);
    await page.getByRole('button', { name: 'Equator' }).click();
    await ecliptic.waitFor({ state: 'attached' });
    await page.getByRole('button', { name: /^Grid/ }).click();
    await page.locator('.viewer-overlay #grid').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Stars/ }).click();
    await page.locator('.viewer-overlay #objects-stars').waitFor({ state: 'detached' });
    expect(await page.locator('.objects tr:visible', { hasText: 'Rigel' }).count()).toBe(0);
    await page.reload();
    await page.locator('.viewer-overlay #equator').waitFor({ state: 'attached' });
    expect(await page.locator('.viewer-overlay #objects-stars, .viewer-overlay #grid').count()).toBe(0);
  });

  it.each([
    [
      'mirrored',
      fieldOf(201, 47, 2, {
        cd: [
          [2 / 900, 0],
          [0, -2 / 900],
        ],
      }),
    ],
    [
      'distorted',
      fieldOf(10.7, 41.3, 4, {
        sip: { a: [[0, 0, 2e-5], [0, 0], [3e-5]], b: [[0, 0, -3e-5], [0, 1e-5], [0]] },
      }),
    ],
    ['all-sky', fieldOf(120, 52, 240, { projection: 'ARC', circle: { x: 450.5, y: 300.5, radius: 290 } })],
  ])('tells coordinates under the pointer of a %s picture', async (_, wcs) => {
    const { page, complaints } = await openSolved(wcs);
    for (const [x, y] of [
      [450.5, 300.5],
      [330, 200],
      [600, 450],
    ] as const) {
      const at = await screenPoint(page, x, y);
      await page.mouse.move(at.x, at.y);
      await expect.poll(() => page.locator('.pixel').textContent()).toMatch(new RegExp(`x ${Math.floor(x)}`));
      const text = (await page.locator('.coordinates').nth(1).textContent())!;
      const pixel = (await page.locator('.pixel').textContent())!;
      const [px = 0, py = 0] = [...pixel.matchAll(/[\d.]+/g)].map(Number);
      const [ra, dec] = pixelToSky(wcs, px, py);
      const [shownRa = 0, shownDec = 0] = text.split(' ').map(Number);
      // The pixel is told to a tenth.
      const tenth = 0.1 * Math.hypot(wcs.cd[0][0], wcs.cd[1][1]);
      expect(Math.abs(shownDec - dec)).toBeLessThan(tenth);
      expect(Math.abs(shownRa - ra) * Math.cos((dec * Math.PI) / 180)).toBeLessThan(tenth);
    }
    expect(complaints).toEqual([]);
  });

  it('says nothing of the sky where an all-sky picture shows none', async () => {
    const wcs = fieldOf(120, 52, 240, { projection: 'ARC', circle: { x: 450.5, y: 300.5, radius: 290 } });
    const { page } = await openSolved(wcs);
    const corner = await screenPoint(page, 850, 300);
    await page.mouse.move(corner.x, corner.y);
    await page.locator('.pixel').waitFor();
    expect(await page.locator('.coordinates').first().isVisible()).toBe(false);
  });

  it('holds coordinates and copies them, in hours and in degrees, by mouse and by keys', async () => {
    const { page } = await openSolved(ORION_NEBULA, { permissions: ['clipboard-read', 'clipboard-write'] });
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    const at = await screenPoint(page, 100, 500);
    await page.mouse.click(at.x, at.y);
    await page.mouse.move(at.x + 60, at.y - 40);
    const [hours, degrees] = [page.locator('.coordinates').first(), page.locator('.coordinates').nth(1)];
    await hours.click();
    await page.getByText('Copied', { exact: true }).waitFor();
    expect(await clipboard()).toMatch(/^05h 39m \d\d\.\ds −06° \d\d′ \d\d″$/);
    await page.locator('.stage').focus();
    await page.keyboard.press('Enter');
    await degrees.focus();
    await page.keyboard.press('Enter');
    await expect.poll(clipboard).toMatch(/^83\.8[12]\d{3} -5\.3[89]\d{3}$/);
  });

  it('leads to Aladin, SIMBAD and Stellarium by coordinates', async () => {
    const { page, foreign } = await openSolved(ORION_NEBULA);
    const about = page.getByRole('complementary');
    const of = async (name: string) =>
      decodeURIComponent(
        (await about.getByRole('link', { name, exact: true }).first().getAttribute('href')) ?? '',
      );
    expect(await of('Aladin')).toMatch(
      /^https:\/\/aladin\.\S+target=83\.8200\d\d -5\.3900\d\d&fov=(2\.99|3\.0)/,
    );
    expect(await of('SIMBAD')).toMatch(/^https:\/\/simbad\.\S+Coord=83\.8200\d\d -5\.3900\d\d&CooFrame=ICRS/);
    expect(await of('Stellarium Web')).toMatch(/skysource\/M42\?fov=/);
    expect(await of('Stellarium script')).toMatch(/moveToRaDecJ2000\("83\.8200\d\d", "-5\.3900\d\d"/);
    expect(foreign).toEqual([]);
  });

  it('sorts its objects by every column', async () => {
    const { page } = await openSolved(ORION);
    const column = async (n: number) =>
      (await page.locator(`.objects tbody tr td:nth-child(${n})`).allTextContents())
        .filter((text) => text !== '')
        .map((text) => Number(text.replace('−', '-')));
    const magnitude = page.getByRole('columnheader', { name: /Mag/ });
    await magnitude.getByRole('button').click();
    expect(await magnitude.getAttribute('aria-sort')).toBe('ascending');
    const rising = await column(3);
    expect(rising.length).toBeGreaterThan(10);
    expect(rising).toEqual(rising.toSorted((a, b) => a - b));
    await magnitude.getByRole('button').click();
    expect(await column(3)).toEqual(rising.toReversed());
    for (const name of ['Object', 'Type', 'Size', 'From centre']) {
      const heading = page.getByRole('columnheader', { name: new RegExp(name) });
      const before = await page.locator('.objects tbody th').allTextContents();
      await heading.getByRole('button').click();
      expect(await heading.getAttribute('aria-sort')).toBe('ascending');
      expect(await page.locator('.objects tbody th').allTextContents()).not.toEqual(before);
    }
  });

  it('finds an object by name, and lights it up in list and picture from either side', async () => {
    const { page } = await openSolved(ORION_NEBULA);
    const ring = page.locator('.viewer-overlay .highlight');
    await page.getByRole('searchbox', { name: 'Find an object' }).fill('running man');
    await ring.getByText('NGC 1977').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^NGC 1977 Running Man Nebula$/ }).waitFor();
    await page.getByRole('searchbox', { name: 'Find an object' }).fill('');
    await page.locator('.objects tbody tr', { hasText: 'M 43' }).first().hover();
    await ring.getByText('M 43').waitFor();
    // From the picture: over the middle of M 43.
    await page.locator('.objects tbody tr', { hasText: 'NGC 1977' }).first().click();
    const box = (await page
      .locator('.viewer-overlay text', { hasText: /^M 43$/ })
      .first()
      .boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await expect.poll(() => page.locator('.objects tr.chosen').textContent()).toContain('M 43');
  });

  it('is zoomed by wheel, keys and two fingers, and drawn anew at each zoom', async () => {
    const { page } = await openSolved(ORION_NEBULA, { hasTouch: true });
    const width = async () => (await page.locator('.viewer-image').boundingBox())!.width;
    const fitted = await width();
    const stage = (await page.locator('.stage').boundingBox())!;
    const middle = { x: stage.x + stage.width / 2, y: stage.y + stage.height / 2 };
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.wheel(0, -500);
    await expect.poll(width).toBeGreaterThan(fitted * 1.8);
    // Names are of the same size as before.
    await expect
      .poll(() =>
        page
          .locator('.viewer-overlay')
          .evaluate((svg: { style: { transform: string } }) => svg.style.transform),
      )
      .toBe('translate(0px, 0px) scale(1)');
    await page.locator('.stage').focus();
    await page.keyboard.press('0');
    await expect.poll(width).toBeCloseTo(fitted, 0);
    const session = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', spread: number) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints:
          type === 'touchEnd'
            ? []
            : [
                { x: middle.x - spread, y: middle.y },
                { x: middle.x + spread, y: middle.y },
              ],
      });
    await touch('touchStart', 40);
    for (const spread of [60, 80, 100, 120]) await touch('touchMove', spread);
    await touch('touchEnd', 0);
    await expect.poll(width).toBeGreaterThan(fitted * 2);
    const left = async () => (await page.locator('.viewer-image').boundingBox())!.x;
    const pinched = await width();
    await page.keyboard.press('-');
    await expect.poll(width).toBeLessThan(pinched);
    const before = await left();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(left).toBeGreaterThan(before);
    const moved = await left();
    await page.keyboard.press('ArrowRight');
    await expect.poll(left).toBeLessThan(moved);
  });

  it.each([
    ['a desktop', { viewport: { width: 1280, height: 800 } }],
    ['a phone', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }],
  ])('writes no name under the buttons of %s', async (_, context) => {
    const { page } = await openSolved(ORION, context);
    await page
      .locator('.viewer-overlay text', { hasText: 'Betelgeuse' })
      .first()
      .waitFor({ state: 'attached' });
    const buttons = (await page.locator('.zoom').boundingBox())!;
    const boxes = await page
      .locator('.viewer-overlay text')
      .evaluateAll(
        (texts: { getBoundingClientRect(): { x: number; y: number; width: number; height: number } }[]) =>
          texts.map((text) => {
            const { x, y, width, height } = text.getBoundingClientRect();
            return { x, y, width, height };
          }),
      );
    expect(boxes.length).toBeGreaterThan(10);
    const under = boxes.filter(
      ({ x, y, width, height }) =>
        x < buttons.x + buttons.width &&
        buttons.x < x + width &&
        y < buttons.y + buttons.height &&
        buttons.y < y + height,
    );
    expect(under).toEqual([]);
  });

  it('has an address for each of its parts: reload and back lead there', async () => {
    const { page, job_id } = await openSolved(ORION_NEBULA);
    const selected = () => page.getByRole('tab', { selected: true }).textContent();
    await page.getByRole('tab', { name: 'Solution' }).click();
    expect(new URL(page.url()).hash).toBe(`#${job_id}/solution`);
    await page.getByText('How it is known').waitFor();
    await page.getByRole('tab', { name: 'Capture' }).click();
    await page.reload();
    await page.getByRole('tab', { name: 'Capture' }).waitFor();
    expect(await selected()).toBe('Capture');
    await page.goBack();
    await expect.poll(selected).toBe('Solution');
    await page.goForward();
    await expect.poll(selected).toBe('Capture');
  });

  it('offers the drawing in every style and in the colours that are chosen', async () => {
    const { page } = await openSolved(ORION_NEBULA);
    await page.getByRole('tab', { name: 'Files' }).click();
    const address = async (name: string) =>
      new URL((await page.getByRole('link', { name }).getAttribute('href'))!, page.url());
    expect((await address('Annotated picture, PNG')).search).toBe('?style=overlay&palette=standard');
    await page.getByLabel('Annotated as').selectOption({ label: 'Finder chart' });
    await page.getByRole('button', { name: 'Colour-blind palette' }).click();
    const chart = await address('Annotated picture, SVG');
    expect(chart.search).toBe('?style=chart&palette=color-blind');
    const answer = await fetch(chart);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect(await answer.text()).toContain('<g id="magnitudes">');
    expect((await address('Result document')).search).toBe('');
  });

  it('calls the constellation by its name', async () => {
    const { page } = await openSolved(ORION);
    await page.getByText(/^The constellation Orion, in /).waitFor();
    await page.getByRole('tab', { name: 'Solution' }).click();
    await page.getByRole('row', { name: 'Constellation Orion' }).waitFor();
  });

  it('shows a list of stars as dots of their brightness', async () => {
    const { page, jobs, solver, server } = await openPage(browser);
    solver.wcs = fieldOf(83.82, -5.39, 3);
    const list = ['x,y,flux', '200,150,10000', '700,450,400', '450,300,30'].join('\n');
    const { job_id } = await jobs.submit(
      Buffer.from(list),
      { image_width: SIZE.width, image_height: SIZE.height },
      { filename: 'stars.csv' },
    );
    await jobs.wait(job_id, { timeout: 30 });
    await page.goto(`${server.url}#${job_id}`);
    await page.locator('.viewer-image').waitFor();
    const answer = await fetch(`${server.url}api/v1/jobs/${job_id}/preview.jpg?width=900`);
    const { data, info } = await sharp(Buffer.from(await answer.arrayBuffer()))
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    // Rows of a list count from below, as in FITS.
    const lit = (x: number, y: number) => {
      let sum = 0;
      for (let dy = -12; dy <= 12; dy++)
        for (let dx = -12; dx <= 12; dx++) {
          const [column, row] = [
            Math.round((x * info.width) / SIZE.width) + dx,
            Math.round(((SIZE.height - y) * info.height) / SIZE.height) + dy,
          ];
          if (column >= 0 && row >= 0 && column < info.width && row < info.height)
            sum += (data[row * info.width + column] ?? 0) / 255;
        }
      return sum;
    };
    expect(lit(200, 150)).toBeGreaterThan(2 * lit(450, 300));
    expect(lit(450, 300)).toBeGreaterThan(1);
    expect(lit(330, 100)).toBeLessThan(0.5);
  });
});
