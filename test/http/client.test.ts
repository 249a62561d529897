import { describe, expect, it } from 'vitest';
import {
  AstroJobsClientError,
  createClient,
  kindOf,
  type PublicStatus,
  pixelToSky,
  skyToPixel,
} from '../../src/client/index.js';
import { smallPicture, testServer } from './support.js';

describe('the client', () => {
  it('walks a job from submit to file', async () => {
    const { url, token } = { ...(await testServer({ token: 'sesame' })), token: 'sesame' };
    const client = createClient({ baseUrl: url, token });
    expect(await client.about()).toMatchObject({ needs_token: true, url_fetch: false });
    const file = new File([new Uint8Array(await smallPicture())], 'Großer Wagen.png');
    const { job_id } = await client.submit(file, { scale_low: 0.1, scale_high: 1 });
    const seen: PublicStatus[] = [];
    for await (const status of client.watch(job_id)) seen.push(status);
    expect(seen.at(-1)).toMatchObject({
      state: 'done',
      filename: 'Großer Wagen.png',
      params: { scale_low: 0.1 },
    });
    const result = await client.wait(job_id);
    expect(result).toMatchObject({ ok: true });
    expect((await client.list({ state: 'done' })).jobs).toMatchObject([{ job_id }]);
    expect((await client.files(job_id)).map(({ name }) => name)).toContain('solution.wcs');
    expect(await client.log(job_id)).toContain('scripted');
    let followed = '';
    for await (const text of client.followLog(job_id)) followed += text;
    expect(followed).toBe(await client.log(job_id));
    const { wcs, image } = await client.geometry(job_id);
    const [ra, dec] = pixelToSky(wcs!, image.width / 2, 10);
    expect(skyToPixel(wcs!, ra, dec)).toEqual([expect.closeTo(image.width / 2, 6), expect.closeTo(10, 6)]);
    expect((await (await client.download(job_id, 'files/solution.wcs')).text()).slice(0, 6)).toBe('SIMPLE');
    expect(client.addressOf(job_id, 'preview.jpg', { width: 80 })).toBe(
      `${url}api/v1/jobs/${job_id}/preview.jpg?width=80`,
    );
    await client.remove(job_id);
    await expect(client.status(job_id)).rejects.toMatchObject({
      status: 404,
      code: 'not_found',
      jobId: job_id,
    });
  });

  it('cancels, and runs again', async () => {
    const { url, solver } = await testServer();
    solver.behaviour = 'hang';
    const client = createClient({ baseUrl: url });
    const { job_id } = await client.submit(
      await smallPicture(),
      {},
      { filename: 'a.png', idempotencyKey: 'k' },
    );
    expect(await client.cancel(job_id)).toMatchObject({ state: 'error', error: { code: 'cancelled' } });
    expect(await client.wait(job_id)).toMatchObject({ ok: false, error_code: 'cancelled' });
    solver.behaviour = 'solve';
    await client.retry(job_id);
    expect(await client.wait(job_id)).toMatchObject({ ok: true });
  });

  it('goes on watching when the connection breaks', async () => {
    const { url, submit } = await testServer();
    const id = await submit();
    let broken = 0;
    const client = createClient({
      baseUrl: url,
      fetch: async (input, init) => {
        if (String(input).endsWith('/events') && broken++ === 0) throw new TypeError('fetch failed');
        return fetch(input, init);
      },
    });
    const states: string[] = [];
    for await (const { state } of client.watch(id)) states.push(state);
    expect(states.at(-1)).toBe('done');
    expect(broken).toBe(2);
  });

  it('rejects with what the server says, or what stands before it', async () => {
    const { url } = await testServer({ token: 'x' });
    const client = createClient({ baseUrl: url });
    await expect(client.list()).rejects.toBeInstanceOf(AstroJobsClientError);
    await expect(client.list()).rejects.toMatchObject({ status: 401, code: 'unauthorized' });
    const proxied = createClient({
      baseUrl: url,
      fetch: async () => new Response('<html>', { status: 502, statusText: 'Bad Gateway' }),
    });
    await expect(proxied.list()).rejects.toMatchObject({
      status: 502,
      code: 'http_error',
      message: 'HTTP 502: Bad Gateway',
    });
    expect(kindOf('planetary nebula')).toBe('nebula');
  });
});
