import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { itWith } from '../needs.js';
import { type ChaosPlan, runChaos } from './chaos/chaos.js';

const ORION = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));

/** The short form; the full one is `bench/scaling/chaos.ts`. */
const SHORT: Omit<ChaosPlan, 'on'> = {
  scripted: 40,
  photographs: [{ path: ORION, params: { scale_low: 10, scale_high: 20 } }],
  real: 2,
  leaseSeconds: 4,
  // A lease and a half is what is measured in the full one; here other tests have the cores, too.
  recoverySeconds: 20,
  submitEveryMs: 500,
  workers: 3,
  concurrency: 2,
  every: 1,
  misdeeds: ['kill', 'stop', 'restart', 'kill'],
  patience: 45,
  ...(process.env.CHAOS_ALOUD && { say: (line: string) => process.stderr.write(`${line}\n`) }),
};

describe('with workers killed, stopped past their lease and woken, and the database restarted', () => {
  for (const on of ['postgres', 'redis'] as const) {
    itWith(
      [on],
      `every job ends exactly one way, on ${on}`,
      async () => {
        const report = await runChaos({ ...SHORT, on });
        expect(report.violations).toEqual([]);
        expect(report).toMatchObject({ acknowledged: 42, done: 42, failed: {} });
        expect(Math.min(report.kills / 2, report.stops, report.restarts)).toBeGreaterThanOrEqual(1);
        expect(report.recoveries.length).toBeGreaterThan(0);
      },
      240_000,
    );
  }
});
