import { describe, expect, it } from 'vitest';
import { type Runner, race } from '../../src/solver/search/race.js';

const never = new AbortController().signal;
const options = { lanes: 2, headStartMs: 0, signal: never, deadline: performance.now() + 600_000 };

/** Runs until it is ended, and tells how often it was. */
function endless(seconds = 0.02): Runner<string> & { turns: number; running: number } {
  const runner = {
    seconds,
    turns: 0,
    running: 0,
    run: (signal: AbortSignal) => {
      runner.turns++;
      runner.running++;
      return new Promise<undefined>((_, reject) => {
        signal.addEventListener('abort', () => {
          runner.running--;
          reject(signal.reason);
        });
      });
    },
  };
  return runner;
}

const soon = (value: string | undefined, ms = 5): Runner<string> => ({
  seconds: 10,
  run: () => new Promise((resolve) => setTimeout(() => resolve(value), ms)),
});

describe('a race', () => {
  it('is won by the first who finds something; none runs when it is over', async () => {
    const loser = endless(60);
    expect(await race([loser, soon('found')], options)).toMatchObject({ winner: 'found' });
    expect(loser).toMatchObject({ turns: 1, running: 0 });
  });

  it('is lost when no runner has anything more to try', async () => {
    expect(await race([soon(undefined), soon(undefined)], options)).toEqual({ exhausted: true });
    expect(await race([], options)).toEqual({ exhausted: true });
  });

  it('goes on to those who wait when a turn is over, and comes back', async () => {
    const first = endless();
    const late: Runner<string> = { seconds: 0.05, run: async () => (first.turns > 1 ? 'found' : undefined) };
    const order = [first, late];
    expect(await race(order, { ...options, lanes: 1, deadline: performance.now() + 2000 })).toMatchObject({
      exhausted: false,
    });
    expect(first.turns).toBeGreaterThan(1);
  });

  it('gives the shortest turn first, and of equals the one that stood first', async () => {
    const started: string[] = [];
    const runner = (name: string, seconds: number): Runner<string> => ({
      seconds,
      run: async () => {
        started.push(name);
        return undefined;
      },
    });
    await race([runner('a', 2), runner('b', 1), runner('c', 1)], { ...options, lanes: 1 });
    expect(started).toEqual(['b', 'c', 'a']);
  });

  it('keeps to its lanes', async () => {
    let running = 0;
    let most = 0;
    const runner: Runner<string> = {
      seconds: 10,
      run: async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running--;
        return undefined;
      },
    };
    await race(Array(9).fill(runner), { ...options, lanes: 3 });
    expect(most).toBe(3);
  });

  it('does not start others when the first is quick', async () => {
    const second = endless(60);
    await race([soon('found', 1), second], { ...options, headStartMs: 5000 });
    expect(second.turns).toBe(0);
  });

  it('ends at its deadline', async () => {
    const runners = [endless(60), endless(60), endless(60)];
    const result = await race(runners, { ...options, deadline: performance.now() + 50 });
    expect(result).toEqual({ exhausted: false });
    expect(runners.map((runner) => runner.running)).toEqual([0, 0, 0]);
  });

  it('counts turns from when there is what they need, and waits no longer than it may', async () => {
    const begin = new Promise((resolve) => setTimeout(resolve, 100));
    const begun = performance.now();
    const runner: Runner<string> = {
      seconds: 0.05,
      run: async () => (performance.now() - begun > 95 ? 'in its first turn' : undefined),
    };
    expect(await race([runner], { ...options, begin, deadline: begun + 2000 })).toMatchObject({
      winner: 'in its first turn',
    });
    const failed = Promise.reject(new Error('no stars'));
    expect(
      await race([runner], { ...options, begin: failed, deadline: performance.now() + 2000 }),
    ).toMatchObject({
      winner: 'in its first turn',
    });
    const never = new Promise(() => undefined);
    expect(await race([endless()], { ...options, begin: never, deadline: performance.now() + 50 })).toEqual({
      exhausted: false,
    });
  });

  it('rejects with the reason of its signal, and with an error of a runner, when none runs any more', async () => {
    const stop = new AbortController();
    const reason = new Error('cancelled');
    const runner = endless(60);
    const cancelled = race([runner, endless(60)], { ...options, signal: stop.signal });
    setTimeout(() => stop.abort(reason), 20);
    await expect(cancelled).rejects.toBe(reason);
    expect(runner.running).toBe(0);

    const broken: Runner<string> = { seconds: 10, run: () => Promise.reject(new Error('no disk')) };
    const other = endless(60);
    await expect(race([other, broken], options)).rejects.toThrow('no disk');
    expect(other.running).toBe(0);
  });
});
