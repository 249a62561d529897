/*
 * Sends thousands of damaged files of each format to a real server, and says how they ended, by how much the slowest ran past its timeout,
 * and for how long the server's event loop was held up. Told to end it sends no more, and reports about those that it has sent.
 *
 *     npm run build && node --import ./scripts/typescript.mjs bench/soak/mutations.ts [--each 3000] [--timeout 10] [--beside 4]
 */
import { parseArgs } from 'node:util';
import { type MutationOutcomes, mutationSoak } from '../../test/soak/mutations.js';

const { values } = parseArgs({
  options: {
    each: { type: 'string', default: '3000' },
    timeout: { type: 'string', default: '10' },
    beside: { type: 'string', default: '4' },
  },
});

function tell(what: string, { latest, held, resident }: MutationOutcomes): void {
  console.log(
    `${what}: the slowest job ${latest.toFixed(1)} s past its timeout; event loop held up ${held.wall.toFixed(0)} ms on the wall, ${held.own.toFixed(0)} ms by itself; ${Math.round(resident / 2 ** 20)} MiB`,
  );
}

const cut = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => cut.abort());
const started = performance.now();
const outcomes = await mutationSoak({
  perKind: Number(values.each),
  timeout: Number(values.timeout),
  concurrency: Number(values.beside),
  cut: cut.signal,
  onRound: (perKind, outcomes) => tell(`${perKind} of each format`, outcomes),
});
tell(`all, ${Math.round((performance.now() - started) / 1000)} s`, outcomes);
for (const [outcome, count] of [...outcomes.ended].sort())
  console.log(`${String(count).padStart(8)}  ${outcome}`);
