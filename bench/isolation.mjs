/*
 * What it costs to read images in a process of their own: `analyze()` in a warm process with it and without it, in turns.
 *
 *     npm run build && node bench/isolation.mjs FOLDER [--runs 9]
 *
 * Prints the median time of each photograph that is solved, both ways, and the median of all differences of neighbouring runs.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { argv } from 'node:process';
import { parseArgs } from 'node:util';
import { analyze } from '../dist/index.js';

const { values, positionals } = parseArgs({
  args: argv.slice(2),
  allowPositionals: true,
  options: { runs: { type: 'string', default: '9' }, timeout: { type: 'string', default: '5' } },
});
const [folder] = positionals;
if (!folder) throw new Error('Give the folder of the photographs');

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function timed(path, isolation) {
  const started = performance.now();
  const { ok } = await analyze(
    path,
    { solver: 'builtin', timeout: Number(values.timeout) },
    { isolation, indexDirs: [] },
  );
  return { ok, ms: performance.now() - started };
}

const differences = [];
for (const name of (await readdir(folder)).sort()) {
  const path = join(folder, name);
  if (!(await timed(path, 'process')).ok || !(await timed(path, 'none')).ok) continue;
  const runs = [];
  for (let run = 0; run < Number(values.runs); run++) {
    // Each way goes first as often as the other.
    const order = run % 2 === 0 ? ['process', 'none'] : ['none', 'process'];
    const [a, b] = [await timed(path, order[0]), await timed(path, order[1])];
    runs.push(run % 2 === 0 ? { isolated: a.ms, plain: b.ms } : { isolated: b.ms, plain: a.ms });
  }
  differences.push(...runs.map(({ isolated, plain }) => isolated - plain));
  const [isolated, plain] = [median(runs.map((run) => run.isolated)), median(runs.map((run) => run.plain))];
  console.log(`${isolated.toFixed(1).padStart(8)} ${plain.toFixed(1).padStart(8)} ms  ${name}`);
}
console.log(
  `${median(differences).toFixed(1)} ms more in the median of ${differences.length} pairs (${differences.length / Number(values.runs)} photographs)`,
);
