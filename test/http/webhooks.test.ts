import { createHmac } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHandler } from '../../src/http/index.js';
import { answerOf, smallPicture, testServer } from './support.js';

interface Delivery {
  headers: Record<string, string>;
  body: string;
}

/** Answers with these codes in turn, then with 204; `arrived` resolves when so many deliveries have come. */
async function receiver(codes: number[] = []) {
  const deliveries: Delivery[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      deliveries.push({ headers: request.headers as Record<string, string>, body });
      response.writeHead(codes.shift() ?? 204).end();
      for (const ring of waiting.splice(0)) ring();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    deliveries,
    async arrived(count: number) {
      while (deliveries.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

const post = async (url: string) =>
  fetch(url, {
    method: 'POST',
    body: new Uint8Array(await smallPicture()),
    headers: { 'content-type': 'application/octet-stream' },
  });

describe('webhooks', () => {
  it('and event streams carry the tags and metadata of the job', async () => {
    const hook = await receiver();
    const { api } = await testServer({ webhooks: { urls: [hook.url], secret: 'whsec' } });
    const given = { tags: ['night-3', 'M 42'], metadata: { observer: 'me', frame: 7 } };
    const query = new URLSearchParams({ tags: 'night-3, M 42', metadata: JSON.stringify(given.metadata) });
    const { job_id } = await answerOf(post(`${api}/jobs?${query}`));
    await hook.arrived(1);
    expect(JSON.parse(hook.deliveries[0]!.body)).toMatchObject({
      type: 'job.done',
      data: { job_id, state: 'done', ...given },
    });
    const events = await (await fetch(`${api}/jobs/${job_id}/events`)).text();
    const [data] = events.split('\n').filter((line) => line.startsWith('data: '));
    expect(JSON.parse(data!.slice('data: '.length))).toMatchObject({ job_id, ...given });
  });

  it('tell of the end, signed, and again until they are heard', async () => {
    const hook = await receiver([500, 302]);
    const { api } = await testServer({
      webhooks: { urls: [hook.url], secret: 'whsec', retrySeconds: [0.05, 0.05, 0.05] },
    });
    const { job_id } = await answerOf(post(`${api}/jobs`));
    await hook.arrived(3);
    const [first, , third] = hook.deliveries;
    expect(JSON.parse(third!.body)).toMatchObject({ type: 'job.done', data: { job_id, state: 'done' } });
    expect(third!.body).not.toContain('rate_key');
    expect(third!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    const { headers, body } = third!;
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', 'whsec').update(signed).digest('base64')}`,
    );
    expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
  });

  it('tell of failures too, to the URL that the caller named, once for a repeated submit', async () => {
    const hook = await receiver();
    const { api, solver } = await testServer({
      webhooks: { perJob: true, allowPrivateAddresses: true, secret: 's' },
    });
    solver.behaviour = 'fail';
    const send = async () =>
      fetch(`${api}/jobs?webhook=${encodeURIComponent(hook.url)}`, {
        method: 'POST',
        body: new Uint8Array(await smallPicture()),
        headers: { 'idempotency-key': 'k', 'content-type': 'x/y' },
      });
    await Promise.all([send(), send()]);
    await hook.arrived(1);
    expect(JSON.parse(hook.deliveries[0]!.body)).toMatchObject({
      type: 'job.failed',
      data: { error: { code: 'no_solution' } },
    });
    expect(hook.deliveries).toHaveLength(1);
  });

  it('never lead a stranger into the private network', async () => {
    const hook = await receiver();
    const logged: string[] = [];
    const logger = {
      debug() {},
      info() {},
      warn: (_: object, line: string) => logged.push(line),
      error: (fields: object) => logged.push(JSON.stringify(fields)),
    };
    const { api, jobs } = await testServer({
      logger,
      webhooks: { perJob: true, secret: 's', retrySeconds: [] },
    });
    const { job_id } = await answerOf(post(`${api}/jobs?webhook=${encodeURIComponent(hook.url)}`));
    await jobs.wait(job_id, { timeout: 30 });
    await expect.poll(() => logged.join()).toContain('private or local address');
    expect(hook.deliveries).toEqual([]);
    expect((await post(`${api}/jobs?webhook=javascript:alert(1)`)).status).toBe(400);
  });

  it('to a receiver that answers without end read little of it', async () => {
    let sent = 0;
    const closed = new Promise<void>((resolve) => {
      const endless = createServer((_, response) => {
        response.once('close', resolve).on('error', () => {});
        const go = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
          response.once('drain', go);
        };
        go();
      });
      endless.listen(0, '127.0.0.1', async () => {
        const { port } = endless.address() as AddressInfo;
        const { api } = await testServer({
          webhooks: { urls: [`http://127.0.0.1:${port}/`], secret: 's', timeoutSeconds: 300 },
        });
        await post(`${api}/jobs`);
      });
      onTestFinished(() => {
        endless.closeAllConnections();
        endless.close();
      });
    });
    await closed;
    expect(sent).toBeLessThan(100 * 1024 ** 2);
  });

  it('outlive the process when they have a folder', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'webhooks-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const hook = await receiver();
    const webhooks = { urls: [hook.url], secret: 's', dir };
    const { jobs, solver } = await testServer();
    solver.behaviour = 'hang';
    const first = createHandler(jobs, { webhooks });
    const request = new Request('http://localhost/api/v1/jobs', {
      method: 'POST',
      body: new Uint8Array(await smallPicture()),
      headers: { 'content-type': 'x/y' },
    });
    const { job_id } = await answerOf(first(request));
    await first.close();
    expect(await readdir(dir)).toHaveLength(1);
    await jobs.cancel(job_id);
    const second = createHandler(jobs, { webhooks });
    onTestFinished(() => second.close());
    await hook.arrived(1);
    expect(JSON.parse(hook.deliveries[0]!.body)).toMatchObject({
      type: 'job.failed',
      data: { job_id, error: { code: 'cancelled' } },
    });
    await expect.poll(() => readdir(dir)).toEqual([]);
  });
});
