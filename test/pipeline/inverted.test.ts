import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
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

it('a picture that is said to be a negative reaches the solver with dark and bright exchanged', async () => {
  const solver = new Recorder();
  for (const invert of [false, true])
    await analyzeFile(EXAMPLE, { solver: solver.name, invert }, { solvers: [solver] });
  const [plain, inverted] = await Promise.all(solver.requests.map(({ image }) => image.grey(4)));
  const most = Math.max(...Array.from(plain!.data));
  expect(most).toBeGreaterThan(100);
  expect(inverted!.data.every((value, i) => value === most - plain!.data[i]!)).toBe(true);
  expect(inverted!.scale).toEqual(plain!.scale);
});
