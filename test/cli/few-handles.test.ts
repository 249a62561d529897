import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { MAIN, useCli } from './process.js';

const cli = useCli();
const ORION = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));

function solve(handles: number, solver: string) {
  const line = `ulimit -n ${handles}; exec "${process.execPath}" "${MAIN}" solve --image "${ORION}" --solver ${solver}`;
  const env = { ...process.env, JOBS_DIR: join(cli.dir, `jobs-${handles}-${solver}`) };
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) =>
    execFile('/bin/sh', ['-c', line], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    ),
  );
}

it.each(['builtin', 'solve-field'])(
  '96 file handles are enough for %s',
  async (solver) => {
    const { code, stdout } = await solve(96, solver);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
    expect(code).toBe(0);
  },
  120_000,
);

it.each([32, 28, 24])(
  '%i file handles may not be, and then the command says so in a document',
  async (handles) => {
    const { code, stdout, stderr } = await solve(handles, 'builtin');
    const answer = JSON.parse(stdout) as { ok: boolean; error?: string; error_code?: string };
    if (!answer.ok) {
      expect([code, answer.error_code]).toEqual([1, 'storage_failed']);
      expect(answer.error).toContain('ulimit -n');
    }
    expect(stderr).not.toMatch(/^\s+at /m);
  },
  120_000,
);
