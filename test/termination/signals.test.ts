import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../needs.js';
import { type Pairs, startPairs } from './pairs.js';
import { runSignals } from './signals.js';

// The short form of `bench/termination/signals.ts`.
describeWith(['postgres', 'redis'], 'processes that are told to end', () => {
  let all: Pairs;
  beforeAll(async () => {
    all = await startPairs();
  });
  afterAll(async () => {
    await all?.[Symbol.asyncDispose]();
  });

  it('are gone in time while servers are restarted, and no job is lost or done twice', {
    timeout: 600_000,
  }, async () => {
    const { late, accounts, ...counts } = await runSignals(all, { signals: 30, restartEvery: 4 });
    expect(late).toEqual([]);
    expect(counts).toMatchObject({ signals: 30, restarts: 7 });
    let acknowledged = 0;
    for (const account of Object.values(accounts)) {
      const all = { acknowledged: account.acknowledged, done: account.acknowledged };
      expect(account).toEqual({ ...all, open: 0, lost: [], failed: [], notOnce: [] });
      acknowledged += account.acknowledged;
    }
    expect(acknowledged).toBeGreaterThan(15);
  });
});
