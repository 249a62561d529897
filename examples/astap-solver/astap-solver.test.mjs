import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyze, parseParams } from 'astro-jobs';
import { failureOf, isWithinBounds, parseIni, wcsOf } from './answer.mjs';
import { astapArguments } from './arguments.mjs';
import { AstapSolver } from './astap-solver.mjs';
import { ORION, photographs, STAND_IN } from './photographs.mjs';

const IMAGE = { kind: 'jpeg', width: 3000, height: 2000 };
const NO_HINTS = { scales: [], positions: [] };

describe('the command line', () => {
  const argumentsOf = (params, hints = NO_HINTS) => {
    const args = astapArguments({ image: IMAGE, params: parseParams(params), hints }, 'image.jpg', 'astap');
    return (name) => (args.includes(name) ? Number(args[args.indexOf(name) + 1]) : undefined);
  };
  const near = (actual, expected) =>
    assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}, not ${expected}`);

  it('has hours, south pole distance and the height of the field', () => {
    const option = argumentsOf({
      ra: 83.8,
      dec: -5.4,
      radius: 10,
      scale_low: 2.4,
      scale_high: 2.4,
      scale_units: 'arcsecperpix',
    });
    near(option('-ra'), 83.8 / 15);
    near(option('-spd'), 84.6);
    assert.equal(option('-r'), 10);
    near(option('-fov'), (2.4 * 2000) / 3600);
  });

  it('begins where the metadata point, and searches everywhere', () => {
    const position = { ra_deg: 30, dec_deg: 10, radius_deg: 5, source: 'fits', reason: '' };
    const scale = { low_arcsec_per_pixel: 1, high_arcsec_per_pixel: 4, source: 'fits', reason: '' };
    const hints = { scales: [scale], positions: [position] };
    const option = argumentsOf({}, hints);
    near(option('-ra'), 2);
    assert.equal(option('-r'), 180);
    near(option('-fov'), (2 * 2000) / 3600);
    const without = argumentsOf({ use_metadata: false }, hints);
    assert.deepEqual([without('-ra'), without('-fov')], [undefined, undefined]);
  });
});

describe('the answer', () => {
  const answer = (error) => `\nPLTSOLVD=F\nCMDLINE=astap_cli -f x\n${error && `ERROR=${error}\n`}`;

  it('is read from an .ini file, with a code for each of its errors', () => {
    assert.deepEqual(parseIni('\r\nPLTSOLVD=T\r\nCRPIX1= 8.005E+002\r\n'), {
      PLTSOLVD: 'T',
      CRPIX1: '8.005E+002',
    });
    const codes = [
      ['', 'no_solution'],
      ['No star database found.', 'solver_unavailable'],
      ['Error reading image file.', 'corrupt_image'],
      ['Not enough stars.', 'too_few_stars'],
    ];
    for (const [error, code] of codes) assert.equal(failureOf(parseIni(answer(error))).code, code, error);
    assert.equal(failureOf(parseIni('')).code, 'solver_crashed');
  });

  it('counts the rows of all images but FITS from the last one', () => {
    const ini = { CRVAL1: 1, CRVAL2: 2, CRPIX1: 10, CRPIX2: 20, CD1_1: 1, CD1_2: 2, CD2_1: 3, CD2_2: 4 };
    assert.deepEqual(wcsOf(ini, { ...IMAGE, kind: 'fits' }).crpix, [10, 20]);
    const { crpix, cd } = wcsOf(ini, IMAGE);
    assert.deepEqual(crpix, [10, 1981]);
    assert.deepEqual(cd, [
      [1, -2],
      [3, -4],
    ]);
  });

  it('is held against the bounds of the caller', () => {
    const wcs = wcsOf(ORION.wcs, { kind: 'fits', width: 1800, height: 1200 });
    const within = (params) => isWithinBounds(wcs, parseParams(params));
    assert.ok(within({ scale_low: 15, scale_high: 16, ra: 84, dec: -3, radius: 1, parity: 1 }));
    assert.ok(!within({ scale_low: 20, scale_high: 30 }));
    assert.ok(!within({ parity: -1 }));
    assert.ok(!within({ ra: 84, dec: 60, radius: 1 }));
  });
});

describe('the solver', () => {
  it('is what `params.solver` can name, and its pixels are those of the image', async () => {
    const { make, dispose } = await photographs();
    try {
      const { path } = await make('known.jpg', ORION);
      const result = await analyze(
        path,
        { solver: 'astap' },
        { solver: new AstapSolver({ program: STAND_IN }) },
      );
      assert.ok(result.ok, result.error);
      assert.equal(result.solve.solver, 'astap');
      // Where the stars stand in the photograph.
      for (const [name, x, y] of [
        ['Alnitak', 754.8, 504.2],
        ['Rigel', 1662.8, 1071.3],
      ]) {
        const star = result.astrometry.objects.find((object) => object.name === name);
        assert.ok(Math.hypot(star.x - x, star.y - y) < 2, `${name} is at ${star.x}, ${star.y}`);
      }
    } finally {
      await dispose();
    }
  });

  it('says what is missing when ASTAP has no star database', async () => {
    const { make, dispose } = await photographs();
    try {
      const { path } = await make('known.jpg', { error: 'No star database found.' });
      const result = await analyze(
        path,
        { solver: 'astap' },
        { solver: new AstapSolver({ program: STAND_IN }) },
      );
      assert.equal(result.error_code, 'solver_unavailable');
    } finally {
      await dispose();
    }
  });
});
