import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { PackagedStars } from '../../src/engine/packaged-stars.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { launchChromium } from '../chromium.js';
import { describeWith } from '../needs.js';
import { renderAllSky, skyError } from '../sky/all-sky.js';
import { encodeSky } from '../sky/write.js';
import { serveFiles } from './static-server.js';

if (!existsSync(fileURLToPath(new URL('../../dist/browser/index.js', import.meta.url))))
  throw new Error('These tests look at what is built: `npm run build` first');

/** A page that has what its author has: the module and a picture. */
const pageOf = (module: string) => `<!doctype html><link rel="icon" href="data:,">
  <script type="module">
    import * as browser from '${module}';
    Object.assign(globalThis, browser, {
      orion: await (await fetch('/examples/orion.jpg')).blob(),
      // What a promise is rejected with, as a test can read it.
      failure: (promise) => promise.then(() => 'no failure', (error) => error.code ?? error.message),
    });
    document.title = 'ready';
  </script>`;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/**
 * Opens such a page. Its scripts are text, since they run there and not here.
 * @param origin where the package comes from, when it is not the page's own server
 */
async function openPage(origin = '/') {
  const server = await serveFiles({}, { '/page.html': pageOf(`${origin}dist/browser/index.js`) });
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  onTestFinished(async () => {
    await page.close();
    await server.close();
    expect(errors).toEqual([]);
  });
  const open = async () => {
    await page.goto(`${server.url}page.html`);
    await expect.poll(() => page.title()).toBe('ready');
  };
  await open();
  return { run: <T>(script: string) => page.evaluate<T>(`(async () => { ${script} })()`), open };
}

