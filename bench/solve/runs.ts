import { spawn } from 'node:child_process';
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readCapture } from '../../src/capture/capture.js';
import { deriveHints } from '../../src/capture/derive-hints.js';
import { parseHeader } from '../../src/fits/header.js';
import { openImage } from '../../src/image/open.js';
import { parseParams } from '../../src/job/params.js';
import { SolveField } from '../../src/solver/solve-field/solve-field.js';
import { fieldGeometry } from '../../src/wcs/geometry.js';
import { parseWcs } from '../../src/wcs/parse.js';

export interface Run {
  solved: boolean;
  wall_s: number;
  /** Of all processes, ours included. */
  cpu_s: number;
  width_deg?: number;
}

/** `times` of a shell: its own, then its children's; user and system. */
function childSeconds(times: string): number {
  const numbers = [...times.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
  return (numbers[2] ?? 0) + (numbers[3] ?? 0);
}

/** solve-field as people run it by hand, ended after `timeout` seconds; its CPU time is then taken for its wall time. */
export async function runPlain(
  path: string,
  folder: string,
  timeout: number,
  width_deg?: [number, number],
): Promise<Run> {
  const scratch = await mkdtemp(join(folder, 'plain-'));
  // Its outputs are named after the image; a fixed name tells where they are.
  const image = join(scratch, /\.(fits|fit|fts)(\.gz|\.fz)?$/i.test(path) ? 'image.fits' : 'image.jpg');
  await copyFile(path, image);
  await chmod(image, 0o644);
  const scale = width_deg ? ['--scale-low', String(width_deg[0]), '--scale-high', String(width_deg[1])] : [];
  const args = [
    '--no-plots',
    '--downsample',
    '2',
    '--temp-dir',
    scratch,
    '--cpulimit',
    String(timeout),
    ...scale,
    image,
  ];
  const started = performance.now();
  const shell = spawn('/bin/sh', ['-c', '"$@" >/dev/null 2>&1; times', 'sh', 'solve-field', ...args], {
    cwd: scratch,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const timer = setTimeout(() => process.kill(-shell.pid!, 'SIGKILL'), timeout * 1000);
  let times = '';
  shell.stdout.on('data', (chunk) => {
    times += chunk;
  });
  await new Promise((resolve) => shell.once('close', resolve));
  clearTimeout(timer);
  const wall_s = (performance.now() - started) / 1000;
  const solved = await stat(join(scratch, 'image.solved')).then(
    () => true,
    () => false,
  );
  const wcs = solved ? parseWcs(parseHeader(await readFile(join(scratch, 'image.wcs')))) : undefined;
  await rm(scratch, { recursive: true, force: true });
  return {
    solved,
    wall_s,
    cpu_s: times === '' ? wall_s : childSeconds(times),
    ...(wcs && { width_deg: fieldGeometry(wcs, { rowOrder: 'top-down' }).fov_deg[0] }),
  };
}

/** From the file on the disk to the plate solution, metadata and all, in this process. */
export async function runOurs(
  path: string,
  folder: string,
  timeout: number,
  width_deg?: [number, number],
): Promise<Run> {
  const scratch = await mkdtemp(join(folder, 'ours-'));
  const program = join(scratch, 'solve-field');
  await writeFile(program, '#!/bin/sh\nsolve-field "$@"; status=$?\ntimes > cpu.txt\nexit "$status"\n');
  await chmod(program, 0o755);
  const before = process.cpuUsage();
  const started = performance.now();
  try {
    const image = await openImage(path);
    const capture = await readCapture(image);
    const scale = width_deg && { scale_low: width_deg[0], scale_high: width_deg[1] };
    const outcome = await new SolveField({ program }).solve(
      { image, params: parseParams({ timeout, ...scale }), hints: deriveHints(image, capture).hints },
      {
        scratch,
        cores: availableParallelism(),
        signal: AbortSignal.timeout(timeout * 1000 + 5000),
        log: () => undefined,
        onProgress: () => undefined,
      },
    );
    const wall_s = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(before);
    // A run that was ended tells no CPU time; it can have used no more than its wall time.
    const ended = (outcome.report.attempts ?? []).filter((attempt) => attempt.outcome === 'stopped');
    const stopped = ended.reduce((sum, attempt) => sum + attempt.seconds, 0);
    return {
      solved: outcome.kind === 'plate',
      wall_s,
      cpu_s: (user + system) / 1e6 + (await finishedSeconds(scratch)) + stopped,
      ...(outcome.kind === 'plate' && { width_deg: fieldGeometry(outcome.wcs, image).fov_deg[0] }),
    };
  } catch {
    const wall_s = (performance.now() - started) / 1000;
    return { solved: false, wall_s, cpu_s: wall_s };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function finishedSeconds(scratch: string): Promise<number> {
  let sum = 0;
  for (const name of await readdir(scratch)) {
    sum += childSeconds(await readFile(join(scratch, name, 'cpu.txt'), 'utf8').catch(() => ''));
  }
  return sum;
}
