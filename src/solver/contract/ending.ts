import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { processesIn } from './processes.js';
import { END_MS, settlesWithin, trySolver } from './trial.js';
import { type Checks, centreOf } from './under-test.js';

/** How long the suite waits for a program of the solver to run before it ends the solve, milliseconds. */
const START_MS = 1000;

/** What `solve` promises when its signal ends it. */
export const ending: Checks = {
  'does not begin when it was ended before': async ({ solver, slow }) => {
    const reason = new Error('ended before it began');
    const solving = trySolver(solver, slow, { signal: AbortSignal.abort(reason) });
    await settlesWithin(2 * END_MS, 'Ending', rejectsWith(reason, solving));
  },

  'ends when it is told to, with the reason of the signal, and leaves no process': async ({
    solver,
    slow,
  }) => {
    const controller = new AbortController();
    const reason = new Error('ended by the suite');
    const meanwhile = async (scratch: string) => {
      const deadline = performance.now() + START_MS;
      while ((await processesIn(scratch)).length === 0 && performance.now() < deadline) await sleep(50);
      controller.abort(reason);
    };
    const solving = trySolver(solver, slow, { signal: controller.signal, meanwhile });
    await settlesWithin(START_MS + 3 * END_MS, 'Ending', rejectsWith(reason, solving));
  },

  'works on after it was ended once': async ({ solver, slow, solvable }) => {
    const controller = new AbortController();
    const reason = new Error('ended by the suite');
    const solving = trySolver(solver, slow, { signal: controller.signal });
    controller.abort(reason);
    await rejectsWith(reason, solving);
    const { outcome } = await trySolver(solver, solvable);
    assert.ok(centreOf(outcome), 'the next image was not solved');
  },
};

async function rejectsWith(reason: Error, solving: Promise<unknown>): Promise<void> {
  await assert.rejects(solving, (error) => {
    // An assertion of the suite says more than that the reason is another one.
    if (error instanceof assert.AssertionError) throw error;
    assert.equal(error, reason, 'it did not reject with signal.reason');
    return true;
  });
}
