import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/index.js';
import type { Grant } from '../../src/http/options.js';
import { FileSystemJobStore, InProcessQueue, MemoryJobStore } from '../../src/index.js';
import { withFolder } from '../worker/scripted.js';
import { answerOf, smallPicture, testServer } from './support.js';

const upload = async (url: string, init: RequestInit = {}) =>
  fetch(url, {
    method: 'POST',
    body: new Uint8Array(await smallPicture()),
    ...init,
    headers: { 'content-type': 'application/octet-stream', ...init.headers },
  });

describe('submitting', () => {
  it('takes the image as the body, parameters in the query', async () => {
    const { api, jobs } = await testServer();
    const response = await upload(
      `${api}/jobs?scale_low=1&scale_high=3.5&use_metadata=false&filename=m%2042.png`,
    );
    expect(response.status).toBe(202);
    const status = await answerOf(response);
    expect(status).toMatchObject({
      ok: true,
      state: 'queued',
      params: { scale_low: 1, scale_high: 3.5, use_metadata: false },
    });
    expect(response.headers.get('location')).toBe(`/api/v1/jobs/${status.job_id}`);
    expect(await (await jobs.image(status.job_id)).read().toArray().then(Buffer.concat)).toEqual(
      await smallPicture(),
    );
    expect(await jobs.wait(status.job_id, { timeout: 30 })).toMatchObject({ ok: true, filename: 'm 42.png' });
  });

  it('takes it as a form, fields before the file', async () => {
    const { api, jobs } = await testServer();
    const form = new FormData();
    form.set('downsample', '4');
    form.set('params', '{"ra": 10, "dec": -5, "radius": 3}');
    form.set('image', new File([new Uint8Array(await smallPicture())], 'Übersicht.png'));
    const status = await answerOf(fetch(`${api}/jobs`, { method: 'POST', body: form }));
    expect(status).toMatchObject({ params: { downsample: 4, ra: 10, dec: -5, radius: 3 } });
    expect((await jobs.image(status.job_id)).size).toBe((await smallPicture()).length);
  });

  it('refuses what comes after the file, and keeps nothing', async () => {
    const { api, jobs } = await testServer();
    const form = new FormData();
    form.set('image', new File([new Uint8Array(await smallPicture())], 'a.png'));
    form.set('downsample', '4');
    const response = await fetch(`${api}/jobs`, { method: 'POST', body: form });
    expect(response.status).toBe(400);
    expect(await answerOf(response)).toMatchObject({
      error_code: 'fields_after_image',
      error: expect.stringContaining('`downsample`'),
    });
    expect((await jobs.list()).jobs).toEqual([]);
  });

  it.each([
    ['an unknown parameter', '?zoom=3', 400, 'invalid_params', '`zoom`'],
    ['a wrong value', '?scale_low=-1', 400, 'invalid_params', 'positive'],
    ['a wrong type', '?downsample=much', 400, 'invalid_params', 'whole number'],
    ['a webhook where there are none', '?webhook=https://example.org/', 403, 'webhooks_disabled', 'webhook'],
  ])('refuses %s with words that help', async (_, query, status, code, words) => {
    const { api, jobs } = await testServer();
    const response = await upload(`${api}/jobs${query}`);
    expect(response.status).toBe(status);
    expect(await answerOf(response)).toMatchObject({
      ok: false,
      error_code: code,
      error: expect.stringContaining(words),
    });
    expect((await jobs.list()).jobs).toEqual([]);
  });

  it('refuses no image, an empty one, and what is none', async () => {
    const { api } = await testServer();
    expect(await answerOf(upload(`${api}/jobs`, { body: '' }))).toMatchObject({
      error_code: 'no_image',
    });
    expect(await answerOf(fetch(`${api}/jobs`, { method: 'POST', body: new FormData() }))).toMatchObject({
      ok: false,
    });
    const urlencoded = await fetch(`${api}/jobs`, {
      method: 'POST',
      body: new URLSearchParams({ image: 'x' }),
    });
    expect(urlencoded.status).toBe(415);
    expect(
      (
        await fetch(`${api}/jobs`, {
          method: 'POST',
          body: '{"url": "https://example.org/a.jpg"}',
          headers: { 'content-type': 'application/json' },
        })
      ).status,
    ).toBe(403);
  });

  it('gives the same job for the same key of the same caller', async () => {
    const { api } = await testServer({
      authorize: (request) => ({ caller: request.headers.get('x-user')! }),
    });
    const send = async (user: string) =>
      (await answerOf(upload(`${api}/jobs`, { headers: { 'idempotency-key': 'one', 'x-user': user } })))
        .job_id;
    const [first, again, other] = [await send('ann'), await send('ann'), await send('bob')];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });
});

