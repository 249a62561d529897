import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AstroJobs, AstroJobWorker, analyze, MemoryJobStore } from '../src/index.js';
import { WRONG_OPTIONS } from './wrong-options.js';

/** What each of them is told, from its beginning. */
const MESSAGES = [
  'Expected `concurrency` to be a whole number, 1 or more, got `0` (number)',
  'Expected `concurrency` to be a whole number, 1 or more, got `-2` (number)',
  'Unknown option `concurency` (did you mean `concurrency`?); known are ',
  'Expected `leaseSeconds` to be a positive number of seconds',
  'Expected `maxAttempts` to be a whole number, 1 or more',
  'Expected `logger` to be a logger, with the methods debug, info, warn, error',
  'Expected `store` to be a JobStore, with the methods create, ',
  'Expected `queue` to be a JobQueue, with the methods attach, ',
  'Expected `solver` to be a solver, or a list of solvers',
  'Expected `isolation` to be `process` or `none`, got `"thread"`',
  'Unknown option `limits.maxJob` (did you mean `maxJobs`?); known are maxBytes',
  'Expected `limits.maxBytes` to be a whole number, 1 or more',
  'Expected `memory` to be `false`, or an OpticsMemory',
  'Expected `dir` to be a text that is not empty',
  'Expected `indexDirs` to be a list of folders',
];

afterEach(() => vi.unstubAllEnvs());

describe('a wrong option', () => {
  it.each(WRONG_OPTIONS.map(([code, options], at) => [code, options, MESSAGES[at]] as const))(
    'is refused by name: %s',
    (_, options, message) => {
      const construct = () => new AstroJobs(options);
      expect(construct).toThrow(expect.objectContaining({ code: 'invalid_params' }));
      expect(message).toBeTruthy();
      expect(construct).toThrow(message);
    },
  );

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
