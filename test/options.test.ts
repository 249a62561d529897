import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AstroJobs, AstroJobWorker, analyze, MemoryJobStore } from '../src/index.js';

const WRONG: readonly [options: object, message: string][] = [
  [{ concurrency: 0 }, 'Expected `concurrency` to be a whole number, 1 or more, got `0` (number)'],
  [{ concurrency: -2 }, 'Expected `concurrency` to be a whole number, 1 or more, got `-2` (number)'],
  [{ concurency: 1 }, 'Unknown option `concurency` (did you mean `concurrency`?); known are '],
  [{ leaseSeconds: -1 }, 'Expected `leaseSeconds` to be a positive number of seconds'],
  [{ maxAttempts: 1.5 }, 'Expected `maxAttempts` to be a whole number, 1 or more'],
  [{ logger: {} }, 'Expected `logger` to be a logger, with the methods debug, info, warn, error'],
  [{ store: {} }, 'Expected `store` to be a JobStore, with the methods create, '],
  [{ queue: 'redis' }, 'Expected `queue` to be a JobQueue, with the methods attach, '],
  [{ solver: {} }, 'Expected `solver` to be a solver, or a list of solvers'],
  [{ isolation: 'thread' }, 'Expected `isolation` to be `process` or `none`, got `"thread"`'],
  [{ limits: { maxJob: 3 } }, 'Unknown option `limits.maxJob` (did you mean `maxJobs`?); known are maxBytes'],
  [{ limits: { maxBytes: '1 GB' } }, 'Expected `limits.maxBytes` to be a whole number, 1 or more'],
  [{ memory: true }, 'Expected `memory` to be `false`, or an OpticsMemory'],
  [{ dir: '' }, 'Expected `dir` to be a text that is not empty'],
  [{ indexDirs: '/data' }, 'Expected `indexDirs` to be a list of folders'],
];

afterEach(() => vi.unstubAllEnvs());

describe('a wrong option', () => {
  for (const [options, message] of WRONG) {
    it(`is refused by name: ${JSON.stringify(options)}`, () => {
      const construct = () => new AstroJobs(options);
      expect(construct).toThrow(expect.objectContaining({ code: 'invalid_params' }));
      expect(construct).toThrow(message);
    });
  }

  it('is refused by a worker, which needs a store', () => {
    const store = new MemoryJobStore();
    expect(() => new AstroJobWorker({ store, concurrency: 0 })).toThrow('Expected `concurrency`');
    expect(() => Reflect.construct(AstroJobWorker, [{}])).toThrow('Expected `store` to be a JobStore');
  });

  it('is refused by analyze', async () => {
    await expect(analyze('no.jpg', {}, { cores: 0 })).rejects.toMatchObject({
      code: 'invalid_params',
      message: expect.stringContaining('`cores`'),
    });
  });
});

describe('a wrong variable of the environment', () => {
  for (const [name, value] of [
    ['ASTRO_JOBS_CONCURRENCY', 'many'],
    ['ASTRO_JOBS_ACCESS', 'everyone'],
    ['ASTRO_JOBS_ISOLATION', 'thread'],
    ['ASTRO_JOBS_MEMORY', 'a little'],
  ] as const) {
    it(`is refused by name: ${name}=${value}`, () => {
      vi.stubEnv(name, value);
      expect(() => new AstroJobs({ dir: join(tmpdir(), 'nothing-is-made') })).toThrow(
        `Expected the environment variable ${name} to be `,
      );
    });
  }
});