describeWith(['chromium'], 'PlateSolver', () => {
  it('gives a solution whose parts agree with each other', async () => {
    const { run } = await openPage();
    const answer = await run<Record<string, number>>(`
      const answer = await new PlateSolver({ cache: false }).solve(orion);
      const { wcs, ra_center, dec_center, matches, stars, width, height, log_odds } = answer;
      const [ra, dec] = pixelToSky(wcs, (width + 1) / 2, (height + 1) / 2);
      const offsets = matches.map(({ x, y, ra_deg, dec_deg }) => {
        const place = skyToPixel(wcs, ra_deg, dec_deg);
        return Math.hypot(place[0] - x, place[1] - y);
      });
      const named = matches.every(({ star, x, y }) => stars.x[star] === x && stars.y[star] === y);
      return {
        centre: Math.hypot(ra - ra_center, dec - dec_center), ra_center, dec_center, log_odds,
        worst: Math.max(...offsets), matched: matches.length, named: Number(named), width,
      };
    `);
    expect(answer).toMatchObject({ named: 1, width: 1800 });
    expect(answer.centre).toBeLessThan(1e-9);
    expect(Math.hypot(answer.ra_center! - 84.15, answer.dec_center! + 3)).toBeLessThan(0.05);
    expect(answer.log_odds).toBeGreaterThan(100);
    expect(answer.matched).toBeGreaterThan(50);
    expect(answer.worst).toBeLessThan(6);
  });

  it('solves pixels and bitmaps like files, and says what it is at', async () => {
    const { run } = await openPage();
    const [kinds, stages] = await run<[number[][], string[]]>(`
      const solver = new PlateSolver({ cache: false });
      const bitmap = await createImageBitmap(orion);
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context.drawImage(bitmap, 0, 0);
      const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height);
      const stages = [];
      const onProgress = ({ stage }) => stages.at(-1) !== stage && stages.push(stage);
      const answers = await Promise.all([solver.solve(pixels, { onProgress }), solver.solve(bitmap)]);
      return [answers.map(({ ra_center, dec_center }) => [ra_center, dec_center]), stages];
    `);
    for (const [ra = 0, dec = 0] of kinds) expect(Math.hypot(ra - 84.15, dec + 3)).toBeLessThan(0.05);
    expect(stages).toEqual(['loading_stars', 'making_quads', 'finding_stars', 'searching']);
  });

  it('keeps to the bounds that it is given', async () => {
    const { run } = await openPage();
    const answers = await run<{ solved: boolean; reason?: string; message?: string; dec_center?: number }[]>(`
      const solver = new PlateSolver({ cache: false });
      const ask = (bounds) => solver.solve(orion, { bounds });
      return Promise.all([
        ask({ scale: { low: 100, high: 120 } }),
        ask({ scale: { low: 28, high: 33 }, position: { ra_deg: 84, dec_deg: -2, radius_deg: 5 } }),
        ask({ scale: { low: 0.1, high: 0.2 } }),
      ]);
    `);
    expect(answers[0]).toMatchObject({ solved: false, reason: 'exhausted' });
    expect(answers[0]?.message).toMatch(/^None of the \d+ stars/);
    expect(answers[1]).toMatchObject({ solved: true });
    expect(answers[2]).toMatchObject({ solved: false, reason: 'no_index' });
  });

  it('finds where a fisheye picture looks, after all else', async () => {
    const { catalog } = new PackagedStars(await readFile(new URL('../../data/stars.bin', import.meta.url)));
    const sky = renderAllSky({
      stars: catalog.data,
      seed: 4,
      projection: 'equisolid',
      width: 1000,
      height: 1000,
      parity: -1,
    });
    const jpeg = await encodeSky(sky, { format: 'jpeg' });
    const { run } = await openPage();
    const answer = await run<{ message?: string; projection?: string; wcs?: Wcs }>(`
      const picture = await (await fetch('data:image/jpeg;base64,${jpeg.toString('base64')}')).blob();
      return new PlateSolver({ cache: false }).solve(picture);
    `);
    if (!answer.wcs) throw new Error(answer.message);
    expect(answer.projection).toBe('equisolid');
    expect(answer).not.toHaveProperty('corners');
    expect(skyError(answer.wcs, sky).rms).toBeLessThan(0.05);
  });

  it('keeps quads for the next visit, and makes anew what is damaged', async () => {
    const { run, open } = await openPage();
    const solve = `(await new PlateSolver().solve(orion)).ra_center`;
    const kept = `
      const cache = await caches.open('astro-jobs-quads');
      const sizes = {};
      for (const request of await cache.keys())
        sizes[new URL(request.url).pathname] = (await (await cache.match(request)).blob()).size;
    `;
    expect(await run<number>(`return ${solve}`)).toBeCloseTo(84.15, 1);
    const before = await run<Record<string, number>>(`${kept} return sizes;`);
    expect(Object.keys(before).length).toBe(10);

    await run(`${kept}
      const [first, second] = Object.keys(sizes);
      await cache.put('https://astro-jobs.invalid' + first, new Response('damaged'));
      await cache.delete('https://astro-jobs.invalid' + second);
      await cache.put('https://astro-jobs.invalid/quads-0-1-2.bin', new Response('of an earlier version'));
    `);
    await open();
    expect(await run<number>(`return ${solve}`)).toBeCloseTo(84.15, 1);
    expect(await run<Record<string, number>>(`${kept} return sizes;`)).toEqual(before);
  });

  it('is told to stop, and goes on with the next picture', async () => {
    const { run } = await openPage();
    const [reason, ra] = await run<[string, number]>(`
      const solver = new PlateSolver({ cache: false });
      const controller = new AbortController();
      const stopped = failure(solver.solve(orion, {
        signal: controller.signal,
        onProgress: () => controller.abort(new Error('enough')),
      }));
      const next = solver.solve(orion);
      return [await stopped, (await next).ra_center];
    `);
    expect(reason).toBe('enough');
    expect(ra).toBeCloseTo(84.15, 1);
  });

  it('rejects with a code when it has no stars, and when it is closed', async () => {
    const { run } = await openPage();
    const codes = await run<string[]>(`
      const missing = new PlateSolver({ stars: '/data/none.bin', cache: false });
      const wrong = new PlateSolver({ stars: '/data/font.json', cache: false });
      const closed = new PlateSolver({ cache: false });
      const waiting = failure(closed.solve(orion));
      closed.close();
      return Promise.all([
        failure(missing.solve(orion)), failure(wrong.solve(orion)), waiting, failure(closed.solve(orion)),
      ]);
    `);
    expect(codes).toEqual(['stars_unavailable', 'stars_unavailable', 'worker_failed', 'worker_failed']);
  });

  it('comes from a content delivery network as well', async () => {
    const network = await serveFiles({ 'access-control-allow-origin': '*' });
    onTestFinished(() => network.close());
    const { run } = await openPage(network.url);
    const ra = await run<number>(`return (await new PlateSolver({ cache: false }).solve(orion)).ra_center`);
    expect(ra).toBeCloseTo(84.15, 1);
  });
});
