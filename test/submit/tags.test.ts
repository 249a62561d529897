import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AstroJobs } from '../../src/astro-jobs.js';
import { createClient } from '../../src/client/index.js';
import type { JobStatus } from '../../src/job/status.js';
import { InProcessQueue } from '../../src/queue/in-process.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';
import { useCli } from '../cli/process.js';
import { writeImage } from '../cli/scripted.js';
import { answerOf, smallPicture, testServer } from '../http/support.js';

const IMAGE = Buffer.concat([Buffer.from('P5 8 8 255\n'), Buffer.alloc(64, 9)]);
const cli = useCli();

const idle = (store: MemoryJobStore | FileSystemJobStore = new MemoryJobStore()) =>
  new AstroJobs({ store, queue: new InProcessQueue({ concurrency: 0 }) });

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;
let deep: Record<string, unknown> = {};
for (let level = 0; level < 17; level += 1) deep = { deep };

describe('tags and metadata', () => {
  it.each([
    ['no list', { tags: 'M 42' }, 'tags'],
    ['a comma', { tags: ['a,b'] }, 'tags'],
    ['a line break', { tags: ['a\nb'] }, 'tags'],
    ['spaces at an end', { tags: [' a'] }, 'tags'],
    ['an empty tag', { tags: [''] }, 'tags'],
    ['a long tag', { tags: ['x'.repeat(65)] }, 'tags'],
    ['half a character', { tags: ['\ud800'] }, 'tags'],
    ['too many tags', { tags: Array.from({ length: 17 }, (_, index) => `t${index}`) }, 'tags'],
    ['a list', { metadata: [1] }, 'metadata'],
    ['a text', { metadata: 'night 3' }, 'metadata'],
    ['too much', { metadata: { text: 'x'.repeat(8200) } }, 'metadata'],
    ['a circle', { metadata: cyclic }, 'metadata'],
    ['too deep', { metadata: deep }, 'metadata'],
    ['a big integer', { metadata: { n: 1n } }, 'metadata'],
  ])('are refused before there is a job: %s', async (_, options, name) => {
    await using jobs = idle();
    await expect(jobs.submit(IMAGE, {}, options as never)).rejects.toMatchObject({
      code: 'invalid_params',
      message: expect.stringContaining(`\`${name}`) as string,
    });
    expect((await jobs.list()).jobs).toEqual([]);
  });

  it('are kept as they would be read, each tag once, and are absent where none is given', async () => {
    await using jobs = idle();
    const metadata = { night: 3, at: new Date(0), none: undefined, text: 'a\0b' };
    const { job_id } = await jobs.submit(IMAGE, {}, { tags: ['M 42', 'ε', 'M 42'], metadata });
    expect(await jobs.status(job_id)).toMatchObject({
      tags: ['M 42', 'ε'],
      metadata: { night: 3, at: '1970-01-01T00:00:00.000Z', text: 'a\0b' },
    });
    const plain = await jobs.submit(IMAGE, {}, { tags: [] });
    expect(plain).not.toHaveProperty('tags');
    expect(plain).not.toHaveProperty('metadata');
    expect((await jobs.list({ tag: 'ε' })).jobs.map((job) => job.job_id)).toEqual([job_id]);
  });

  it('are with the job in events', async () => {
    const { jobs } = await testServer();
    const settled = new Promise<JobStatus>((resolve) => {
      jobs.once('settled', resolve);
    });
    await jobs.submit(await smallPicture(), {}, { tags: ['a'], metadata: { b: 1 } });
    expect(await settled).toMatchObject({ state: 'done', tags: ['a'], metadata: { b: 1 } });
  });

  it('decide what prune removes', async () => {
    const { jobs } = await testServer();
    const submitted = [['night'], ['night', 'keep'], []].map(async (tags) => {
      const { job_id } = await jobs.submit(await smallPicture(), {}, { tags });
      await jobs.wait(job_id);
      return job_id;
    });
    const [night, kept, plain] = await Promise.all(submitted);
    expect(await jobs.prune({ olderThan: 0, tag: 'night', exceptTags: ['keep', 'other'] })).toEqual([night]);
    expect(await jobs.prune({ olderThan: 0, exceptTags: ['keep'] })).toEqual([plain]);
    expect((await jobs.list()).jobs.map((job) => job.job_id)).toEqual([kept]);
  });

  it('are found by another process on the same folders, from the index that the first one has left', async () => {
    const first = idle(new FileSystemJobStore({ dir: cli.jobsDir }));
    const tagged: string[] = [];
    for (let index = 0; index < 70; index += 1) {
      const tags = index % 10 === 0 ? ['tenth', `n${index}`] : undefined;
      const { job_id } = await first.submit(IMAGE, {}, { tags });
      if (tags) tagged.unshift(job_id);
    }
    expect((await first.list({ tag: 'tenth' })).jobs).toHaveLength(7);
    await first.close();
    expect((await readFile(`${cli.jobsDir}/.astro-jobs/index`)).includes('n60')).toBe(true);
    await using second = idle(new FileSystemJobStore({ dir: cli.jobsDir }));
    const page = await second.list({ tag: 'tenth' });
    expect(page.jobs.map((job) => job.job_id)).toEqual(tagged);
  });
});

