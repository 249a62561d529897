import type { Browser } from 'playwright-core';
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

describeWith(['chromium'], 'a job on the page while it runs', () => {
  it('moves up in the queue, tells its stage and each attempt as it ends, and is cancelled', async () => {
    const { page, solver, jobs, server, complaints } = await openPage(browser);
    solver.behaviour = 'hang';
    const submit = async (filename: string) =>
      (await jobs.submit(await smallPicture(), {}, { filename })).job_id;
    const [first, second, third] = [await submit('1.png'), await submit('2.png'), await submit('3.png')];
    await page.goto(`${server.url}#${third}`);
    await page.getByRole('heading', { name: 'Waiting for its turn' }).waitFor();
    await page.getByText(/^Number 2 in the queue/).waitFor();
    await jobs.cancel(first);
    await page.getByText(/^Number 1 in the queue/).waitFor();
    const before = solver.context;
    await jobs.cancel(second);

    await page.getByRole('heading', { name: 'Solving' }).waitFor();
    await expect.poll(() => solver.context !== before).toBe(true);
    const bar = page.getByRole('progressbar', { name: 'Progress' });
    await expect.poll(() => bar.getAttribute('value')).toBe('0.5');
    const attempts = page.getByRole('table', { name: 'Attempts' }).getByRole('row');
    expect(await attempts.count()).toBe(0);
    solver.context?.onAttempt?.({
      name: 'exif-scale',
      reason: 'the scale of the EXIF',
      seconds: 1.25,
      outcome: 'no_solution',
    });
    await attempts.getByText('the scale of the EXIF').waitFor();
    solver.context?.onAttempt?.({
      name: 'blind',
      reason: 'nothing is known',
      seconds: 3,
      outcome: 'crashed',
    });
    await attempts.getByText('nothing is known').waitFor();
    expect(await attempts.allTextContents()).toEqual([
      'the scale of the EXIFno solution, 1.3 s',
      'nothing is knowncrashed, 3.0 s',
    ]);
    // The stage goes on, and what was tried stays.
    solver.context?.onProgress({ stage: 'identifying' });
    await page.getByRole('heading', { name: 'Identifying' }).waitFor();
    expect(await attempts.count()).toBe(2);
    expect((await jobs.status(third)).progress).toMatchObject({
      solve_attempts: [{ name: 'exif-scale' }, { name: 'blind' }],
    });

    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
    expect(await jobs.status(third)).toMatchObject({ state: 'error', error: { code: 'cancelled' } });
    expect(complaints).toEqual([]);
  });
});
