import { describe, expect, it } from 'vitest';
import { FairTurns, type FairTurnsOptions, type Turn } from '../../src/async/fair-turns.js';

/** Without an allowance all keys are heavy, with a great one none is. */
function turnsWith(options: Partial<FairTurnsOptions> = {}): FairTurns {
  return new FairTurns({
    ...{ places: 1, lightPlaces: 8, placesPerKey: 2, allowanceMs: 0, refillMsPerSecond: 0 },
    ...{ longestMs: 60_000, postponedMs: 100, waitingPerKey: 100, refusal: () => new Error('too many') },
    ...options,
  });
}

/** Keeps this process busy. */
function compute(milliseconds: number): void {
  const { user } = process.cpuUsage();
  while ((process.cpuUsage().user - user) / 1000 < milliseconds);
}

describe('fair turns', () => {
  it('begin at once for a key that has used little, whatever others ask for', async () => {
    const turns = turnsWith({ allowanceMs: 20 });
    const greedy = await turns.enter('greedy');
    compute(40);
    greedy.leave();
    const begun: string[] = [];
    for (let call = 0; call < 50; call++) void turns.enter('greedy').then(() => begun.push('greedy'));
    await turns.enter('modest').then(() => begun.push('modest'));
    expect(begun).toEqual(['modest']);
  });

  it('come to the key that has used least', async () => {
    const turns = turnsWith({ allowanceMs: 1000, lightPlaces: 0 });
    const used = async (key: string, milliseconds: number) => {
      const turn = await turns.enter(key);
      compute(milliseconds);
      turn.leave();
    };
    await used('much', 60);
    await used('some', 20);
    const held = await turns.enter('other');
    const begun: string[] = [];
    const enter = async (key: string) => {
      const turn = await turns.enter(key);
      begun.push(key);
      turn.leave();
    };
    const all = [enter('much'), enter('much'), enter('some')];
    held.leave();
    await Promise.all(all);
    expect(begun).toEqual(['some', 'much', 'much']);
  });

  it('are all of one key that asks alone', async () => {
    const turns = turnsWith({ places: 2 });
    const inside = await Promise.all([turns.enter('a'), turns.enter('a')]);
    let third: Turn | undefined;
    const waiting = turns.enter('a').then((turn) => {
      third = turn;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(third).toBeUndefined();
    inside[0]?.leave();
    await waiting;
    expect(third).toBeDefined();
  });

  it('are all of a key that used up its allowance a moment ago, unless another is light', async () => {
    const turns = turnsWith({ places: 2, allowanceMs: 20 });
    const light = await turns.enter('a');
    compute(40);
    light.leave();
    const inside = await Promise.all([turns.enter('a'), turns.enter('a')]);
    for (const turn of inside) turn.leave();
    (await turns.enter('b')).leave();
    const alone = await turns.enter('a');
    let second: Turn | undefined;
    const waiting = turns.enter('a').then((turn) => {
      second = turn;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(second).toBeUndefined();
    alone.leave();
    await waiting;
    expect(second).toBeDefined();
  });

  it('are taken from who holds one for too long', async () => {
    const turns = turnsWith({ longestMs: 20 });
    await turns.enter('slow');
    await expect(turns.enter('next')).resolves.toBeDefined();
  });

  it('are refused where too many wait, and given up by who leaves', async () => {
    const turns = turnsWith({ waitingPerKey: 1 });
    const held = await turns.enter('a');
    const leaving = new AbortController();
    const waiting = turns.enter('a', leaving.signal);
    await expect(turns.enter('a')).rejects.toThrow('too many');
    leaving.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    held.leave();
    await expect(turns.enter('a')).resolves.toBeDefined();
  });
});
