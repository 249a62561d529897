import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../chromium.js';
import { describeWith } from '../needs.js';
import { choose, openPage } from './page-support.js';

/** Where the functions given to `evaluate` run. */
declare const window: { axe: { run(options: RunOptions): Promise<AxeResults> } };
declare const document: {
  documentElement: { scrollWidth: number; clientWidth: number };
  activeElement: { className: string; textContent: string; getAttribute(name: string): string | null } | null;
};
declare const localStorage: { setItem(name: string, value: string): void };

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const THEMES = ['light', 'dark', 'night'] as const;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations: found } = await page.evaluate(
    (tags) => window.axe.run({ runOnly: { type: 'tag', values: tags } }),
    WCAG,
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

/** Looks at every view of the page in turn. */
async function eachView(page: Page, solver: { behaviour: string }, look: (view: string) => Promise<void>) {
  await page.getByText('Where does this picture look?').waitFor({ state: 'attached' });
  await look('empty');
  solver.behaviour = 'hang';
  await choose(page, 'running.png');
  await page.getByRole('heading', { name: 'Solving' }).waitFor();
  await look('running');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
  await look('cancelled');
  solver.behaviour = 'fail';
  await page.getByRole('button', { name: 'Run it again' }).click();
  await page.getByRole('heading', { name: 'No solution' }).waitFor();
  await look('failed');
  solver.behaviour = 'solve';
  await page.getByRole('button', { name: 'Run it again' }).click();
  await page.locator('.viewer-overlay #compass').waitFor({ state: 'attached' });
  await page.locator('.objects tbody tr').first().click();
  await look('solved');
  for (const name of ['Solution', 'Capture', 'Files']) {
    await page.getByRole('tab', { name }).click();
    await look(name);
  }
  for (const [part, heading] of [
    ['sky', 'The sky'],
    ['queue', 'Jobs and workers'],
  ] as const) {
    await page.goto(new URL(`#${part}`, page.url()).href);
    await page.getByRole('heading', { name: heading }).waitFor();
    await page.waitForLoadState('networkidle');
    await look(part);
  }
}

describeWith(['chromium'], 'the page for everybody', () => {
  it.each(THEMES)(
    'has no violation of WCAG 2.2 AA in its %s colours',
    async (theme) => {
      const { page, solver } = await openPage(browser);
      await page.evaluate((name) => localStorage.setItem('astro-jobs theme', name), theme);
      await page.reload();
      await eachView(page, solver, async (view) => {
        expect(await violations(page), `${theme} ${view}`).toEqual([]);
      });
    },
    180_000,
  );

  it('asks for a key without a violation', async () => {
    const { page } = await openPage(browser, { token: 'sesame' });
    await page.getByLabel('Key or token').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('needs no more width than that of a small phone', async () => {
    const { page, solver } = await openPage(
      browser,
      {},
      { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
    );
    await eachView(page, solver, async (view) => {
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(sideways, view).toBe(0);
      expect(await violations(page), view).toEqual([]);
    });
  });

  it('can be used by keys only', async () => {
    const { page } = await openPage(browser);
    await choose(page, 'keys.png');
    await page.locator('.viewer-overlay #compass').waitFor({ state: 'attached' });
    const focused = () =>
      page.evaluate(() => {
        const { activeElement: element } = document;
        return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
      });
    const reached = new Set<string>();
    await page.locator('.skip').focus();
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      reached.add((await focused()).trim());
    }
    const all = [...reached].join('\n');
    for (const wanted of [
      /arrow keys move/,
      /^Zoom in$/m,
      /^Whole picture$/m,
      /^Grid$/m,
      /^Objects$/m,
      /^Find an object$/m,
      /^Mag$/m,
      /^Aladin$/m,
    ])
      expect(all).toMatch(wanted);
    await page.getByRole('searchbox', { name: 'Find an object' }).focus();
    await page.locator('button.object').first().focus();
    await page.keyboard.press('ArrowDown');
    const second = await page.locator('button.object').nth(1).textContent();
    expect(await focused()).toBe(second);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 3, name: second ?? '' }).waitFor();
  });

  it('turns red at night, pictures too', async () => {
    const { page } = await openPage(browser);
    await choose(page, 'night.png');
    await page.locator('.viewer-overlay #compass').waitFor({ state: 'attached' });
    await page.getByRole('combobox', { name: 'Colours of the page' }).selectOption('Night red');
    const { default: sharp } = await import('sharp');
    const { channels } = await sharp(await page.screenshot()).stats();
    const [red, green, blue] = channels;
    expect(red?.max).toBeGreaterThan(150);
    // Nothing but the edges of letters that are set with subpixels.
    expect(green?.mean).toBeLessThan(3);
    expect(blue?.mean).toBeLessThan(3);
    // Beside the picture it is dark.
    const stage = (await page.locator('.stage').boundingBox())!;
    const beside = { x: stage.x + 2, y: stage.y + stage.height - 12, width: 10, height: 10 };
    const dark = await sharp(await page.screenshot({ clip: beside })).stats();
    expect(dark.channels[0]?.max).toBeLessThan(40);
    await page.reload();
    expect(await page.getByRole('combobox', { name: 'Colours of the page' }).inputValue()).toBe('night');
  });
});
