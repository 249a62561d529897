// Reads mutated FITS headers, EXIF blocks and containers, and says whether any ends in an error, is not valid against the schema of
// the result, or is slow: node --import ./scripts/typescript.mjs bench/capture-mutations.ts [COUNT] [SEED]
import { argv, exit } from 'node:process';
import { tryMutations } from '../test/capture/mutations.js';

const count = Number(argv[2] ?? 100_000);
const seed = Number(argv[3] ?? 2026);
const start = performance.now();
const { problems, slowest, slowestProcessor, refused } = await tryMutations(seed, count);
const seconds = (performance.now() - start) / 1000;
console.log(
  `${count} mutations with seed ${seed}: ${problems.length} problems, ${refused} containers refused, the slowest ${slowest.toFixed(0)} ms (${slowestProcessor.toFixed(0)} ms of a processor), ${seconds.toFixed(0)} s in all`,
);
for (const problem of problems.slice(0, 20)) console.log(problem);
exit(problems.length > 0 || slowest > 1000 ? 1 : 0);
