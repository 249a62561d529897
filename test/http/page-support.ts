import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { ServeOptions } from '../../src/http/index.js';
import { scriptedSolver, smallPicture } from './support.js';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
if (!existsSync(DIST)) throw new Error('These tests look at the built page: `npm run build` first');

/** The built package, with a scripted solver; closed with the test. */
export async function servePage(options: ServeOptions = {}) {
  const { AstroJobs, MemoryJobStore } = await import(join(DIST, 'index.js'));
  const { serve } = await import(join(DIST, 'http/index.js'));
  const solver = scriptedSolver();
  const jobs = new AstroJobs({ store: new MemoryJobStore(), solver, concurrency: 1 });
  const server = await serve(jobs, { port: 0, ...options });
  onTestFinished(async () => {
    await server.close({ graceSeconds: 0.5 });
    await jobs.close();
  });
  return { solver, jobs, server };
}

/** The same with its page open in a browser; whatever that complains about fails the test. */
export async function openPage(
  browser: Browser,
  options: ServeOptions = {},
  context: Parameters<Browser['newContext']>[0] = {},
) {
  const served = await servePage(options);
  const { server } = served;
  const tab = await browser.newContext(context);
  onTestFinished(() => tab.close());
  const page = await tab.newPage();
  const complaints: string[] = [];
  const foreign: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(server.url))
      foreign.push(request.url());
  });
  await page.goto(server.url);
  return { ...served, page, complaints, foreign };
}

/** Chooses pictures of these names in the page. */
export async function choose(page: Page, ...names: string[]) {
  const files = await Promise.all(
    names.map(async (name) => ({ name, mimeType: 'image/png', buffer: await smallPicture() })),
  );
  await page.locator('input[type=file]:not([webkitdirectory])').first().setInputFiles(files);
}
