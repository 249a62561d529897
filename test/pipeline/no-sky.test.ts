import { describe, expect, it } from 'vitest';
import { noSky } from '../sky/no-sky.js';
import { analyzeFile, fileOf } from './analysis.js';

describe('a picture without a sky', () => {
  it.each([
    ['shuffled stars', 11],
    ['shuffled stars', 12],
    ['noise', 13],
    ['landscape', 14],
    ['landscape', 15],
  ] as const)('%s (seed %i) has no plate solution', async (kind, seed) => {
    const path = await fileOf(noSky(kind, seed), { format: 'jpeg' });
    const { result } = await analyzeFile(path, { timeout: 6 });
    expect(result).toMatchObject({ ok: false });
    expect(['no_solution', 'too_few_stars', 'timeout']).toContain(result.ok ? 'solved' : result.error_code);
  });
});
