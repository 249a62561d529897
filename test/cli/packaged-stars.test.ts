import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPackagedStars } from '../../src/cli/doctor/checks.js';
import { inspectPackagedStars } from '../../src/cli/indexes/packaged-stars.js';
import { BuiltinSolver } from '../../src/solver/builtin/builtin-solver.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'packaged-stars-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** What is found where the solver's stars are these bytes. */
async function inspectBytes(bytes: Buffer) {
  const path = join(dir, 'stars');
  await writeFile(path, bytes);
  const info = await new BuiltinSolver().inspect();
  return inspectPackagedStars({ inspect: async () => ({ ...info, path }) });
}

/** A machine with or without solve-field. */
const machine = (available: boolean) => ({
  solver: { name: 'solve-field', available },
  extractor: { name: 'external', available: false },
});

describe('the packaged stars', () => {
  it('are there, and doctor counts them', async () => {
    const stars = await inspectPackagedStars();
    expect(stars.problem).toBeUndefined();
    expect(stars.stars).toBeGreaterThan(100_000);
    const check = checkPackagedStars(stars, machine(true));
    expect(check).toMatchObject({ name: 'packaged stars', state: 'ok' });
    expect(check.found).toMatch(/^[\d,]+, for images .* to 180° wide$/);
  });

  it('are called damaged when they are cut off or something else, and doctor says what to do', async () => {
    const { path } = await inspectPackagedStars();
    const whole = await readFile(path);
    expect((await inspectBytes(whole)).problem).toBeUndefined();
    const flipped = Buffer.from(whole);
    flipped[whole.length >> 1]! ^= 1;
    for (const bytes of [
      whole.subarray(0, whole.length / 2),
      flipped,
      Buffer.from('no stars'),
      Buffer.alloc(0),
    ]) {
      const stars = await inspectBytes(bytes);
      expect(stars.problem).toMatch(/damaged .* install the package again/);
      expect(checkPackagedStars(stars, machine(true))).toMatchObject({ state: 'note', found: stars.problem });
      const alone = checkPackagedStars(stars, machine(false));
      expect(alone.state).toBe('missing');
      expect(alone.advice).toContain('npm install');
    }
  });

  it('may be missing', async () => {
    const problem = 'The stars of the package are missing; install it again';
    const none = { inspect: async () => ({ name: 'builtin', available: false, problem }) };
    expect(await inspectPackagedStars(none)).toMatchObject({ problem, stars: 0 });
  });
});
