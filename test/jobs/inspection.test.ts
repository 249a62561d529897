import { expect, it } from 'vitest';
import { AstroJobs, InProcessQueue, MemoryJobStore, type Solver, type SolverInfo } from '../../src/index.js';

/** As a folder on a file server that is gone: it does not keep to the time it is given. */
class SilentStore extends MemoryJobStore {
  override check(): Promise<void> {
    return new Promise(() => {});
  }
}

it('says within seconds that a store does not answer, also one that keeps to no time', async () => {
  await using jobs = new AstroJobs({
    store: new SilentStore(),
    queue: new InProcessQueue({ concurrency: 0 }),
  });
  const started = performance.now();
  const { store, queue } = await jobs.inspect();
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(store).toMatchObject({ usable: false, problem: expect.stringMatching(/No answer within \d/) });
  expect(queue.usable).toBe(true);
});

/** As a program on a disk that never wakes, and as one that breaks. */
function solverThat(name: string, inspect: () => Promise<SolverInfo>): Solver {
  return { name, inspect, solve: () => Promise.reject(new Error('not asked for')) };
}

it('says of a solver that does not answer, or fails at it, that it cannot be used', async () => {
  await using jobs = new AstroJobs({
    store: new MemoryJobStore(),
    queue: new InProcessQueue({ concurrency: 0 }),
    solver: [
      solverThat('silent', () => new Promise(() => {})),
      solverThat('broken', () => Promise.reject(new Error('its index is on fire'))),
    ],
  });
  const { solvers } = await jobs.inspect();
  expect(solvers.find(({ name }) => name === 'silent')).toMatchObject({
    available: false,
    problem: expect.stringMatching(/No answer within \d/),
  });
  expect(solvers.find(({ name }) => name === 'broken')).toMatchObject({
    available: false,
    problem: expect.stringContaining('its index is on fire'),
  });
});
