import { availableParallelism, loadavg } from 'node:os';
import { anySignal } from '../../async/any-signal.js';
import { deferred } from '../../async/deferred.js';

/** An attempt that may run, for a limited time, as often as it takes. */
export interface Runner<T> {
  /** Seconds of the first turn; each further turn is `TURN_GROWTH` times as long. */
  seconds: number;
  /** Resolves with a winner, or with undefined when there is nothing more to try; rejects when the signal ended it. */
  run(signal: AbortSignal, seconds: number): Promise<T | undefined>;
}

export interface RaceOptions {
  /** How many may run side by side. */
  lanes: number;
  /** Milliseconds that the first one runs alone; most fields are found by then, and nothing else need be started. */
  headStartMs: number;
  /** What the runners need; their turns count from when it has settled, however. */
  begin?: Promise<unknown>;
  signal: AbortSignal;
  /** When, by `performance.now()`, no turn may begin any more, and running ones are ended. */
  deadline: number;
}

const TURN_GROWTH = 4;

/** On a machine with more to do than it has cores a turn lasts as much longer, at most this many times. */
const MOST_STRETCH = 4;

function stretch(): number {
  const [lastMinute = 0] = loadavg();
  return Math.min(Math.max(lastMinute / availableParallelism(), 1), MOST_STRETCH);
}

interface Waiting<T> {
  runner: Runner<T>;
  order: number;
  turn: number;
}

function turnSeconds<T>({ runner, turn }: Waiting<T>): number {
  return runner.seconds * TURN_GROWTH ** turn;
}

/** How long a turn is, in steps of `TURN_GROWTH`: turns of one length, or one about as long, are equals. */
function turnLength<T>(entry: Waiting<T>): number {
  return Math.round(Math.log(turnSeconds(entry)) / Math.log(TURN_GROWTH));
}

/** Whoever asks for the least time comes first; of equals, whoever stood first. */
function takeNext<T>(queue: Waiting<T>[]): Waiting<T> | undefined {
  queue.sort((a, b) => turnLength(a) - turnLength(b) || a.order - b.order);
  return queue.shift();
}

/** The turn of one runner, or the whole race, is over. */
const OVER = Symbol('over');

/**
 * Lets runners take turns on a few lanes until one of them wins: the shortest turn first, of equals in their order;
 * those who were not done come again, for longer, when none waits for a shorter turn. The first winner counts; the others are ended, and
 * none runs any more when the promise settles.
 *
 * Resolves with undefined when none can win (`exhausted`) or the time is over; rejects with `signal.reason`, or with
 * the first error of a runner.
 */
export async function race<T>(
  runners: readonly Runner<T>[],
  options: RaceOptions,
): Promise<{ winner?: T; exhausted: boolean }> {
  const queue: Waiting<T>[] = runners.map((runner, order) => ({ runner, order, turn: 0 }));
  const stop = new AbortController();
  const outer = anySignal(options.signal, stop.signal);
  let running = 0;
  let winner: T | undefined;
  let failure: { error: unknown } | undefined;
  let timedOut = false;
  /** Settles when the next turn ends. */
  let turnEnded = deferred();

  const lane = async (): Promise<void> => {
    while (!outer.aborted) {
      const left = options.deadline - performance.now();
      if (left <= 0) timedOut = queue.length > 0 || timedOut;
      const next = left > 0 ? takeNext(queue) : undefined;
      if (!next) {
        if (running === 0 || left <= 0) return;
        // A runner whose turn ends may come back to the queue.
        await turnEnded.promise;
        continue;
      }
      running++;
      await turnOf(next, left);
      running--;
      turnEnded.resolve();
      turnEnded = deferred();
    }
  };

  const turnOf = async (entry: Waiting<T>, leftMs: number): Promise<void> => {
    const alone = queue.length === 0 && running === 1;
    const wanted = alone ? leftMs : turnSeconds(entry) * stretch() * 1000;
    const turn = new AbortController();
    const timer = setTimeout(() => turn.abort(OVER), Math.min(wanted, leftMs));
    try {
      const found = await entry.runner.run(anySignal(outer, turn.signal), Math.min(wanted, leftMs) / 1000);
      if (found !== undefined && winner === undefined) {
        winner = found;
        stop.abort(OVER);
      }
    } catch (error) {
      if (turn.signal.aborted && !outer.aborted) queue.push({ ...entry, turn: entry.turn + 1 });
      else if (!outer.aborted) {
        failure ??= { error };
        stop.abort(OVER);
      }
    } finally {
      clearTimeout(timer);
    }
  };

  if (options.begin) {
    const begun = new AbortController();
    const begin = options.begin.catch(() => undefined).finally(() => begun.abort());
    const until = anySignal(outer, begun.signal);
    await Promise.race([begin, pause(options.deadline - performance.now(), until)]);
  }
  const lanes = Array.from({ length: Math.max(1, options.lanes) }, async (_, i) => {
    if (i > 0) await pause(options.headStartMs * i * stretch(), outer);
    await lane();
  });
  await Promise.all(lanes);
  options.signal.throwIfAborted();
  if (failure) throw failure.error;
  return { ...(winner !== undefined && { winner }), exhausted: !timedOut && queue.length === 0 };
}

/** Resolves after so many milliseconds, or when it is no longer worth waiting. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
