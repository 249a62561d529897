import { describe, expect, it } from 'vitest';
import { chooseSolver } from '../../src/solver/choose.js';
import type { Solver } from '../../src/solver/solver.js';

function solver(name: string, problem?: string): Solver {
  return {
    name,
    inspect: async () => ({ name, available: problem === undefined, ...(problem && { problem }) }),
    solve: () => Promise.reject(new Error('not to be called')),
  };
}

const [first, second, missing] = [solver('first'), solver('second'), solver('missing', 'install it')];

describe('choosing among solvers', () => {
  it('takes the first that is available for `auto`', async () => {
    expect(await chooseSolver([first, second], 'auto')).toBe(first);
    expect(await chooseSolver([missing, second, first], 'auto')).toBe(second);
  });

  it('takes the one of the name, the preferred one of two', async () => {
    expect(await chooseSolver([first, second], 'second')).toBe(second);
    const other = solver('first');
    expect(await chooseSolver([other, first], 'first')).toBe(other);
  });

  it('names the registered ones when there is none of the name', async () => {
    await expect(chooseSolver([first, missing], 'thrid')).rejects.toMatchObject({
      code: 'invalid_params',
      message: expect.stringMatching(/`thrid`.*auto, first, missing$/),
    });
  });

  it('says what the problem is when the one of the name is not available, and takes no other', async () => {
    await expect(chooseSolver([first, missing], 'missing')).rejects.toMatchObject({
      code: 'solver_unavailable',
      message: 'install it',
    });
  });

  it('says what the problem of the preferred one is when none is available', async () => {
    const last = solver('last', 'set ASTRO_EXTRACT_BIN');
    await expect(chooseSolver([missing, last], 'auto')).rejects.toMatchObject({
      code: 'solver_unavailable',
      message: 'install it',
    });
    await expect(chooseSolver([], 'auto')).rejects.toMatchObject({ code: 'solver_unavailable' });
  });
});
