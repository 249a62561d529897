import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readCapture } from '../../src/capture/capture.js';
import { deriveHints } from '../../src/capture/derive-hints.js';
import { openImage } from '../../src/image/open.js';
import { parseParams } from '../../src/job/params.js';
import { SolveField } from '../../src/solver/solve-field/solve-field.js';
import { fieldGeometry } from '../../src/wcs/geometry.js';
import { runPlainSolveField } from '../shared/plain-solve-field.js';
import { childSeconds } from '../shared/timed-program.js';

export interface Run {
  solved: boolean;
  wall_s: number;
  /** Of all processes, ours included. */
  cpu_s: number;
  width_deg?: number;
}

/** solve-field as people run it by hand. */
export async function runPlain(
  path: string,
  folder: string,
  timeout: number,
  width_deg?: [number, number],
): Promise<Run> {
  const bounds = width_deg ? ['--scale-low', String(width_deg[0]), '--scale-high', String(width_deg[1])] : [];
  const { wall_s, cpu_s, field } = await runPlainSolveField(path, bounds, { folder, timeout });
  return { solved: field !== undefined, wall_s, cpu_s, ...(field && { width_deg: field.fov_deg[0] }) };
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
