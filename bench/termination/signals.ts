// `node --import ./scripts/typescript.mjs bench/termination/signals.ts [signals]`: SIGTERM and SIGINT at random moments to processes of
// every pair of a store and a queue, real servers restarted in between. Run `npm run build` before. The short form is a test.
import { startPairs } from '../../test/termination/pairs.js';
import { runSignals } from '../../test/termination/signals.js';

await using all = await startPairs();
const report = await runSignals(all, {
  signals: Number(process.argv[2] ?? 200),
  restartEvery: 4,
  say: (line) => console.error(line),
});
console.log(JSON.stringify(report, null, 2));
if (report.violations.length > 0) process.exitCode = 1;