describe('a job', () => {
  it('is told without what only the service needs', async () => {
    const { api, submit, solver, jobs } = await testServer();
    solver.behaviour = 'hang';
    const id = await submit();
    for await (const { state } of jobs.watch(id)) if (state === 'processing') break;
    const status = await answerOf(fetch(`${api}/jobs/${id}`));
    expect(status).toMatchObject({ ok: true, job_id: id, state: 'processing' });
    for (const hidden of ['lease', 'worker', 'rate_key']) expect(status).not.toHaveProperty(hidden);
    const result = await fetch(`${api}/jobs/${id}/result`);
    expect(result.status).toBe(409);
    expect(await answerOf(result)).toMatchObject({
      ok: false,
      error: 'Job not ready (state=processing)',
      job_id: id,
    });
    await jobs.cancel(id);
  });

  it('gives its result, at once or when it is there', async () => {
    const { api, submit } = await testServer();
    const id = await submit();
    const result = await answerOf(fetch(`${api}/jobs/${id}/result?wait=30`));
    expect(result).toMatchObject({ ok: true, astrometry: { pixscale_arcsec: expect.closeTo(10, 3) } });
    expect((await fetch(`${api}/jobs/${id}/result?wait=600`)).status).toBe(400);
  });

  it('can be cancelled, run again and removed', async () => {
    const { api, submit, solver } = await testServer();
    solver.behaviour = 'hang';
    const id = await submit();
    const cancelled = await fetch(`${api}/jobs/${id}/cancel`, { method: 'POST' });
    expect(await answerOf(cancelled)).toMatchObject({
      ok: true,
      state: 'error',
      error: { code: 'cancelled' },
    });
    solver.behaviour = 'solve';
    const again = await fetch(`${api}/jobs/${id}/retry`, { method: 'POST' });
    expect(again.status).toBe(202);
    expect(await answerOf(fetch(`${api}/jobs/${id}/result?wait=30`))).toMatchObject({ ok: true });
    expect((await fetch(`${api}/jobs/${id}/retry`, { method: 'POST' })).status).toBe(409);
    expect((await fetch(`${api}/jobs/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(`${api}/jobs/${id}`)).status).toBe(404);
  });

  it('is run again with other parameters, which leave all others as they were', async () => {
    const { api, jobs, solver } = await testServer();
    solver.behaviour = 'fail';
    const { job_id } = await jobs.submit(await smallPicture(), { scale_low: 1, scale_high: 3, timeout: 60 });
    await jobs.wait(job_id, { timeout: 30 });
    const retry = (body: string) => fetch(`${api}/jobs/${job_id}/retry`, { method: 'POST', body });
    for (const wrong of ['{"params": {"scale_low": 9}}', '{"params": {"scale": 9}}', 'scale_low=9'])
      expect((await retry(wrong)).status, wrong).toBe(400);
    expect((await jobs.status(job_id)).state).toBe('error');

    solver.behaviour = 'solve';
    const client = createClient({ baseUrl: api.replace('/api/v1', '') });
    const again = await client.retry(job_id, { params: { scale_low: null, timeout: 600, invert: true } });
    expect(again).toMatchObject({
      job_id,
      state: 'queued',
      params: { scale_low: null, scale_high: 3, timeout: 600, invert: true },
      expected_seconds: 15,
    });
    expect(await client.wait(job_id)).toMatchObject({ ok: true });
  });

  it('tells of a failure with its result', async () => {
    const { api, solver, settle } = await testServer();
    solver.behaviour = 'fail';
    const id = await settle();
    expect(await answerOf(fetch(`${api}/jobs/${id}`))).toMatchObject({
      state: 'error',
      error: { code: 'no_solution' },
    });
    const result = await fetch(`${api}/jobs/${id}/result`);
    expect(result.status).toBe(200);
    expect(await answerOf(result)).toMatchObject({
      ok: false,
      error_code: 'no_solution',
      error: 'No field matches',
    });
    expect((await fetch(`${api}/jobs/${id}/annotated.jpg`)).status).toBe(409);
  });

  it('streams its changes and its log', async () => {
    const { api, submit } = await testServer();
    const id = await submit();
    const events = await fetch(`${api}/jobs/${id}/events`);
    expect(events.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const text = await events.text();
    const named = [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, name, data]) => [
      name,
      JSON.parse(data!).state,
    ]);
    expect(named.at(-1)).toEqual(['settled', 'done']);
    expect(named.slice(0, -1).every(([name]) => name === 'status')).toBe(true);
    const log = await fetch(`${api}/jobs/${id}/log?follow=1`);
    expect(log.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await log.text()).toContain('<b>scripted</b> solver');
    const both = await (await fetch(`${api}/events?job_id=${id}&job_id=${await submit()}`)).text();
    expect(both.match(/^event: settled$/gm)).toHaveLength(2);
  });

  it('is listed in pages and by state', async () => {
    const { api, settle } = await testServer();
    const ids = [await settle(), await settle(), await settle()];
    const first = await answerOf(fetch(`${api}/jobs?limit=2&state=done`));
    const second = await answerOf(fetch(`${api}/jobs?limit=2&after=${encodeURIComponent(first.next)}`));
    const seen = [...first.jobs, ...second.jobs].map(({ job_id }) => job_id);
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(second.next).toBeUndefined();
    expect((await answerOf(fetch(`${api}/jobs?state=error`))).jobs).toEqual([]);
    expect((await fetch(`${api}/jobs?state=broken`)).status).toBe(400);
    expect(await answerOf(fetch(`${api}/stats`))).toMatchObject({ ok: true });
  });
});

describe('a list', () => {
  it.each([
    ['in memory', () => new MemoryJobStore()],
    ['in folders, which gives the same to all', (dir: string) => new FileSystemJobStore({ dir })],
  ])('of jobs %s tells each caller what it may do', (_, open) =>
    withFolder(async (dir) => {
      const authorize = (request: Request): Grant => ({
        caller: request.headers.get('x-caller') ?? '',
        scopes: request.headers.has('x-admin') ? ['admin'] : ['submit', 'read:all'],
      });
      const queue = new InProcessQueue({ concurrency: 0 });
      const { api } = await testServer({ authorize }, { store: open(dir), queue });
      const { job_id } = await answerOf(upload(`${api}/jobs`, { headers: { 'x-caller': 'owner' } }));
      for (let round = 0; round < 2; round++)
        for (const [headers, told] of [
          [{ 'x-caller': 'owner' }, undefined],
          [{ 'x-caller': 'other' }, false],
          [{ 'x-caller': 'other', 'x-admin': '1' }, undefined],
        ] as const) {
          const list = await answerOf(fetch(`${api}/jobs`, { headers }));
          expect(list).toEqual({ ok: true, jobs: [expect.objectContaining({ job_id })], damaged: [] });
          expect(list.jobs[0]).toHaveProperty('state', 'queued');
          expect((list.jobs[0] as { may_change?: boolean }).may_change).toBe(told);
          expect(list.jobs[0]).not.toHaveProperty('rate_key');
        }
    }),
  );
});

describe('files', () => {
  it('come whole, in parts, and not at all when they are known', async () => {
    const { api, settle } = await testServer();
    const id = await settle();
    const { files } = await answerOf(fetch(`${api}/jobs/${id}/files`));
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['result.json', 'solution.wcs']));
    const url = `${api}/jobs/${id}/files/solution.wcs`;
    const whole = await fetch(url);
    const bytes = Buffer.from(await whole.arrayBuffer());
    const etag = whole.headers.get('etag')!;
    expect(whole.headers.get('content-length')).toBe(String(bytes.length));
    expect(whole.headers.get('content-type')).toBe('application/fits');
    const part = async (headers: Record<string, string>) => {
      const response = await fetch(url, { headers });
      return [
        response.status,
        response.headers.get('content-range'),
        Buffer.from(await response.arrayBuffer()),
      ];
    };
    const { length } = bytes;
    expect(await part({ range: 'bytes=10-19' })).toEqual([
      206,
      `bytes 10-19/${length}`,
      bytes.subarray(10, 20),
    ]);
    expect(await part({ range: 'bytes=-5' })).toEqual([
      206,
      `bytes ${length - 5}-${length - 1}/${length}`,
      bytes.subarray(-5),
    ]);
    expect(await part({ range: `bytes=${length - 3}-` })).toEqual([
      206,
      `bytes ${length - 3}-${length - 1}/${length}`,
      bytes.subarray(-3),
    ]);
    expect(await part({ range: 'bytes=0-999999' })).toEqual([206, `bytes 0-${length - 1}/${length}`, bytes]);
    expect((await part({ range: `bytes=${length}-` })).slice(0, 2)).toEqual([416, `bytes */${length}`]);
    expect((await part({ range: 'bytes=0-1,4-5' }))[0]).toBe(200);
    expect((await part({ range: 'bytes=0-1', 'if-range': '"other"' }))[0]).toBe(200);
    expect((await part({ range: 'bytes=0-1', 'if-range': etag }))[0]).toBe(206);
    expect(await part({ 'if-none-match': etag })).toEqual([304, null, Buffer.alloc(0)]);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      String(length),
      '',
    ]);
  });

  it('are the image as it came, pictures of it, and new FITS', async () => {
    const { api, settle } = await testServer();
    const id = await settle('sky.png');
    const image = await fetch(`${api}/jobs/${id}/image`);
    expect(Buffer.from(await image.arrayBuffer())).toEqual(await smallPicture());
    expect(image.headers.get('content-disposition')).toContain('filename="sky.png"');
    const kinds = {
      'preview.jpg': 'ffd8ff',
      'annotated.jpg': 'ffd8ff',
      'annotated.png': '89504e47',
      'annotated.webp?style=minimal&palette=color-blind&width=300': '52494646',
      'annotated.svg': '3c',
    };
    for (const [name, magic] of Object.entries(kinds)) {
      const response = await fetch(`${api}/jobs/${id}/${name}`);
      expect(response.status, name).toBe(200);
      expect(
        Buffer.from(await response.arrayBuffer())
          .toString('hex')
          .startsWith(magic),
        name,
      ).toBe(true);
    }
    const fits = await fetch(`${api}/jobs/${id}/new.fits`);
    const text = Buffer.from(await fits.arrayBuffer()).toString('latin1');
    expect(text).toMatch(/^SIMPLE {2}= {20}T/);
    expect(text).toContain('CTYPE1  = ');
    expect(await answerOf(fetch(`${api}/jobs/${id}/geometry`))).toMatchObject({
      image: { kind: 'png', width: 120, height: 80, row_order: 'top-down' },
      wcs: { crval: [100.2, 9.9] },
    });
  });
});

describe('the door', () => {
  it('asks for the token, and takes the cookie that the page gets for it', async () => {
    const { api, settle } = await testServer({ token: 'open sesame' });
    const id = await settle();
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${api}/jobs/${id}`, { headers })).status;
    expect(await status({})).toBe(401);
    expect(await status({ authorization: 'Bearer wrong' })).toBe(401);
    const session = (token: string) =>
      fetch(`${api}/session`, { method: 'POST', body: JSON.stringify({ token }) });
    expect((await session('wrong')).status).toBe(401);
    const entered = await session('open sesame');
    const cookie = entered.headers.get('set-cookie')!;
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect(cookie).not.toContain('sesame');
    expect(await status({ cookie: cookie.split(';')[0]! })).toBe(200);
    expect((await fetch(`${api}/health`)).status).toBe(200);
    expect((await fetch(`${api}/openapi.json`)).status).toBe(200);
  });

  it('takes the token as a bearer', async () => {
    const { api } = await testServer({ token: 'sesame' });
    expect((await fetch(`${api}/jobs`, { headers: { authorization: 'Bearer sesame' } })).status).toBe(200);
  });

  it('asks `authorize`, which may answer itself, and hides what is not one’s own', async () => {
    const asked: unknown[] = [];
    const { api, settle } = await testServer({
      authorize(request, { action, jobId }) {
        asked.push([action, jobId]);
        const user = request.headers.get('x-user');
        if (user === 'mallory') return new Response('no', { status: 451 });
        return user === null ? undefined : { caller: user, scopes: ['submit', 'read:own'] };
      },
    });
    const foreign = await settle();
    const as = (user: string) => ({ headers: { 'x-user': user } });
    const mine = (await answerOf(upload(`${api}/jobs`, as('ann')))).job_id;
    expect((await fetch(`${api}/jobs/${mine}`, as('ann'))).status).toBe(200);
    expect((await fetch(`${api}/jobs/${mine}`, as('bob'))).status).toBe(404);
    expect((await fetch(`${api}/jobs/${foreign}/result`, as('ann'))).status).toBe(404);
    expect((await answerOf(fetch(`${api}/jobs`, as('ann')))).jobs).toMatchObject([{ job_id: mine }]);
    expect((await fetch(`${api}/jobs`, as('mallory'))).status).toBe(451);
    expect((await fetch(`${api}/jobs`)).status).toBe(401);
    expect(asked).toContainEqual(['read', mine]);
  });

  it('counts what each caller does', async () => {
    const { api } = await testServer({ limits: { submitsPerMinute: 2 } });
    const answers = [await upload(`${api}/jobs`), await upload(`${api}/jobs`), await upload(`${api}/jobs`)];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 429]);
    expect(Number(answers[2]!.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('lets scripts of named origins in, and no others', async () => {
    const { api } = await testServer({ cors: { origins: ['https://obs.example'] } });
    const allowed = async (origin: string, init: RequestInit = {}) =>
      (await fetch(`${api}/jobs`, { ...init, headers: { origin, ...init.headers } })).headers.get(
        'access-control-allow-origin',
      );
    expect(await allowed('https://obs.example')).toBe('https://obs.example');
    expect(await allowed('https://evil.example')).toBeNull();
    const preflight = { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } };
    expect(await allowed('https://obs.example', preflight)).toBe('https://obs.example');
    expect(await allowed('https://evil.example', preflight)).toBeNull();
  });

  it('says which methods there are, and that there is nothing elsewhere', async () => {
    const { api, url } = await testServer({ page: false });
    const put = await fetch(`${api}/jobs`, { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'POST, GET, HEAD']);
    for (const address of [`${api}/nothing`, url, `${url}api/login`])
      expect((await fetch(address)).status).toBe(404);
  });

  it('refuses to be open to everybody by mistake', async () => {
    const { serve } = await import('../../src/http/index.js');
    const { jobs } = await testServer();
    await expect(serve(jobs, { host: '0.0.0.0', port: 0 })).rejects.toThrow(/token/);
    await expect(serve(jobs, { port: 0, token: '' })).rejects.toThrow(/empty/);
    const open = await serve(jobs, { host: '0.0.0.0', port: 0, token: 'x' });
    await open.close();
  });

  it('works below a path', async () => {
    const { url } = await testServer({ basePath: '/astro/' });
    expect(url).toMatch(/\/astro\/$/);
    const response = await upload(`${url}api/v1/jobs`);
    expect(response.headers.get('location')).toMatch(/^\/astro\/api\/v1\/jobs\//);
    expect((await fetch(new URL('/api/v1/jobs', url))).status).toBe(404);
  });
});
