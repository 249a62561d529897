import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenedImage } from '../../src/image/image.js';
import { parseParams } from '../../src/job/params.js';
import { BuiltinSolver } from '../../src/solver/builtin/builtin-solver.js';
import type { PlateOutcome } from '../../src/solver/solver.js';

const TIMEOUT_S = 300;

/** An image solved by the package's own engine, with nothing known of it but what the parameters say. */
export async function solveBuiltin(
  image: OpenedImage,
  params: Readonly<Record<string, unknown>> = {},
): Promise<PlateOutcome> {
  const scratch = await mkdtemp(join(tmpdir(), 'bench-builtin-'));
  try {
    return await new BuiltinSolver().solve(
      {
        image,
        params: parseParams({ timeout: TIMEOUT_S, ...params }),
        hints: { scales: [], positions: [] },
      },
      {
        scratch,
        cores: 1,
        signal: AbortSignal.timeout(1000 * TIMEOUT_S),
        log: () => undefined,
        onProgress: () => undefined,
      },
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
