import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { isErrorCode } from '../../job/error-codes.js';
import { separation } from '../../wcs/sphere.js';
import { centreOf, codeOf, type SolverUnderTest, trySolver } from './under-test.js';

type Checks = Readonly<Record<string, (under: SolverUnderTest) => Promise<void>>>;

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

  'keeps its files until they are read': async ({ solver, solvable }) => {
    await trySolver(solver, solvable, undefined, async ({ outcome }) => {
      for (const [name, path] of Object.entries(outcome.files)) {
        assert.match(name, /^[\w.-]+$/, `${name} is no plain file name`);
        assert.ok((await stat(path)).isFile(), `${name} is not at ${path}`);
      }
    });
  },

  'reports how it was done': async ({ solver, solvable }) => {
    const { outcome } = await trySolver(solver, solvable);
    if ('result' in outcome) return;
    assert.equal(typeof outcome.report.solver, 'string');
    assert.ok(outcome.report.seconds >= 0, `it took ${outcome.report.seconds} s`);
  },

  'answers for an image without a solution with a stable code': async ({ solver, unsolvable }) => {
    const { outcome } = await trySolver(solver, unsolvable);
    assert.equal(centreOf(outcome), undefined, 'it was solved');
    assert.ok(isErrorCode(codeOf(outcome)), `${codeOf(outcome)} is no code of the library`);
  },

  'solves images side by side without mixing them up': async ({ solver, solvable, unsolvable }) => {
    const [first, second, third] = await Promise.all([
      trySolver(solver, solvable),
      trySolver(solver, unsolvable),
      trySolver(solver, solvable),
    ]);
    assert.ok(centreOf(first.outcome) && centreOf(third.outcome), 'the image that it knows was not solved');
    assert.equal(centreOf(second.outcome), undefined, 'the other one was');
    assert.deepEqual(centreOf(first.outcome), centreOf(third.outcome));
  },
};
