import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until, useCli } from './process.js';
import { EXTERNAL, writeExtractor, writeImage } from './scripted.js';

/** `ASTRO_JOBS_TEST_SUBMITS=1000` for the whole thousand. */
const SUBMITS = Number(process.env.ASTRO_JOBS_TEST_SUBMITS ?? 200);
const CONCURRENCY = 3;
const CALLERS = 4;

const cli = useCli();

it(`queues ${SUBMITS} submits from ${CALLERS} shells and runs each once, ${CONCURRENCY} at a time, with no daemon`, async () => {
  const image = await writeImage(join(cli.dir, 'sky.png'));
  const seen = join(cli.dir, 'seen');
  const bin = await writeExtractor(cli.dir, `echo + >> ${seen}; sleep 0.1; echo - >> ${seen}`);
  const env = { ASTRO_EXTRACT_BIN: bin, ASTRO_JOBS_CONCURRENCY: String(CONCURRENCY) };

  const ids = new Set<string>();
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      for (let count = 0; count < SUBMITS / CALLERS; count++) {
        const submit = ['submit', '--image', image, ...EXTERNAL];
        ids.add((await cli.json<{ job_id: string }>(submit, 0, { env })).job_id);
      }
    }),
  );
  expect(ids.size).toBe(SUBMITS);

  const list = (state: string) =>
    cli.json<{ jobs: { job_id: string; attempts: number }[] }>([
      'list',
      '--state',
      state,
      '--limit',
      '100000',
    ]);
  await until(async () => (await list('queued,processing')).jobs.length === 0);
  const { jobs } = await list('done');
  expect(new Set(jobs.map((job) => job.job_id))).toEqual(ids);
  expect(jobs.every((job) => job.attempts === 1)).toBe(true);

  let atOnce = 0;
  let most = 0;
  const marks = (await readFile(seen, 'utf8')).trim().split('\n');
  for (const mark of marks) {
    atOnce += mark === '+' ? 1 : -1;
    most = Math.max(most, atOnce);
  }
  expect(marks).toHaveLength(2 * SUBMITS);
  expect(atOnce).toBe(0);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(CONCURRENCY);
  await cli.idle();
}, 600_000);
