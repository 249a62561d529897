import { creation } from './creation.js';
import { leases } from './leases.js';
import { listing } from './listing.js';
import { logs } from './logs.js';
import { removal } from './removal.js';
import { replacement } from './replacement.js';
import { runnable } from './runnable.js';
import type { Checks, StoreUnderTest, TestRunner } from './under-test.js';
import { workers } from './workers.js';

const SUBJECTS: Readonly<Record<string, Checks>> = {
  create: creation,
  replace: replacement,
  renew: leases,
  runnable,
  'list and counts': listing,
  log: logs,
  'remove and sweep': removal,
  workers,
};

/**
 * What every `JobStore` promises, as tests. For authors of stores: `make` returns a new empty store for each test.
 *
 * @example
 * describeStore({ describe, it }, 'MyStore', async () => ({ store: new MyStore(), dispose: async () => {} }));
 */
export function describeStore(runner: TestRunner, name: string, make: () => Promise<StoreUnderTest>): void {
  const { describe, it } = runner;
  describe(`${name} keeps the promises of a JobStore`, () => {
    for (const [subject, checks] of Object.entries(SUBJECTS)) {
      describe(subject, () => {
        for (const [what, check] of Object.entries(checks)) {
          it(what, async () => {
            const { store, dispose } = await make();
            try {
              await check(store);
            } finally {
              await dispose();
            }
          });
        }
      });
    }
  });
}
