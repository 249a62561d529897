import { describe, expect, it } from 'vitest';
import { testOutside } from './outside.js';

describe('implementations from outside keep the promises of the interfaces', () => {
  it('a solver around a command line that speaks like ASTAP', async () => {
    const { passed, failed, output } = await testOutside('astap-solver');
    expect(failed, output).toBe(0);
    expect(passed).toBeGreaterThan(20);
  });

  it('a store in one SQLite file', async () => {
    const { passed, failed, output } = await testOutside('sqlite-store');
    expect(failed, output).toBe(0);
    expect(passed).toBeGreaterThan(22);
  });

  it('nest takes a photograph, tells what becomes of it, and ends', async () => {
    const { passed, failed, output } = await testOutside('nest');
    expect({ passed, failed }, output).toEqual({ passed: 3, failed: 0 });
  });
});
