// Prints the most memory, in megabytes, that this process held while it solved the picture of its first argument.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openImage } from '../../dist/image/open.js';
import { parseParams } from '../../dist/job/params.js';
import { SolveField } from '../../dist/solver/solve-field/solve-field.js';

const scratch = await mkdtemp(join(tmpdir(), 'bench-memory-'));
try {
  const outcome = await new SolveField().solve(
    {
      image: await openImage(process.argv[2]),
      params: parseParams({ scale_low: 4, scale_high: 6.25 }),
      hints: { scales: [], positions: [] },
    },
    { scratch, cores: 1, signal: AbortSignal.timeout(120_000), log: () => {}, onProgress: () => {} },
  );
  if (outcome.kind === 'failed') throw new Error(outcome.message);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
console.log(process.resourceUsage().maxRSS / 1024);
