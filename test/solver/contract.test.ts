import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, it } from 'vitest';
import { ExternalScript } from '../../src/solver/external/external-script.js';
import { SolveField } from '../../src/solver/solve-field/solve-field.js';
import type { Solver } from '../../src/solver/solver.js';
import { describeSolver, type SolverUnderTest } from '../../src/testing.js';
import { noSky } from '../sky/no-sky.js';
import { writeSky } from '../sky/write.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));

async function photographs(make: (folder: string) => Promise<Solver>): Promise<SolverUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'solver-images-'));
  const [blank, shuffled] = [join(folder, 'blank.png'), join(folder, 'shuffled.png')];
  await sharp({ create: { width: 300, height: 200, channels: 3, background: '#101018' } })
    .png()
    .toFile(blank);
  await writeSky(shuffled, noSky('shuffled stars', 7), { format: 'png' });
  return {
    solver: await make(folder),
    solvable: {
      path: EXAMPLE,
      params: { scale_low: 10, scale_high: 20, downsample: 4 },
      ra_deg: 84.15,
      dec_deg: -3,
      within_deg: 0.1,
    },
    unsolvable: { path: blank, params: { timeout: 20 } },
    slow: { path: shuffled, params: { timeout: 60, downsample: 1 } },
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

describeSolver({ describe, it }, 'SolveField', () => photographs(async () => new SolveField()));

/** A stand-in for an extraction script: it knows the photograph by its downsample factor, and is slow for a factor of 1. */
const SCRIPT = `#!/bin/sh
while [ $# -gt 0 ]; do [ "$1" = --downsample ] && factor=$2; shift; done
[ "$factor" = 1 ] && exec sleep 60
[ "$factor" = 4 ] && echo '{"ok": true, "filename": "x", "capture": {}, "astrometry": {"ra_center": 84.15, "dec_center": -3,
"fov_deg": [15, 10], "pixscale_arcsec": 30, "orientation_deg": 0, "objects": []}}' && exit 0
echo '{"ok": false, "error": "Not solved", "error_code": "no_solution"}'
exit 2
`;

describeSolver({ describe, it }, 'ExternalScript', () =>
  photographs(async (folder) => {
    const bin = join(folder, 'extract');
    await writeFile(bin, SCRIPT);
    await chmod(bin, 0o755);
    return new ExternalScript({ bin });
  }),
);
