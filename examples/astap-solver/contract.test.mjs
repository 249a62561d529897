// `npm test`: the solver keeps what the library's Solver interface promises, with the stand-in in the place of ASTAP.
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { analyze } from 'astro-jobs';
import { describeSolver } from 'astro-jobs/testing';
import { AstapSolver, astapArguments, parseIni } from './astap-solver.mjs';

const PHOTOGRAPH = fileURLToPath(new URL('../orion.jpg', import.meta.url));
const STAND_IN = fileURLToPath(new URL('./stand-in.mjs', import.meta.url));
/** Of the photograph, as it was rendered; in its first row the top. */
const WCS = {
  CRVAL1: 84.15,
  CRVAL2: -3,
  CRPIX1: 900.5,
  CRPIX2: 600.5,
  CD1_1: -0.0083,
  CD1_2: 0.0018,
  CD2_1: 0.0018,
  CD2_2: 0.0083,
};

async function photographs() {
  const dir = await mkdtemp(join(tmpdir(), 'astap-solver-'));
  const make = async (name, truth) => {
    const path = join(dir, name);
    await copyFile(PHOTOGRAPH, path);
    if (truth) await writeFile(`${path}.truth.json`, JSON.stringify(truth));
    return { path };
  };
  return {
    solvable: { ...(await make('known.jpg', { wcs: WCS })), ra_deg: 84.15, dec_deg: -3, within_deg: 0.1 },
    unsolvable: await make('unknown.jpg'),
    slow: await make('slow.jpg', { wait_seconds: 30 }),
    dispose: () => rm(dir, { recursive: true, force: true }),
  };
}

describeSolver({ describe, it }, 'AstapSolver', async () => ({
  solver: new AstapSolver({ program: STAND_IN }),
  ...(await photographs()),
}));

describe('ASTAP', () => {
  it('is told hours, south pole distance and the height of the field', () => {
    const image = { width: 3000, height: 2000 };
    const params = {
      ra: 83.8,
      dec: -5.4,
      radius: 10,
      scale_low: 2,
      scale_high: 4,
      scale_units: 'degwidth',
      use_metadata: true,
    };
    const args = astapArguments(
      { image, params, hints: { scales: [], positions: [] } },
      'image.jpg',
      'solution',
    );
    const option = (name) => Number(args[args.indexOf(name) + 1]);
    assert.ok(Math.abs(option('-ra') - 83.8 / 15) < 1e-9);
    assert.ok(Math.abs(option('-spd') - 84.6) < 1e-9);
    assert.equal(option('-r'), 10);
    assert.ok(Math.abs(option('-fov') - 2) < 1e-9);
  });

  it('leaves its answer in an .ini file', () => {
    assert.deepEqual(parseIni('PLTSOLVD=F\r\nCMDLINE=astap_cli -f x\r\nERROR=No star database found.\r\n'), {
      PLTSOLVD: 'F',
      CMDLINE: 'astap_cli -f x',
      ERROR: 'No star database found.',
    });
  });

  it('is what `params.solver` can name', async () => {
    const { solvable, dispose } = await photographs();
    try {
      const solver = new AstapSolver({ program: STAND_IN });
      const result = await analyze(solvable.path, { solver: 'astap' }, { solver });
      assert.ok(result.ok, result.error);
      assert.equal(result.solve.solver, 'astap');
      assert.ok(Math.abs(result.astrometry.ra_center - 84.15) < 0.1);
    } finally {
      await dispose();
    }
  });
});
