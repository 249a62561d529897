import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { launchChromium } from '../chromium.js';
import { describeWith } from '../needs.js';
import { smallPicture, testServer } from './support.js';

/** What the page has, where the functions given to `evaluate` run. */
declare const navigator: { sendBeacon(url: string, data: FormData): boolean };
declare const Image: new () => { onload: () => void; onerror: () => void; src: string };

let browser: Browser;
beforeAll(async () => {
  // A name that is led to the server's address after the page was loaded looks like this to the browser.
  browser = await launchChromium('--host-resolver-rules=MAP rebound.example 127.0.0.2');
});
afterAll(() => browser?.close());

/** A page of another site, at another address of this machine: no secure context, as on a local network. */
async function otherSite(): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>other</title><body>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.3', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.3:${(server.address() as AddressInfo).port}/`;
}

describeWith(['chromium'], 'a page of another origin, in a browser', () => {
  it('submits and reads nothing, by any means that a page has', async () => {
    const server = await testServer({ host: '127.0.0.2', nova: true, allowAnonymous: true });
    const id = await server.submit('secret.png');
    await server.jobs.wait(id, { timeout: 30 });
    const page = await (await browser.newContext()).newPage();
    await page.goto(await otherSite());
    const base = new URL('/', server.url).href;
    const picture = [...(await smallPicture())];
    const read = await page.evaluate(
      async ({ base, id, picture }) => {
        const found: string[] = [];
        const bytes = new Uint8Array(picture);
        const form = () => {
          const data = new FormData();
          data.append('image', new Blob([bytes], { type: 'image/png' }), 'sky.png');
          return data;
        };
        const attempt = async (what: string, path: string, init: RequestInit = {}) => {
          try {
            const response = await fetch(base + path, init);
            const text = await response.text();
            if (response.type !== 'opaque' && text !== '') found.push(what);
          } catch {
            // Refused, as it should be.
          }
        };
        await attempt('list', 'api/v1/jobs');
        await attempt('result', `api/v1/jobs/${id}/result`);
        await attempt('form', 'api/v1/jobs', { method: 'POST', body: form() });
        await attempt('form without CORS', 'api/v1/jobs', { method: 'POST', body: form(), mode: 'no-cors' });
        await attempt('bytes', 'api/v1/jobs', { method: 'POST', body: bytes });
        await attempt('nova', 'api/upload', { method: 'POST', body: form(), mode: 'no-cors' });
        navigator.sendBeacon(`${base}api/v1/jobs`, form());
        for (const path of [`api/v1/jobs/${id}/preview.jpg`, `api/v1/jobs/${id}/annotated.svg`]) {
          const image = new Image();
          const loaded = new Promise((resolve) => {
            image.onload = () => resolve(true);
            image.onerror = () => resolve(false);
          });
          image.src = base + path;
          if (await loaded) found.push(path);
        }
        return found;
      },
      { base, id, picture },
    );
    expect(read).toEqual([]);
    // A form needs no script of the page to be read: it takes the visitor there.
    await page.setContent(
      `<form method=post enctype=multipart/form-data action="${base}api/v1/jobs"><input name=image type=file><button></form>`,
    );
    await page
      .locator('input')
      .setInputFiles({ name: 'sky.png', mimeType: 'image/png', buffer: await smallPicture() });
    await Promise.all([page.waitForNavigation(), page.locator('button').click()]);
    expect(await page.textContent('body')).toContain('cross_site');
    expect((await server.jobs.list()).jobs.map(({ job_id }) => job_id)).toEqual([id]);
  });

  it('reads nothing under a name that it leads to this address', async () => {
    const server = await testServer({ host: '127.0.0.2', allowAnonymous: true });
    await server.submit('secret.png');
    const page = await (await browser.newContext()).newPage();
    const { port } = new URL(server.url);
    const response = await page.goto(`http://rebound.example:${port}/api/v1/jobs`);
    expect(response?.status()).toBe(421);
    expect(await page.textContent('body')).not.toContain('secret.png');
  });
});
