import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerOf } from '../http/support.js';
import { keyedServer } from './support.js';

describe('two keys', () => {
  it('with one Idempotency-Key have two jobs, and learn nothing of each other', async () => {
    const { issue, send } = await keyedServer();
    const [ann, bob] = [await issue('submit'), await issue('submit')];
    const headers = { 'idempotency-key': 'night-1' };
    const [first, again, other] = [
      await answerOf(send(ann.key, '/jobs', headers)),
      await answerOf(send(ann.key, '/jobs', headers)),
      await answerOf(send(bob.key, '/jobs?downsample=4', headers)),
    ];
    expect(again.job_id).toBe(first.job_id);
    expect(other).toMatchObject({ ok: true, params: { downsample: 4 } });
    expect(other.job_id).not.toBe(first.job_id);
  });

  it('have a budget each, from one address', async () => {
    const { issue, send } = await keyedServer({ limits: { submitsPerMinute: 2 } });
    const [ann, bob] = [await issue('submit'), await issue('submit')];
    const statuses: number[] = [];
    for (const { key } of [ann, ann, ann, bob]) statuses.push((await send(key)).status);
    expect(statuses).toEqual([202, 202, 429, 202]);
  });

  it('own the jobs that they submit', async () => {
    const { issue, send, jobs } = await keyedServer();
    const { id, key } = await issue('submit');
    const { job_id } = await answerOf(send(key));
    expect((await jobs.status(job_id)).rate_key).toBe(id);
  });

  it('have webhooks signed with a secret each', async () => {
    const deliveries: { headers: Record<string, string>; body: string }[] = [];
    const receiver = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString();
      deliveries.push({ headers: request.headers as Record<string, string>, body });
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void receiver.close());
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    const { issue, send, ask } = await keyedServer({
      webhooks: { perJob: true, allowPrivateAddresses: true, secret: 'of the server' },
    });
    const [ann, bob] = [await issue('submit'), await issue('submit')];
    const secretOf = async (key: string) =>
      ((await (await ask(key, '/caller')).json()) as { webhook_secret: string }).webhook_secret;
    await send(ann.key, `/jobs?webhook=${encodeURIComponent(url)}`);
    await expect.poll(() => deliveries.length, { timeout: 20_000 }).toBe(1);
    const { headers, body } = deliveries[0]!;
    expect(new Webhook(await secretOf(ann.key)).verify(body, headers)).toMatchObject({ type: 'job.done' });
    for (const wrong of [
      new Webhook(await secretOf(bob.key)),
      new Webhook('of the server', { format: 'raw' }),
    ])
      expect(() => wrong.verify(body, headers)).toThrow('No matching signature');
  });
});
