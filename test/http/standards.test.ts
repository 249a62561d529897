import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { signWebhook } from '../../src/http/index.js';
import { answerOf, smallPicture, testServer } from './support.js';

const upload = async (url: string, body: Uint8Array, key: string) =>
  fetch(url, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': 'application/octet-stream', 'idempotency-key': key },
  });

describe('a refusal', () => {
  it('is a problem of RFC 9457 with the members of every failure, and its type leads to an explanation', async () => {
    const { api, url } = await testServer({ basePath: '/astro' });
    const id = '0'.repeat(32);
    const response = await fetch(`${api}/jobs/${id}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json',
    ]);
    const problem = (await response.json()) as { type: string };
    expect(problem).toEqual({
      type: '/astro/api/v1/problems/not_found',
      title: 'Not Found',
      status: 404,
      detail: 'Job not found',
      ok: false,
      error: 'Job not found',
      error_code: 'not_found',
      job_id: id,
    });
    expect(await (await fetch(new URL(problem.type, url))).json()).toMatchObject({
      ok: true,
      code: 'not_found',
      status: 404,
      what: expect.any(String),
    });
    expect((await fetch(`${api}/problems/toString`)).status).toBe(404);
    expect(await (await fetch(`${api}/problems/rate_limited`)).json()).toMatchObject({ status: 429 });
  });
});

describe('an Idempotency-Key', () => {
  it('gives the same job for the same request, and refuses any other', async () => {
    const { api, jobs } = await testServer();
    const picture = await smallPicture();
    const other = Buffer.from(picture);
    other.writeUInt8(other.readUInt8(other.length - 1) ^ 1, other.length - 1);
    const { job_id } = await answerOf(upload(`${api}/jobs?downsample=4`, picture, 'k'));
    expect((await answerOf(upload(`${api}/jobs?downsample=4`, picture, 'k'))).job_id).toBe(job_id);
    const longer = Buffer.concat([picture, Buffer.from('x')]);
    for (const [query, image] of [
      ['?downsample=4', other],
      ['?downsample=4', longer],
      ['?downsample=4', Buffer.from('this is no image')],
      ['?downsample=2', picture],
      ['', picture],
    ] as const) {
      const refused = await upload(`${api}/jobs${query}`, image, 'k');
      expect([refused.status, (await answerOf(refused)).error_code]).toEqual([422, 'idempotency_key_reused']);
    }
    const asked = '?downsample=4&tags=a,b&metadata={"by":"me","n":1}&exports=ds9,png&filename=m42.png';
    const first = await answerOf(upload(`${api}/jobs${asked}`, picture, 'whole'));
    await jobs.wait(String(first.job_id));
    for (const query of [
      asked,
      asked.replace('{"by":"me","n":1}', '{"n":1,"by":"me"}'),
      asked.replace('m42.png', 'm42.png&timeout=600'),
    ])
      expect((await answerOf(upload(`${api}/jobs${query}`, picture, 'whole'))).job_id).toBe(first.job_id);
    for (const [one, another] of [
      ['a,b', 'a'],
      ['"n":1', '"n":2'],
      ['ds9,png', 'ds9'],
      ['m42', 'm43'],
    ] as const)
      expect((await upload(`${api}/jobs${asked.replace(one, another)}`, picture, 'whole')).status).toBe(422);
    expect((await jobs.list()).jobs).toHaveLength(2);
    expect((await upload(`${api}/jobs?downsample=2`, other, 'another')).status).toBe(202);
  });

  it('sent twice at once gives one job, whoever comes first', async () => {
    const { api, jobs } = await testServer();
    const picture = await smallPicture();
    const longer = Buffer.concat([picture, Buffer.from('x')]);
    const statuses = await Promise.all(
      [picture, longer, picture].map(async (body) => (await upload(`${api}/jobs`, body, 'k')).status),
    );
    expect(statuses.filter((status) => status === 202).length).toBeGreaterThan(0);
    expect(statuses.filter((status) => status === 422).length).toBeGreaterThan(0);
    expect((await jobs.list()).jobs).toHaveLength(1);
  });
});

describe('an answer that is known already', () => {
  it.each([
    'result',
    'geometry',
    'preview.jpg',
    'annotated.jpg',
    'annotated.svg',
    'new.fits',
    'image',
    'files/solution.wcs',
  ])('%s is 304', async (path) => {
    const { api, settle } = await testServer();
    const address = `${api}/jobs/${await settle()}/${path}`;
    const first = await fetch(address);
    const etag = first.headers.get('etag') ?? '';
    expect([first.status, etag]).toEqual([200, expect.stringMatching(/^(W\/)?"[^"]+"$/)]);
    await first.arrayBuffer();
    const again = await fetch(address, { headers: { 'if-none-match': `"other", ${etag}` } });
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, '']);
    expect((await fetch(address, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('is told from another job and another size', async () => {
    const { api, settle } = await testServer();
    const tagOf = async (path: string) => (await fetch(`${api}/jobs/${path}`)).headers.get('etag');
    const [one, two] = [await settle(), await settle()];
    const tags = [`${one}/preview.jpg`, `${one}/preview.jpg?width=50`, `${two}/preview.jpg`];
    expect(new Set(await Promise.all(tags.map(tagOf))).size).toBe(tags.length);
  });
});

describe('a list', () => {
  it('links to its next page, which keeps filter and limit', async () => {
    const { api, url, settle } = await testServer();
    const ids = [await settle(), await settle(), await settle()];
    const seen: string[] = [];
    let next: string | undefined = `${new URL(api).pathname}/jobs?limit=2&state=done`;
    let pages = 0;
    while (next !== undefined) {
      const response: Response = await fetch(new URL(next, url));
      const link = response.headers.get('link') ?? '';
      expect(link).toContain('</api/v1/jobs?limit=2&state=done>; rel="first"');
      seen.push(...(await answerOf(response)).jobs.map(({ job_id }) => job_id));
      next = /<([^>]+)>; rel="next"/.exec(link)?.[1];
      pages += 1;
    }
    expect(pages).toBe(2);
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });
});

interface Raw {
  headers: Record<string, string | string[] | undefined>;
  bytes: Buffer;
}

/** Without the decoding of `fetch`. */
const raw = (address: string, headers: Record<string, string>) =>
  new Promise<Raw>((resolve, reject) => {
    request(address, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, bytes: Buffer.concat(chunks) }));
    })
      .on('error', reject)
      .end();
  });

describe('JSON and text', () => {
  it('are compressed for who takes that', async () => {
    const { api } = await testServer();
    const address = `${api}/openapi.json`;
    const plain = await raw(address, {});
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.headers.vary).toContain('Accept-Encoding');
    const codings = { br: brotliDecompressSync, gzip: gunzipSync };
    for (const [accepted, coding] of [
      ['gzip', 'gzip'],
      ['gzip, deflate, br', 'br'],
      ['br;q=0.1, gzip', 'gzip'],
      ['*', 'br'],
    ] as const) {
      const { headers, bytes } = await raw(address, { 'accept-encoding': accepted });
      expect([headers['content-encoding'], headers['content-length']]).toEqual([
        coding,
        String(bytes.length),
      ]);
      expect(bytes.length).toBeLessThan(plain.bytes.length / 3);
      expect(codings[coding](bytes).equals(plain.bytes)).toBe(true);
    }
    const refused = await raw(address, { 'accept-encoding': 'br;q=0, identity' });
    expect(refused.headers['content-encoding']).toBeUndefined();
  });

  it('are not where bytes count: pictures, files, parts, events', async () => {
    const { api, settle } = await testServer();
    const id = await settle();
    const headers = { 'accept-encoding': 'gzip, br' };
    for (const path of [
      'image',
      'annotated.jpg',
      'new.fits',
      'files/solution.wcs',
      'files/result.json',
      'events',
    ])
      expect(
        (await raw(`${api}/jobs/${id}/${path}`, headers)).headers['content-encoding'],
        path,
      ).toBeUndefined();
  });

  it('keep their tag through compression', async () => {
    const { url } = await testServer();
    const page = await raw(url, { 'accept-encoding': 'identity' });
    const again = await fetch(url, {
      headers: { 'if-none-match': String(page.headers.etag), 'accept-encoding': 'br' },
    });
    expect(again.status).toBe(304);
  });
});

describe('the signature of a webhook', () => {
  const body = '{"type":"job.done"}';
  const id = 'msg_1';

  it.each([
    ['whsec_ and base64', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', undefined],
    ['text', 'a secret of our own', { format: 'raw' as const }],
  ])('with a secret of %s is what the package standardwebhooks verifies', (_, secret, options) => {
    const seconds = Math.floor(Date.now() / 1000);
    const headers = (signature: string) => ({
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': signature,
    });
    const webhook = new Webhook(secret, options);
    expect(webhook.verify(body, headers(signWebhook(secret, id, seconds, body)))).toEqual({
      type: 'job.done',
    });
    expect(() => webhook.verify(`${body} `, headers(signWebhook(secret, id, seconds, body)))).toThrow();
    expect(() => webhook.verify(body, headers(signWebhook('whsec_AAAA', id, seconds, body)))).toThrow();
  });

  it('needs a key', async () => {
    await expect(testServer({ webhooks: { secret: 'whsec_' } })).rejects.toThrow(/holds no key/);
  });
});
