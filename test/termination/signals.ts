import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeExtractor, writeImage } from '../cli/scripted.js';
import { type Account, accountOf } from './accounts.js';
import type { Pair, Pairs } from './pairs.js';
import { type Program, startProgram } from './program.js';

/** What the signals did. */
export interface SignalReport {
  signals: number;
  restarts: number;
  /** Processes that were not gone in time: when they were, and whether they computed or waited meanwhile. */
  late: string[];
  /** From the signal to the end, the slowest of each kind of process, milliseconds. */
  slowest: Record<string, number>;
  /** The jobs of each pair. */
  accounts: Record<string, Account>;
}

export interface SignalPlan {
  signals: number;
  /** One server is restarted beside every so manieth signal. */
  restartEvery: number;
  /** Sends no more signals when it aborts, and reports about those that were sent. */
  cut?: AbortSignal;
  /** Hears of each signal, and of the jobs so far beside every so manieth. */
  say?(line: string): void;
  accountEvery?: number;
}

const GRACE_SECONDS = 1;
const LETTING_GO_MS = 2000;
/** Processes are told to end at a moment within so long of their start. */
const MOMENTS_MS = 2500;
/** A process that is not gone after so long hangs, and is killed. */
const HANGS_MS = 30_000;
/** Patience with the jobs of a pair, when the signals are over. */
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
  const { say = () => {}, accountEvery = 20 } = plan;
  const image = await writeImage(join(all.dir, 'sky.png'));
  const extractor = await writeExtractor(all.dir, 'sleep 0.7');
  const acknowledged = new Map<Pair, string[]>(all.pairs.map((pair) => [pair, []]));
  const report: SignalReport = { signals: 0, restarts: 0, late: [], slowest: {}, accounts: {} };
  const start = (pair: Pair, args: readonly string[]) =>
    startProgram(args, { ...pair.env, ASTRO_EXTRACT_BIN: extractor }, all.dir);

  for (let n = 0; n < plan.signals && !plan.cut?.aborted; n++) {
    const pair = all.pairs[n % all.pairs.length];
    const victim = VICTIMS[Math.floor(n / all.pairs.length) % VICTIMS.length];
    if (!pair || !victim) throw new Error('There are pairs and victims');
    const ids = acknowledged.get(pair) ?? [];
    const id = await submit(start(pair, ['submit', '--image', image, '--solver', 'external']));
    if (id !== undefined) ids.push(id);
    const { args, graceSeconds } = victim(ids.at(-1) ?? '');
    const [kind = ''] = args;
    const program = start(pair, args);
    const restart = n % plan.restartEvery === plan.restartEvery - 1;
    const restarted = restart ? restartOne(all) : undefined;
    if (restart) report.restarts += 1;
    await Promise.race([sleep(random(0, MOMENTS_MS)), program.ended]);
    const name = `${kind} on ${pair.name}`;
    const { took, late } = await terminate(program, n % 3 === 2 ? 'SIGINT' : 'SIGTERM', graceSeconds);
    if (late !== undefined) report.late.push(`signal ${n + 1}: ${name}: ${late}`);
    report.slowest[kind] = Math.max(report.slowest[kind] ?? 0, took);
    report.signals += 1;
    say(
      `${n + 1} ${name}: ${took} ms${restart ? ', with a restart' : ''}${late === undefined ? '' : `, LATE: ${late}`}`,
    );
    await restarted;
    if (report.signals % accountEvery === 0) say(await soFar(acknowledged));
  }
  for (const [pair, ids] of acknowledged) {
    const worker = start(pair, graceful('worker').args);
    report.accounts[pair.name] = await accountOf(pair, ids, SETTLE_MS);
    const { late } = await terminate(worker, 'SIGTERM', GRACE_SECONDS);
    if (late !== undefined) report.late.push(`the last worker on ${pair.name}: ${late}`);
    say(`${pair.name}: ${words([report.accounts[pair.name] as Account])}`);
  }
  return report;
}

async function soFar(acknowledged: ReadonlyMap<Pair, readonly string[]>): Promise<string> {
  const accounts = [];
  for (const [pair, ids] of acknowledged) accounts.push(await accountOf(pair, ids));
  return `so far: ${words(accounts)}`;
}

/** The sum of accounts in one line. */
function words(accounts: readonly Account[]): string {
  const sum = (of: (account: Account) => number) =>
    accounts.reduce((total, account) => total + of(account), 0);
  return [
    `${sum(({ acknowledged }) => acknowledged)} acknowledged`,
    `${sum(({ done }) => done)} done once`,
    `${sum(({ open }) => open)} open`,
    `${sum(({ lost }) => lost.length)} lost`,
    `${sum(({ failed }) => failed.length)} failed`,
    `${sum(({ notOnce }) => notOnce.length)} done not once`,
  ].join(', ');
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

/** How long a process takes to end, milliseconds, and what is to be said when that is too long. */
async function terminate(
  program: Program,
  signal: NodeJS.Signals,
  graceSeconds: number,
): Promise<{ took: number; late?: string }> {
  const told = performance.now();
  const before = scheduled(program);
  program.child.kill(signal);
  const inTime = await endedWithin(program, graceSeconds * 1000 + LETTING_GO_MS);
  if (inTime) return { took: Math.round(performance.now() - told) };
  const after = scheduled(program);
  const hung = !(await endedWithin(program, HANGS_MS));
  if (hung) program.child.kill('SIGKILL');
  await program.ended;
  const took = Math.round(performance.now() - told);
  const [computed, waited] = [after.computed - before.computed, after.waited - before.waited];
  return {
    took,
    late: `${hung ? 'killed after' : 'gone after'} ${took} ms; until it was due it computed ${Math.round(computed)} ms and waited ${Math.round(waited)} ms for a processor; ${program.stderr()}`,
  };
}

async function endedWithin(program: Program, milliseconds: number): Promise<boolean> {
  const over = new AbortController();
  const expiry = sleep(milliseconds, false, { signal: over.signal }).catch(() => false);
  const ended = await Promise.race([program.ended.then(() => true), expiry]);
  over.abort();
  return ended;
}

/** Milliseconds for which the first thread of a process has computed, and has waited for a processor. */
function scheduled({ child: { pid } }: Program): { computed: number; waited: number } {
  try {
    const [computed, waited] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ').map(Number);
    return { computed: (computed ?? 0) / 1e6, waited: (waited ?? 0) / 1e6 };
  } catch {
    // It has ended.
    return { computed: 0, waited: 0 };
  }
}
