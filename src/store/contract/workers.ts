import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { thisWorker } from '../../process/machine.js';
import type { WorkerList } from '../worker-list.js';
import type { Checks } from './under-test.js';

/** A process of another machine, of which nothing can be known here but what it says. */
const notice = (pid: number, concurrency = 2) => ({
  ...{ host: `${hostname()}/of «another»`, pid, machine: '' },
  concurrency,
});

const pidsOf = async (workers: WorkerList) => (await workers.list()).map(({ pid }) => pid).sort();

/** A store without a place for them has nothing to promise. */
export const workers: Checks = {
  'lists those that have announced themselves, until they withdraw': async ({ workers: list }) => {
    if (!list) return;
    assert.deepEqual(await list.list(), [], 'a new store has workers');
    await list.announce(notice(7), 60);
    await list.announce(notice(8), 60);
    await list.announce(notice(7, 4), 60);
    const known = (await list.list()).sort((a, b) => a.pid - b.pid);
    assert.deepEqual(known, [notice(7, 4), notice(8)], 'not each worker once, as it said last');
    await list.withdraw(notice(8));
    await list.withdraw(notice(9));
    assert.deepEqual(await pidsOf(list), [7], 'not those that are left');
  },

  'forgets those that are silent': async ({ workers: list }) => {
    if (!list) return;
    await list.announce(notice(7), 0.2);
    await list.announce({ ...thisWorker(), concurrency: 1 }, 60);
    await sleep(400);
    assert.deepEqual(await pidsOf(list), [process.pid], 'a worker that is silent is listed');
    await list.announce({ ...thisWorker(), concurrency: 1 }, 60);
    assert.deepEqual(await pidsOf(list), [process.pid]);
  },
};
