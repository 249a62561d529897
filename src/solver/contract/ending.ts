import assert from 'node:assert/strict';
import { type SolverUnderTest, settlesWithin, trySolver } from './under-test.js';

type Checks = Readonly<Record<string, (under: SolverUnderTest) => Promise<void>>>;

/** How long a solver may take to end everything that it has started. */
const END_MS = 5000;

/** What `solve` promises when its signal ends it. */
export const ending: Checks = {
  'does not begin when it was ended before': async ({ solver, slow }) => {
    const reason = new Error('ended before it began');
    await settlesWithin(
      END_MS,
      'Ending',
      assert.rejects(trySolver(solver, slow, AbortSignal.abort(reason)), (error) => error === reason),
    );
  },

  'ends at once when it is told to, with the reason of the signal': async ({ solver, slow }) => {
    const controller = new AbortController();
    const reason = new Error('ended by the suite');
    const solving = trySolver(solver, slow, controller.signal);
    const rejected = assert.rejects(
      solving,
      (error) => error === reason,
      'it did not reject with signal.reason',
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    controller.abort(reason);
    await settlesWithin(END_MS, 'Ending', rejected);
  },

  'works on after it was ended once': async ({ solver, slow, solvable }) => {
    const controller = new AbortController();
    const solving = trySolver(solver, slow, controller.signal);
    controller.abort(new Error('ended by the suite'));
    await assert.rejects(solving);
    const { outcome } = await trySolver(solver, solvable);
    assert.ok('result' in outcome ? outcome.result.ok : outcome.solved, 'the next image was not solved');
  },
};
