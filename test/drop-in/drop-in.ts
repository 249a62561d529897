import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, vi } from 'vitest';
import type { Wcs } from '../../src/wcs/wcs.js';
import { separation_deg } from '../sky/projection.js';
import { renderSky, type Sky } from '../sky/render.js';
import { writeSky } from '../sky/write.js';

const PROGRAMS = {
  'solve-field': fileURLToPath(new URL('../../dist/drop-in/solve-field.js', import.meta.url)),
  astap: fileURLToPath(new URL('../../dist/drop-in/astap.js', import.meta.url)),
};
for (const path of Object.values(PROGRAMS))
  if (!existsSync(path)) throw new Error('These tests run the built programs: `npm run build` first');

export const ORION = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));

vi.setConfig({ testTimeout: 120_000 });
const root = mkdtempSync(join(tmpdir(), 'drop-in-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder with a name that shells, and programs that believe in ASCII, stumble over. */
export const folder = (): string => mkdtempSync(join(root, 'Bilder für Ören $(id) '));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd: string;
  env?: Readonly<Record<string, string>>;
  /** Another user to run it as. */
  uid?: number;
}

/** Starts one of the programs, as another program starts it: without a shell, its input closed. */
function start(name: keyof typeof PROGRAMS, args: readonly string[], options: RunOptions) {
  const { cwd, env, uid } = options;
  const child = spawn(process.execPath, [PROGRAMS[name], ...args], {
    cwd,
    env: { ...process.env, TMPDIR: root, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      // Whatever happens, no caller is shown the inside of the program.
      expect(stdout + stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
      resolve({ code, stdout, stderr });
    });
  });
  return { child, ended };
}

/** The same, ended by a signal as soon as it has said something. */
export function interrupted(
  name: keyof typeof PROGRAMS,
  args: readonly string[],
  options: RunOptions,
): Promise<Ended> {
  const { child, ended } = start(name, args, options);
  child.stdout.once('data', () => child.kill('SIGTERM'));
  return ended;
}

export const run = (
  name: keyof typeof PROGRAMS,
  args: readonly string[],
  options: RunOptions,
): Promise<Ended> => start(name, args, options).ended;

/** What the folder holds, in order. */
export const filesIn = async (dir: string): Promise<string[]> => (await readdir(dir)).sort();

/** A picture as a camera on a telescope takes it: an ordinary FITS, north up, some minutes of arc turned. */
export const SKY: Sky = renderSky({
  ra_deg: 84.15,
  dec_deg: -3,
  width: 900,
  height: 600,
  pixscale_arcsec: 30,
  orientation_deg: 12,
  parity: -1,
});

export async function writeFits(path: string): Promise<void> {
  await writeSky(path, SKY, {
    format: 'fits',
    header: { 'DATE-OBS': '2026-11-02T23:11:00', OBJECT: 'M 42' },
  });
}

/** How far a solution is off, pixels: the largest at the centre and the corners. */
export function missPx(found: Wcs, toSky: (wcs: Wcs, x: number, y: number) => [number, number]): number {
  const { width, height } = SKY;
  const points = [
    [(width + 1) / 2, (height + 1) / 2],
    [1, 1],
    [width, height],
    [1, height],
  ] as const;
  const misses = points.map(([x, y]) => separation_deg(toSky(found, x, y), toSky(SKY.truth, x, y)));
  return (Math.max(...misses) * 3600) / 30;
}
