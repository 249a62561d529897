import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { SolvedResult } from '../../src/job/result.js';
import { until, useCli } from './process.js';

const cli = useCli();
const EXAMPLE = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));
const remembered = () => readdir(join(cli.jobsDir, '.astro-jobs', 'optics')).catch(() => []);

async function solve(env: NodeJS.ProcessEnv = {}): Promise<string | undefined> {
  const result = await cli.json<SolvedResult>(['solve', '--image', EXAMPLE], 0, { env });
  return result.solve?.hints?.scale?.source;
}

describe('forget', () => {
  it('takes away what the runners of one jobs directory have told each other', async () => {
    expect(await solve()).toBe('exif');
    await cli.idle();
    expect(await solve()).toBe('remembered');
    await cli.idle();
    expect(await cli.json(['forget'])).toEqual({ ok: true, forgotten: 1 });
    expect(await remembered()).toEqual([]);
    expect(await cli.json(['forget'])).toEqual({ ok: true, forgotten: 0 });
    expect(await solve({ ASTRO_JOBS_MEMORY: 'off' })).toBe('exif');
    expect(await remembered()).toEqual([]);
    expect(await cli.json<{ jobs: unknown[] }>(['list'])).toMatchObject({ jobs: { length: 3 } });
  });

  it('says why it cannot where jobs are in a database', async () => {
    const env = { ASTRO_JOBS_STORE_URL: 'postgres://127.0.0.1:1/none' };
    const ended = await cli.run(['forget'], { env });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('restart the workers');
  });

  it('is not needed beside a worker that remembers nothing', async () => {
    const worker = cli.start(['worker', '--no-memory', '--concurrency', '1']);
    await until(() => worker.stdout().includes('\n'));
    expect(await solve()).toBe('exif');
    expect(await solve()).toBe('exif');
    expect(await remembered()).toEqual([]);
    worker.kill('SIGTERM');
    expect(await worker.ended).toMatchObject({ code: 0 });
  });
});
