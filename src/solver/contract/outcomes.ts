import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { parseHeader } from '../../fits/header.js';
import { isErrorCode } from '../../job/error-codes.js';
import { readOutcomeFile } from '../../store/outcome-file.js';
import { parseWcs } from '../../wcs/parse.js';
import { separation } from '../../wcs/sphere.js';
import { pixelToSky } from '../../wcs/tan-sip.js';
import { trySolver } from './trial.js';
import { type Checks, centreOf, codeOf } from './under-test.js';

/** A scale at which no photograph of the sky is taken, arcseconds per pixel. */
const NO_SCALE = { scale_low: 0.001, scale_high: 0.002, scale_units: 'arcsecperpix' } as const;
const SAME_PLACE_DEG = 1e-6;

/** What `solve` promises for images with and without a solution. */
export const outcomes: Checks = {
  'finds the place of an image that it knows': async ({ solver, solvable }) => {
    const { outcome, stages } = await trySolver(solver, solvable);
    const centre = centreOf(outcome);
    assert.ok(centre, `it was not solved: ${codeOf(outcome)}`);
    const off = separation(...centre, solvable.ra_deg, solvable.dec_deg);
    assert.ok(
      off <= solvable.within_deg,
      `the centre is ${off}° off; at most ${solvable.within_deg} are allowed`,
    );
    assert.ok(stages.includes('solving'), `it reported the stages ${stages.join(', ')}, and not "solving"`);
  },

  'keeps its files in memory or in scratch until they are read': async ({ solver, solvable }) => {
    const look = async ({ outcome, scratch }: Awaited<ReturnType<typeof trySolver>>) => {
      for (const [name, file] of Object.entries(outcome.files)) {
        assert.match(name, /^[\w.-]+$/, `${name} is no plain file name`);
        if (typeof file !== 'string') continue;
        assert.ok(file.startsWith(`${scratch}/`), `${file} is not in the scratch folder`);
        assert.ok((await stat(file)).isFile(), `${name} is not at ${file}`);
      }
    };
    await trySolver(solver, solvable, { look });
  },

  'leaves a solution.wcs that says what its outcome says': async ({ solver, solvable }) => {
    const look = async ({ outcome }: Awaited<ReturnType<typeof trySolver>>) => {
      // A document of another program comes without a plate solution.
      if (outcome.kind !== 'plate') return;
      const file = outcome.files['solution.wcs'];
      assert.ok(file, 'there is no solution.wcs, which pictures and exports are made from');
      const written = parseWcs(parseHeader(await readOutcomeFile(file)));
      const { width, height } = outcome.wcs;
      assert.deepEqual([written.width, written.height], [width, height], 'its IMAGEW and IMAGEH');
      for (const [x, y] of [[1, 1] as const, [width, 1] as const, [1, height] as const]) {
        const off = separation(...pixelToSky(written, x, y), ...pixelToSky(outcome.wcs, x, y));
        assert.ok(off < SAME_PLACE_DEG, `pixel (${x}, ${y}) is ${off}° off in solution.wcs`);
      }
    };
    await trySolver(solver, solvable, { look });
  },

  'reports how it was done': async ({ solver, solvable }) => {
    const { outcome } = await trySolver(solver, solvable);
    if (outcome.kind === 'document') return;
    assert.equal(outcome.report.solver, solver.name);
    assert.ok(outcome.report.seconds >= 0, `it took ${outcome.report.seconds} s`);
  },

  'answers for an image without a solution with a stable code': async ({ solver, unsolvable }) => {
    const { outcome } = await trySolver(solver, unsolvable);
    assert.equal(centreOf(outcome), undefined, 'it was solved');
    assert.ok(isErrorCode(codeOf(outcome)), `${codeOf(outcome)} is no code of the library`);
  },

  'finds nothing outside the scale that the caller gives': async ({ solver, solvable }) => {
    const params = { ...solvable.params, ...NO_SCALE, timeout: 20 };
    const { outcome } = await trySolver(solver, { ...solvable, params });
    assert.equal(centreOf(outcome), undefined, 'it was solved outside the bounds');
  },

  'solves images side by side without mixing them up': async ({ solver, solvable, unsolvable }) => {
    const [first, second, third] = await Promise.all([
      trySolver(solver, solvable),
      trySolver(solver, unsolvable),
      trySolver(solver, solvable),
    ]);
    const [one, other] = [centreOf(first.outcome), centreOf(third.outcome)];
    assert.ok(one && other, 'the image that it knows was not solved');
    assert.equal(centreOf(second.outcome), undefined, 'the image without a solution was solved');
    for (const centre of [one, other])
      assert.ok(separation(...centre, solvable.ra_deg, solvable.dec_deg) <= solvable.within_deg);
  },
};