describe('tags and metadata over HTTP', () => {
  it('come in the query, in a form and from the client, and filter lists', async () => {
    const { api, url } = await testServer();
    const image = new Uint8Array(await smallPicture());
    const query = new URLSearchParams({ tags: 'M 42, ε', metadata: '{"night": 3}' });
    const raw = { method: 'POST', body: image, headers: { 'content-type': 'application/octet-stream' } };
    const first = await answerOf(fetch(`${api}/jobs?${query}`, raw));
    expect(first).toMatchObject({ tags: ['M 42', 'ε'], metadata: { night: 3 } });
    const form = new FormData();
    form.set('tags', 'form');
    form.set('metadata', '{"deep": {"er": [1]}}');
    form.set('image', new File([image], 'a.png'));
    const second = await answerOf(fetch(`${api}/jobs`, { method: 'POST', body: form }));
    expect(second).toMatchObject({ tags: ['form'], metadata: { deep: { er: [1] } } });
    const client = createClient({ baseUrl: url });
    const third = await client.submit(image, {}, { tags: ['M 42'], metadata: { by: 'client' } });
    const page = await client.list({ tag: 'M 42', limit: 1 });
    expect(page.jobs).toMatchObject([{ job_id: third.job_id, metadata: { by: 'client' } }]);
    const rest = await client.list({ tag: 'M 42', after: page.next });
    expect(rest.jobs.map((job) => job.job_id)).toEqual([first.job_id]);
  });

  it('are refused with words that help', async () => {
    const { api, jobs } = await testServer();
    const body = new Uint8Array(await smallPicture());
    const headers = { 'content-type': 'application/octet-stream' };
    for (const query of ['metadata=%5B1%5D', `tags=${'x'.repeat(65)}`, 'metadata=no']) {
      const response = await fetch(`${api}/jobs?${query}`, { method: 'POST', body, headers });
      expect(response.status).toBe(400);
      expect((await answerOf(response)).error_code).toBe('invalid_params');
    }
    expect((await jobs.list()).jobs).toEqual([]);
  });
});

describe('tags and metadata at the terminal', () => {
  it('are given to submit, shown by status, and found by list', async () => {
    const image = await writeImage(join(cli.dir, 'sky.png'));
    const id = await cli.submit(
      image,
      '--tag',
      'M 42',
      '--tag',
      'night-3',
      '--meta',
      '{"frame": 7}',
      '--delay',
      '1h',
    );
    await cli.submit(image, '--delay', '1h');
    expect(await cli.json(['status', '--job-id', id])).toMatchObject({
      tags: ['M 42', 'night-3'],
      metadata: { frame: 7 },
    });
    const { jobs } = await cli.json<{ jobs: JobStatus[] }>(['list', '--tag', 'night-3']);
    expect(jobs.map((job) => job.job_id)).toEqual([id]);
    expect((await cli.run(['submit', image, '--meta', 'frame 7'])).code).toBe(2);
    const refused = await cli.run(['submit', image, '--tag', 'a,b']);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('`tags')]);
    for (const { job_id } of (await cli.json<{ jobs: JobStatus[] }>(['list'])).jobs)
      await cli.json(['cancel', '--job-id', job_id]);
  });
});
