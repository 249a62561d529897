/*
 * Tries to solve pictures that have no plate solution, and counts the wrong answers; there must be none.
 *
 *     node --import ./scripts/typescript.mjs bench/false-solutions.ts [--count 200] [--timeout 10] [--jobs 2]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAnalyzer } from '../src/analysis/analyze.js';
import { LocalReader } from '../src/decoding/local-reader.js';
import { parseParams } from '../src/job/params.js';
import { SolveField } from '../src/solver/solve-field/solve-field.js';
import { NO_SKY_KINDS, noSky } from '../test/sky/no-sky.js';
import { writeSky } from '../test/sky/write.js';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    timeout: { type: 'string', default: '10' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});
const count = Number(values.count);
const analyze = createAnalyzer({ solvers: [new SolveField()], cores: () => 1, reader: new LocalReader() });
const outcomes = new Map<string, number>();
const wrong: string[] = [];
let next = 1;

async function worker(): Promise<void> {
  while (next <= count) {
    const seed = next++;
    const kind = NO_SKY_KINDS[seed % NO_SKY_KINDS.length]!;
    const scratch = await mkdtemp(join(tmpdir(), 'false-solution-'));
    try {
      const path = join(scratch, 'picture.jpg');
      await writeSky(path, noSky(kind, seed), { format: 'jpeg' });
      const { result } = await analyze(path, parseParams({ timeout: Number(values.timeout) }), {
        filename: 'picture.jpg',
        scratch,
        signal: new AbortController().signal,
        log: () => {},
        onProgress: () => {},
      });
      const outcome = `${kind}: ${result.ok ? 'SOLVED' : result.error_code}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (result.ok) wrong.push(`${kind}, seed ${seed}: log-odds ${result.astrometry.quality?.log_odds}`);
      process.stderr.write(`${seed}/${count} ${outcome}\n`);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
}

await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
for (const [outcome, times] of [...outcomes].sort()) console.log(`${String(times).padStart(5)}  ${outcome}`);
console.log(`${wrong.length} wrong solutions of ${count}`);
for (const line of wrong) console.log(line);
process.exitCode = wrong.length > 0 ? 1 : 0;
