import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AstroJobs } from '../../src/astro-jobs.js';
import { BullMQJobQueue } from '../../src/queue/bullmq/index.js';
import { PostgresJobStore } from '../../src/store/postgres/index.js';
import { type Process, start } from '../../test/distributed/chaos/processes.js';

const ORION = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));
const SCALE = { scale_low: 10, scale_high: 20 };

/** Solves per minute by so many workers of one job each, over one PostgreSQL; from the first start to the last end. */
export async function measureWorkers(workers: number, url: string, photographs: number): Promise<number> {
  const setup = { storeUrl: url, queueUrl: url, leaseSeconds: 30, concurrency: 1 };
  const started: Process[] = [];
  const jobs = new AstroJobs({
    store: new PostgresJobStore({ connectionString: url }),
    queue: new BullMQJobQueue({ url }),
  });
  try {
    await Promise.all(
      Array.from(
        { length: workers },
        () => new Promise<void>((line) => started.push(start('worker', setup, { line: () => line() }))),
      ),
    );
    await sleep(1000);
    // One each to warm up.
    await Promise.all(
      Array.from({ length: workers * 2 }, async () => jobs.wait((await jobs.submit(ORION, SCALE)).job_id)),
    );
    const from = performance.now();
    const submitted = await Promise.all(Array.from({ length: photographs }, () => jobs.submit(ORION, SCALE)));
    const results = await Promise.all(submitted.map(({ job_id }) => jobs.wait(job_id)));
    const failure = results.find((result) => !result.ok);
    if (failure) throw new Error(`not solved: ${JSON.stringify(failure)}`);
    return (photographs * 60_000) / (performance.now() - from);
  } finally {
    await jobs.close();
    for (const worker of started) worker.signal('SIGTERM');
    await Promise.all(started.map((worker) => worker.exited));
  }
}

/** Solves per minute by plain solve-field with the same hints, so many at a time. */
export async function measurePlain(atOnce: number, photographs: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'astro-jobs-bench-'));
  try {
    const names = Array.from({ length: photographs }, (_, index) => `${index}.jpg`);
    for (const name of names) await copyFile(ORION, join(folder, name));
    const from = performance.now();
    const command = `ls *.jpg | xargs -P ${atOnce} -n 1 solve-field --no-plots --overwrite --downsample 2 --scale-units degwidth --scale-low 10 --scale-high 20 > log 2>&1; ls *.solved | wc -l`;
    const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd: folder });
    if (Number(stdout) !== photographs)
      throw new Error(`solve-field solved ${stdout.trim()} of ${photographs}`);
    return (photographs * 60_000) / (performance.now() - from);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
