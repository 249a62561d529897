// Several worker processes on one jobs directory, and a chaos that kills, stops and resumes them and fills the disk.
// At the end every acknowledged job has ended for a stated reason, each result belongs to its image, and nothing is left.
//
//   node bench/soak/main.mjs [--seconds 600] [--jobs 1000] [--real 50] [--workers 3]
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AstroJobs, FileSystemJobStore, InProcessQueue } from '../../dist/index.js';
import { mountSmallDisk } from './disk-space.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const between = (low, high) => low + Math.random() * (high - low);
const pick = (items) => items[Math.floor(Math.random() * items.length)];

/** A picture of 64 random pixels, unlike any other. */
const tinyImage = () => Buffer.concat([Buffer.from('P5 8 8 255\n'), randomBytes(64)]);

export async function soak({
  seconds,
  jobs: scripted,
  real,
  workers: workerCount = 3,
  leaseSeconds = 2,
  realImage,
  pauseSeconds = [0.5, 3],
  settleSeconds = 900,
  onProgress = () => {},
}) {
  const disk = await mountSmallDisk({ megabytes: 64 });
  const scratch = await mountSmallDisk({ megabytes: 64 });
  const counts = { submitted: 0, refused: 0, kills: 0, stops: 0, fills: 0 };
  const workers = new Set();
  let ended = false;

  const startWorker = () => {
    const child = spawn(
      process.execPath,
      [here('worker.mjs'), disk.dir, scratch.dir, here('solver.sh'), String(leaseSeconds)],
      { stdio: 'ignore' },
    );
    workers.add(child);
    child.once('exit', () => {
      workers.delete(child);
      if (!ended) startWorker();
    });
  };
  for (let index = 0; index < workerCount; index += 1) startWorker();

  const store = new FileSystemJobStore({ dir: disk.dir });
  const jobs = new AstroJobs({ store, queue: new InProcessQueue({ concurrency: 0 }), maxAttempts: 20 });
  const expected = new Map();

  const submitOne = async (image, params) => {
    for (;;) {
      try {
        const { job_id } = await jobs.submit(image, params, { filename: 'sky.pgm' });
        counts.submitted += 1;
        return job_id;
      } catch (error) {
        if (!String(error.code).startsWith('storage_')) throw error;
        counts.refused += 1;
        await sleep(200);
      }
    }
  };
  const submitAll = async () => {
    const photograph = real > 0 ? await readFile(realImage) : undefined;
    for (let index = 0; index < scripted; index += 1) {
      const image = tinyImage();
      const id = await submitOne(image, { solver: 'external' });
      expected.set(id, createHash('sha256').update(image).digest('hex'));
      if (index < real)
        expected.set(
          await submitOne(photograph, { solver: 'solve-field', scale_low: 5, scale_high: 60 }),
          'real',
        );
      await sleep((seconds * 500) / scripted);
    }
  };

  const chaos = async () => {
    const until = performance.now() + seconds * 1000;
    while (performance.now() < until) {
      await sleep(between(...pauseSeconds) * 1000);
      const victim = pick([...workers]);
      if (!victim?.pid) continue;
      const deed = Math.random();
      if (deed < 0.45) {
        victim.kill('SIGKILL');
        counts.kills += 1;
      } else if (deed < 0.85) {
        victim.kill('SIGSTOP');
        counts.stops += 1;
        setTimeout(() => victim.kill('SIGCONT'), between(0.3, 2.5) * leaseSeconds * 1000);
      } else if (disk.own) {
        await disk.fill();
        counts.fills += 1;
        await sleep(between(200, 1500));
        await disk.empty();
      }
      onProgress({ ...counts, ...(await store.counts().catch(() => ({}))) });
    }
    await sleep(2.5 * leaseSeconds * 1000);
  };

  try {
    await Promise.all([submitAll(), chaos()]);
    const patience = performance.now() + settleSeconds * 1000;
    for (;;) {
      const now = await store.counts();
      onProgress({ ...counts, ...now });
      if (now.queued + now.processing === 0) break;
      if (performance.now() > patience) break;
      await sleep(500);
    }
    ended = true;
    const exits = [...workers].map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of workers) child.kill('SIGTERM');
    await Promise.all(exits);
    return {
      ...counts,
      disk_filled: disk.own,
      ...(await verdict(jobs, store, disk.dir, scratch.dir, expected)),
    };
  } finally {
    ended = true;
    for (const child of workers) child.kill('SIGKILL');
    await jobs.close();
    await disk.dispose();
    await scratch.dispose();
  }
}

/** What must be so at the end, counted. */
async function verdict(jobs, store, dir, scratch, expected) {
  const found = { done: 0, error: 0, unsettled: 0, lost: 0, wrong_result: 0, errors: {} };
  for (const [id, sum] of expected) {
    const status = await jobs.status(id).catch(() => undefined);
    if (!status) found.lost += 1;
    else if (status.state === 'done') {
      found.done += 1;
      const { astrometry } = await jobs.result(id);
      const right = sum === 'real' ? Math.abs(astrometry.ra_center - 84) < 5 : astrometry.sha256 === sum;
      if (!right) found.wrong_result += 1;
    } else if (status.state === 'error' && status.error?.code) {
      found.error += 1;
      found.errors[status.error.code] = (found.errors[status.error.code] ?? 0) + 1;
    } else found.unsettled += 1;
  }
  await store.sweep(0);
  const folder = join(dir, '.astro-jobs');
  const left = async (folder) => (await readdir(folder)).filter((name) => name !== '.filler').length;
  return {
    ...found,
    left_in_queue: (await left(join(folder, 'queued'))) + (await left(join(folder, 'running'))),
    left_in_scratch: (await left(join(folder, 'scratch'))) + (await left(scratch)),
    left_processes: await processesIn(scratch),
  };
}

async function processesIn(scratch) {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')),
  );
  return environments.filter((text) => text.includes(`TMPDIR=${scratch}`)).length;
}
