import { fileURLToPath } from 'node:url';
import { runChaos } from '../../test/distributed/chaos/chaos.js';

// `npm run build && node --import ./scripts/typescript.mjs bench/scaling/chaos.ts [postgres|redis]`: the full form of
// test/distributed/chaos.test.ts. Prints the reckoning; exit status 1 if a promise was broken.

const ORION = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));
const wanted = process.argv[2];

for (const on of ['postgres', 'redis'] as const) {
  if (wanted !== undefined && wanted !== on) continue;
  const { recoveries, ...report } = await runChaos({
    ...{
      on,
      scripted: 300,
      real: 30,
      photographs: [{ path: ORION, params: { scale_low: 10, scale_high: 20 } }],
    },
    ...{
      leaseSeconds: 6,
      recoverySeconds: 9,
      submitEveryMs: 500,
      workers: 3,
      concurrency: 2,
      every: 3,
      patience: 600,
    },
    misdeeds: ['kill', 'stop', 'kill', 'restart', 'kill'],
    say: (line) => process.stderr.write(`${line}\n`),
  });
  recoveries.sort((a, b) => a - b);
  const leases = recoveries.map((seconds) => Number((seconds / 6).toFixed(2)));
  process.stdout.write(`${JSON.stringify({ on, ...report, recoveriesInLeases: leases }, null, 2)}\n`);
  if (report.violations.length > 0) process.exitCode = 1;
}
