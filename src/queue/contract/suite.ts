import type { TestRunner } from '../../store/contract/under-test.js';
import { ending } from './ending.js';
import { order } from './order.js';
import { recovery } from './recovery.js';
import { type QueueUnderTest, type QueueWanted, withScene } from './under-test.js';

/**
 * What every `JobQueue` promises, as tests. `make` is given the solver's stand-in and returns the queue with its workers.
 *
 * @example
 * describeQueue({ describe, it }, 'MyQueue', async (wanted) => ({ store, queue, runsHere: true, dispose }));
 */
export function describeQueue(
  runner: TestRunner,
  name: string,
  make: (wanted: QueueWanted) => Promise<QueueUnderTest>,
): void {
  runner.describe(`${name} keeps the promises of a JobQueue`, () => {
    for (const [what, { concurrency, check }] of Object.entries({ ...order, ...recovery, ...ending }))
      runner.it(what, () => withScene(make, concurrency, check));
  });
}
