import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/index.js';
import { createHandler } from '../../src/http/index.js';
import { smallPicture, testServer } from './support.js';

const bytesOf = async () => new Uint8Array(await smallPicture());
const picture = async () => new Blob([await bytesOf()]);

interface Answered {
  ok: boolean;
  error_code?: string;
  jobs: Record<string, unknown>[];
}

async function send(api: string, form: FormData, headers: Record<string, string> = {}) {
  const response = await fetch(`${api}/jobs/batch`, { method: 'POST', body: form, headers });
  return { response, answer: (await response.json()) as Answered };
}

/** Images under their names; a text is a field before those that follow. */
async function formOf(...parts: (string | [name: string, text: string])[]): Promise<FormData> {
  const form = new FormData();
  for (const part of parts) {
    if (typeof part === 'string') form.append('image', await picture(), part);
    else form.append(...part);
  }
  return form;
}

const scratchFolders = async () =>
  (await readdir(tmpdir())).filter((name) => name.startsWith(`astro-jobs-${process.pid}`));

describe('many images in one request', () => {
  it('become jobs in their order, each with the fields before it, and one that is refused costs no other', async () => {
    const { api, jobs } = await testServer();
    const form = await formOf(['tags', 'night-3'], ['scale_low', '1'], 'a.png', ['tags', 'night-4'], 'b.png');
    form.append('image', new Blob(['no image at all']), 'notes.txt');
    form.append('exports', 'ds9');
    form.append('image', await picture(), 'c.png');
    const { response, answer } = await send(api, form);
    expect(response.status).toBe(202);
    expect(response.headers.get('ratelimit')).toMatch(/"submits";r=199\d/);
    expect(answer.jobs).toMatchObject([
      { ok: true, filename: 'a.png', tags: ['night-3'], params: { scale_low: 1 } },
      { ok: true, filename: 'b.png', tags: ['night-4'], params: { scale_low: 1 } },
      { ok: false, filename: 'notes.txt', error_code: 'unsupported_image' },
      { ok: true, filename: 'c.png', exports: [{ format: 'ds9' }] },
    ]);
    for (const { job_id } of answer.jobs.filter(({ ok }) => ok))
      expect(await jobs.wait(String(job_id))).toMatchObject({ ok: true });
    expect(await scratchFolders()).toEqual([]);
  });

  it('give the same jobs for the same key, and are refused one by one for other images', async () => {
    const { api, jobs } = await testServer();
    const key = { 'idempotency-key': 'night' };
    const idsOf = ({ answer }: { answer: Answered }) => answer.jobs.map(({ job_id }) => job_id);
    const first = await send(api, await formOf('a.png', 'b.png'), key);
    expect(idsOf(await send(api, await formOf('a.png', 'b.png'), key))).toEqual(idsOf(first));
    const other = await send(api, await formOf('a.png', ['scale_low', '1'], 'b.png'), key);
    expect(other.answer.jobs).toMatchObject([
      { ok: true, job_id: idsOf(first)[0] },
      { ok: false, error_code: 'idempotency_key_reused' },
    ]);
    expect((await jobs.list()).jobs).toHaveLength(2);
  });

  it.each([
    ['no image', () => formOf(['scale_low', '1']), 400, 'no_image'],
    ['an unknown parameter', () => formOf(['scale', '1'], 'a.png'), 202, 'invalid_params'],
    [
      'too many',
      () => formOf(...Array.from({ length: 1001 }, (_, index) => `${index}.png`)),
      413,
      'too_large',
    ],
    [
      'a webhook where there are none',
      () => formOf(['webhook', 'http://a.example/'], 'a.png'),
      403,
      'webhooks_disabled',
    ],
  ])('leave no job when there is something wrong with the request: %s', async (_, form, status, code) => {
    const { api, jobs } = await testServer();
    const { response, answer } = await send(api, await form());
    expect([response.status, answer.error_code ?? answer.jobs[0]?.error_code]).toEqual([status, code]);
    expect((await jobs.list()).jobs).toEqual([]);
    expect(await scratchFolders()).toEqual([]);
  });

  it('leave no job when the form is cut off, is no form, or there are more than the limits allow', async () => {
    const { jobs, api } = await testServer({ limits: { submitsPerMinute: 2, maxUploadBytes: 4000 } });
    const handler = createHandler(jobs);
    const whole = new Request('http://localhost/', { method: 'POST', body: await formOf('a.png', 'b.png') });
    const type = whole.headers.get('content-type')!;
    const body = (await whole.arrayBuffer()).slice(0, -60);
    const headers = { 'content-type': type };
    const cut = await handler(
      new Request('http://localhost/api/v1/jobs/batch', { method: 'POST', body, headers }),
    );
    expect(await cut.json()).toMatchObject({ ok: false, error_code: 'incomplete_body' });
    await handler.close();
    const raw = await fetch(`${api}/jobs/batch`, { method: 'POST', body: await bytesOf() });
    expect(raw.status).toBe(415);
    expect((await send(api, await formOf('a.png', 'b.png', 'c.png'))).response.status).toBe(429);
    const large = new FormData();
    large.append('image', new Blob([new Uint8Array(5000)]), 'large.png');
    expect((await send(api, large)).response.status).toBe(413);
    expect((await jobs.list()).jobs).toEqual([]);
  });

  it('keep to the limit of jobs, and come from the client', async () => {
    const { url, jobs } = await testServer({}, { limits: { maxJobs: 2 } });
    const client = createClient({ baseUrl: url });
    const three = [
      await picture(),
      [await picture(), 'b.png'] as const,
      new File([await bytesOf()], 'c.png'),
    ];
    const refused = await client.submitMany(three);
    expect(refused.map((one) => (one.ok ? 'ok' : one.error_code))).toEqual(Array(3).fill('too_many_jobs'));
    const made = await client.submitMany(three.slice(1), { scale_low: 1 }, { tags: ['t'], exports: ['ds9'] });
    expect(made).toMatchObject([
      { ok: true, filename: 'b.png', tags: ['t'], params: { scale_low: 1 } },
      { ok: true, filename: 'c.png', exports: [{ format: 'ds9' }] },
    ]);
    expect((await jobs.list({ tag: 't' })).jobs).toHaveLength(2);
  });
});
