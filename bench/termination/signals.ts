// `node --import ./scripts/typescript.mjs bench/termination/signals.ts [signals]`: SIGTERM and SIGINT at random moments to processes of
// every pair of a store and a queue, real servers restarted in between. Run `npm run build` before. Told to end it sends no more
// signals, and reports about those that it has sent. The short form is a test.
import { startPairs } from '../../test/termination/pairs.js';
import { runSignals } from '../../test/termination/signals.js';

const cut = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => cut.abort());

await using all = await startPairs();
const { accounts, late, ...numbers } = await runSignals(all, {
  signals: Number(process.argv[2] ?? 200),
  restartEvery: 4,
  cut: cut.signal,
  say: (line) => console.error(line),
});
console.log(JSON.stringify({ ...numbers, late }, null, 2));
console.table(
  Object.fromEntries(
    Object.entries(accounts).map(([name, { lost, failed, notOnce, ...counts }]) => [
      name,
      { ...counts, lost: lost.length, failed: failed.length, 'done not once': notOnce.length },
    ]),
  ),
);
const wrong = Object.values(accounts).flatMap(({ lost, failed, notOnce }) => [
  ...lost,
  ...failed,
  ...notOnce,
]);
if (late.length + wrong.length > 0 || Object.values(accounts).some(({ open }) => open > 0))
  process.exitCode = 1;
