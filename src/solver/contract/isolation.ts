import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trySolver } from './trial.js';
import type { Checks } from './under-test.js';

/** What a solver promises about everything outside its scratch folder; `trySolver` itself looks at processes and the image. */
export const isolation: Checks = {
  'writes nothing outside its scratch folder': async ({ solver, solvable }) => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'solver-elsewhere-'));
    const { TMPDIR, HOME } = process.env;
    try {
      process.env.TMPDIR = elsewhere;
      process.env.HOME = elsewhere;
      // The scratch folder of this call is in there too, and is removed after it.
      const { outcome } = await trySolver(solver, solvable);
      assert.notEqual(outcome.kind, 'failed');
      assert.deepEqual(await readdir(elsewhere), [], 'it left files in TMPDIR or HOME');
    } finally {
      restore('TMPDIR', TMPDIR);
      restore('HOME', HOME);
      await rm(elsewhere, { recursive: true, force: true });
    }
  },
};

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
