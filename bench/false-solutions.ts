/*
 * Tries to solve pictures that have no plate solution, and counts the wrong answers; there must be none.
 *
 *     node --import ./scripts/typescript.mjs bench/false-solutions.ts [--solver auto] [--pictures starless | shuffled | no-sky]
 *       [--count 200] [--from 1] [--timeout 10] [--jobs 2]
 *
 * `starless` are noise, text, leaves, city lights, drops and dials; `shuffled` have the stars of a field with their places exchanged;
 * `no-sky` are these, other noise and landscapes with lamps. What ends before the timeout has been searched to the end.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAnalyzer } from '../src/analysis/analyze.js';
import { LocalReader } from '../src/decoding/local-reader.js';
import { parseParams } from '../src/job/params.js';
import { wireSolvers } from '../src/wiring.js';
import type { Canvas } from '../test/sky/canvas.js';
import { NO_SKY_KINDS, noSky } from '../test/sky/no-sky.js';
import { STARLESS, starless } from '../test/sky/starless.js';
import { writeSky } from '../test/sky/write.js';

const { values } = parseArgs({
  options: {
    solver: { type: 'string', default: 'auto' },
    pictures: { type: 'string', default: 'starless' },
    count: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    timeout: { type: 'string', default: '10' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});

function picture(seed: number): { kind: string; canvas: Canvas } {
  if (values.pictures === 'starless') {
    const kind = STARLESS[seed % STARLESS.length] ?? 'noise';
    return { kind, canvas: starless(kind, seed) };
  }
  const kind = values.pictures === 'shuffled' ? 'shuffled stars' : NO_SKY_KINDS[seed % NO_SKY_KINDS.length];
  if (!kind) throw new TypeError('There are kinds');
  return { kind, canvas: noSky(kind, seed) };
}

const [from, count, timeout] = [Number(values.from), Number(values.count), Number(values.timeout)];
const analyze = createAnalyzer({
  solvers: await wireSolvers({})(),
  cores: () => 1,
  reader: new LocalReader(),
});
const outcomes = new Map<string, number>();
const wrong: string[] = [];
let next = from;

async function worker(): Promise<void> {
  while (next < from + count) {
    const seed = next++;
    const { kind, canvas } = picture(seed);
    const scratch = await mkdtemp(join(tmpdir(), 'false-solution-'));
    try {
      const path = join(scratch, 'picture.jpg');
      await writeSky(path, canvas, { format: 'jpeg' });
      const { result } = await analyze(path, parseParams({ timeout, solver: values.solver }), {
        filename: 'picture.jpg',
        scratch,
        signal: new AbortController().signal,
        log: () => {},
        onProgress: () => {},
      });
      const outcome = `${kind}: ${result.ok ? 'SOLVED' : result.error_code}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (result.ok)
        wrong.push(
          `${kind}, seed ${seed}: ${result.solve?.solver}, log odds ${result.astrometry.quality?.log_odds}`,
        );
      process.stderr.write(`${seed}/${from + count - 1} ${outcome}\n`);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
}

await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
for (const [outcome, times] of [...outcomes].sort()) console.log(`${String(times).padStart(5)}  ${outcome}`);
console.log(`${wrong.length} wrong solutions of ${count}; ${values.solver}, ended after ${timeout} s`);
for (const line of wrong) console.log(line);
process.exitCode = wrong.length > 0 ? 1 : 0;
