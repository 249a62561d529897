import { describe, expect, it, vi } from 'vitest';
import { jobIdOfNova } from '../../src/http/nova/ids.js';
import { withoutPaths } from '../../src/http/without-paths.js';
import { AstroJobsError, type Logger, MemoryJobStore } from '../../src/index.js';
import { answerOf, smallPicture, testServer } from './support.js';

const PATH = '/srv/observatory of ann/jobs';
const REASON = `making a folder: ENOSPC, mkdir '${PATH}/0f'`;
const TOLD = 'making a folder: ENOSPC, mkdir [path]';

describe('a message for clients', () => {
  it.each([
    [REASON, TOLD],
    ['"/srv/a b/c" cannot be made: no folders', '[path] cannot be made: no folders'],
    [
      'Image not found: /home/ann/M42.jpg (there is no such file)',
      'Image not found: [path] (there is no such file)',
    ],
    ['Looked in /usr/share/astrometry, /data.', 'Looked in [path], [path].'],
    ['/tmp: permission denied', '[path]: permission denied'],
  ])('names no path of the machine: %s', (message, told) => {
    expect(withoutPaths(message)).toBe(told);
  });

  it.each([
    'The FITS header says application/fits, 16/32 bits',
    'Fetch https://example.org/a/b.jpg and/or retry',
    'a / b',
    'M42 solved: 3.1"/pixel',
  ])('keeps what is none: %s', (message) => {
    expect(withoutPaths(message)).toBe(message);
  });
});

describe('a store that fails', () => {
  /** A disk that is full at this moment cannot be had on demand. */
  class FailingStore extends MemoryJobStore {
    override create(): Promise<never> {
      return Promise.reject(new AstroJobsError('storage_failed', REASON));
    }
  }

  const logged = () => {
    const lines: unknown[] = [];
    const logger: Logger = { debug() {}, info() {}, warn() {}, error: (fields) => void lines.push(fields) };
    return { lines, logger };
  };
  const refusal = expect.objectContaining({ message: REASON });

  it('has the reason told to clients without its paths, and the log keeps them', async () => {
    const { lines, logger } = logged();
    const server = await testServer({ logger, nova: true }, { store: new FailingStore() });
    const headers = { 'content-type': 'image/png' };
    const body = new Uint8Array(await smallPicture());
    const response = await fetch(`${server.api}/jobs`, { method: 'POST', body, headers });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ error: TOLD, detail: TOLD, error_code: 'storage_failed' });
    expect(lines).toEqual([expect.objectContaining({ err: refusal })]);
  });

  it('also for each image of a form', async () => {
    const { lines, logger } = logged();
    const server = await testServer({ logger });
    vi.spyOn(server.jobs, 'submitMany').mockResolvedValue([
      { error: new AstroJobsError('storage_failed', REASON) },
    ]);
    const form = new FormData();
    form.set('image', new File([new Uint8Array(await smallPicture())], 'm42.png'));
    const response = await fetch(`${server.api}/jobs/batch`, { method: 'POST', body: form });
    expect(await response.json()).toMatchObject({
      jobs: [{ ok: false, error: TOLD, error_code: 'storage_failed' }],
    });
    expect(lines).toEqual([expect.objectContaining({ err: refusal })]);
  });

  it('also where a job has failed by it', async () => {
    const server = await testServer({ nova: true });
    server.solver.solve = () => Promise.reject(new AstroJobsError('storage_failed', REASON));
    const id = jobIdOfNova(7);
    await server.jobs.submit(await smallPicture(), {}, { filename: 'm42.png', jobId: id });
    await server.jobs.wait(id, { timeout: 30 });
    expect((await server.jobs.status(id)).error?.message).toBe(REASON);
    const answers = {
      status: await answerOf(fetch(`${server.api}/jobs/${id}`)),
      list: await answerOf(fetch(`${server.api}/jobs`)),
      result: await answerOf(fetch(`${server.api}/jobs/${id}/result`)),
      events: await (await fetch(`${server.api}/jobs/${id}/events`)).text(),
      nova: await (await fetch(`${server.url}api/submissions/7`)).text(),
    };
    for (const [what, answer] of Object.entries(answers)) {
      expect(JSON.stringify(answer), what).toContain(TOLD);
      expect(JSON.stringify(answer), what).not.toContain('observatory');
    }
  });
});
