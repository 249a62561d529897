import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { DecoderPool } from '../../src/decoding/child/decoder-pool.js';
import { IsolatedReader } from '../../src/decoding/isolated-reader.js';
import { LocalReader } from '../../src/decoding/local-reader.js';
import type { PlateOutcome, SolveRequest, Solver } from '../../src/solver/solver.js';
import { analyzeFile } from './analysis.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));

/** Keeps what it was asked, and finds nothing. */
class Recorder implements Solver {
  readonly name = 'recorder';
  readonly requests: SolveRequest[] = [];

  inspect() {
    return Promise.resolve({ name: this.name, available: true });
  }

  solve(request: SolveRequest): Promise<PlateOutcome> {
    this.requests.push(request);
    const report = { solver: this.name, seconds: 0 };
    return Promise.resolve({ kind: 'failed', code: 'no_solution', message: 'none', report, files: {} });
  }
}

const pool = new DecoderPool();
afterAll(() => pool.release());
const READERS = { 'in this process': new LocalReader(), 'in a process of its own': new IsolatedReader(pool) };

it.each(Object.entries(READERS))(
  'a negative that is read %s reaches the solver with dark and bright exchanged',
  async (_, reader) => {
    const solver = new Recorder();
    for (const invert of [false, true])
      await analyzeFile(EXAMPLE, { solver: solver.name, invert }, { solvers: [solver], reader });
    // The stars that the reader finds by itself are those of the picture as it is.
    expect(solver.requests[1]!.image.findStars).toBeUndefined();
    const [plain, inverted] = await Promise.all(solver.requests.map(({ image }) => image.grey(4)));
    const most = Array.from(plain!.data).reduce((a, b) => Math.max(a, b), 0);
    expect(most).toBeGreaterThan(100);
    expect(inverted!.data.every((value, i) => value === most - plain!.data[i]!)).toBe(true);
    expect(inverted!.scale).toEqual(plain!.scale);
  },
);
