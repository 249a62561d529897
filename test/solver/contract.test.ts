import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, it } from 'vitest';
import { ExternalScript } from '../../src/solver/external/external-script.js';
import { SolveField } from '../../src/solver/solve-field/solve-field.js';
import { describeSolver, FixedSolver, type SolverUnderTest } from '../../src/testing.js';
import { noSky } from '../sky/no-sky.js';
import { writeSky } from '../sky/write.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));

/** The photographs of the suite in a folder of their own, and the solvers that `make` returns for it. */
async function photographs(
  make: (folder: string) => Promise<Pick<SolverUnderTest, 'solver' | 'unavailable'>>,
): Promise<SolverUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'solver-images-'));
  const [blank, shuffled] = [join(folder, 'blank.png'), join(folder, 'shuffled.png')];
  await sharp({ create: { width: 300, height: 200, channels: 3, background: '#101018' } })
    .png()
    .toFile(blank);
  await writeSky(shuffled, noSky('shuffled stars', 7), { format: 'png' });
  return {
    ...(await make(folder)),
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

describeSolver({ describe, it }, 'SolveField', () =>
  photographs(async (folder) => ({
    solver: new SolveField(),
    unavailable: new SolveField({ program: join(folder, 'nowhere') }),
  })),
);

/** A stand-in for an extraction script: it knows the photograph by the arguments that it is called with, and is slow for a factor of 1. */
const SCRIPT = `#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in --downsample) factor=$2;; --scale-low) low=$2;; esac
  shift
done
[ "$factor" = 1 ] && { sleep 60 & wait; }
[ "$factor" = 4 ] && [ "$low" = 10 ] && echo '{"ok": true, "filename": "x", "capture": {}, "astrometry": {"ra_center": 84.15, "dec_center": -3,
"fov_deg": [15, 10], "pixscale_arcsec": 30, "orientation_deg": 0, "objects": []}}' && exit 0
echo '{"ok": false, "error": "Not solved", "error_code": "no_solution"}'
exit 2
`;

describeSolver({ describe, it }, 'ExternalScript', () =>
  photographs(async (folder) => {
    const bin = join(folder, 'extract');
    await writeFile(bin, SCRIPT);
    await chmod(bin, 0o755);
    return {
      solver: new ExternalScript({ bin }),
      unavailable: new ExternalScript({ bin: join(folder, 'nowhere') }),
    };
  }),
);

describeSolver({ describe, it }, 'FixedSolver', () =>
  photographs(async () => ({
    solver: new FixedSolver({
      answer: ({ image, params }) => {
        if (image.path === EXAMPLE) return { ra_deg: 84.15, dec_deg: -3, pixscale_arcsec: 30.56 };
        const seconds = params.downsample === 1 ? 20 : 0;
        return { code: 'no_solution', message: 'No such field', seconds };
      },
    }),
    unavailable: 'never',
  })),
);
