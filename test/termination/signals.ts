import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import type { JobStore } from '../../src/store/job-store.js';
import { PostgresJobStore } from '../../src/store/postgres/index.js';
import { writeExtractor, writeImage } from '../cli/scripted.js';
import type { Pair, Pairs } from './pairs.js';
import { type Program, startProgram } from './program.js';

/** What the signals did. */
export interface SignalReport {
  signals: number;
  restarts: number;
  acknowledged: number;
  done: number;
  /** Processes that were not gone in time, and what jobs suffered; empty when all is well. */
  violations: string[];
  /** From the signal to the end, the slowest of each kind of process, milliseconds. */
  slowest: Record<string, number>;
}

export interface SignalPlan {
  signals: number;
  /** One server is restarted beside every so manieth signal. */
  restartEvery: number;
  say?(line: string): void;
}

const GRACE_SECONDS = 1;
const LETTING_GO_MS = 2000;
/** Processes are told to end at a moment within so long of their start. */
const MOMENTS_MS = 2500;
/** Patience with the jobs, when the signals are over. */
const SETTLE_MS = 120_000;

type Victim = (id: string) => { args: readonly string[]; graceSeconds: number };
const graceful = (...args: string[]) => ({
  args: [...args, '--grace', `${GRACE_SECONDS}s`],
  graceSeconds: GRACE_SECONDS,
});
const VICTIMS: readonly Victim[] = [
  () => graceful('worker', '--concurrency', '2'),
  () => graceful('serve', '--port', '0'),
  () => graceful('worker', '--concurrency', '1'),
  (id) => ({ args: ['wait', '--job-id', id], graceSeconds: 0 }),
  () => graceful('worker', '--concurrency', '2'),
  () => ({ args: ['list'], graceSeconds: 0 }),
];

const random = (from: number, to: number) => from + Math.random() * (to - from);

/** Sends SIGTERM and SIGINT to processes of every pair at random moments, while jobs are submitted and servers are restarted. */
export async function runSignals(all: Pairs, plan: SignalPlan): Promise<SignalReport> {
  const { say = () => {} } = plan;
  const image = await writeImage(join(all.dir, 'sky.png'));
  const extractor = await writeExtractor(all.dir, 'sleep 0.7');
  const acknowledged = new Map<Pair, string[]>(all.pairs.map((pair) => [pair, []]));
  const report: SignalReport = {
    signals: 0,
    restarts: 0,
    acknowledged: 0,
    done: 0,
    violations: [],
    slowest: {},
  };
  const start = (pair: Pair, args: readonly string[]) =>
    startProgram(args, { ...pair.env, ASTRO_EXTRACT_BIN: extractor }, all.dir);

  for (let n = 0; n < plan.signals; n++) {
    const pair = all.pairs[n % all.pairs.length];
    const victim = VICTIMS[Math.floor(n / all.pairs.length) % VICTIMS.length];
    if (!pair || !victim) throw new Error('There are pairs and victims');
    const ids = acknowledged.get(pair) ?? [];
    const id = await submit(start(pair, ['submit', '--image', image, '--solver', 'external']));
    if (id !== undefined) ids.push(id);
    const { args, graceSeconds } = victim(ids.at(-1) ?? '');
    const program = start(pair, args);
    const restart = n % plan.restartEvery === plan.restartEvery - 1;
    const restarted = restart ? restartOne(all) : undefined;
    if (restart) report.restarts += 1;
    await Promise.race([sleep(random(0, MOMENTS_MS)), program.ended]);
    const name = `${args[0]} on ${pair.name}`;
    const took = await terminate(program, n % 3 === 2 ? 'SIGINT' : 'SIGTERM', graceSeconds);
    if (took === undefined)
      report.violations.push(`signal ${n + 1}: ${name} did not end in time: ${program.stderr()}`);
    report.slowest[args[0] ?? ''] = Math.max(
      report.slowest[args[0] ?? ''] ?? 0,
      Math.round(took ?? Infinity),
    );
    report.signals += 1;
    say(
      `${n + 1} ${name}: ${took === undefined ? 'NOT IN TIME' : `${Math.round(took)} ms`}${restart ? ', with a restart' : ''}`,
    );
    await restarted;
  }
  for (const [pair, ids] of acknowledged)
    await settle(pair, ids, start(pair, graceful('worker').args), report);
  return report;
}

/** The id of a job that was acknowledged. */
async function submit(program: Program): Promise<string | undefined> {
  await program.ended;
  const answer = JSON.parse(program.stdout() || '{}') as { ok?: boolean; job_id?: string };
  return answer.ok ? answer.job_id : undefined;
}

async function restartOne({ postgres, redis }: Pairs): Promise<void> {
  const server = Math.random() < 0.6 ? postgres : redis;
  await sleep(random(0, MOMENTS_MS));
  await server.restart(Math.random() < 0.5 ? 'fast' : 'immediate', random(0, 3000));
}

/** Milliseconds from the signal to the end; undefined, and the process killed, when that was too late. */
async function terminate(
  program: Program,
  signal: NodeJS.Signals,
  graceSeconds: number,
): Promise<number | undefined> {
  const told = performance.now();
  program.child.kill(signal);
  const late = new AbortController();
  const expiry = sleep(graceSeconds * 1000 + LETTING_GO_MS, undefined, { signal: late.signal }).catch(
    () => {},
  );
  const inTime = await Promise.race([program.ended.then(() => true), expiry.then(() => false)]);
  late.abort();
  if (inTime) return performance.now() - told;
  program.child.kill('SIGKILL');
  await program.ended;
  return undefined;
}

/** Every acknowledged job is done, once, when a worker has had time for all of them. */
async function settle(
  pair: Pair,
  ids: readonly string[],
  worker: Program,
  report: SignalReport,
): Promise<void> {
  const { ASTRO_JOBS_STORE_URL: url, JOBS_DIR: dir } = pair.env;
  const store: JobStore = url
    ? new PostgresJobStore({ connectionString: url })
    : new FileSystemJobStore({ dir });
  const until = performance.now() + SETTLE_MS;
  for (const id of ids) {
    let record = await store.get(id);
    while (
      record &&
      record.status.state !== 'done' &&
      record.status.state !== 'error' &&
      performance.now() < until
    ) {
      await sleep(200);
      record = await store.get(id);
    }
    report.acknowledged += 1;
    const log = await store.log(id);
    const text = log ? Buffer.concat(await log.read().toArray()).toString() : '';
    const solved = text.split(/^\[astro-jobs \S+\] Solved$/m).length - 1;
    if (record?.status.state === 'done' && solved === 1) report.done += 1;
    else
      report.violations.push(
        `job ${id} on ${pair.name}: ${record?.status.state ?? 'lost'} (${record?.status.message}), ${solved} times solved`,
      );
  }
  await store.close();
  if ((await terminate(worker, 'SIGTERM', GRACE_SECONDS)) === undefined)
    report.violations.push(`the last worker on ${pair.name} did not end in time`);
}
