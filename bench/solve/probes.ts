import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GreyImage } from '../../src/image/image.js';
import { openImage } from '../../src/image/open.js';
import { parseParams } from '../../src/job/params.js';
import { SolveField } from '../../src/solver/solve-field/solve-field.js';
import { findStars } from '../../src/stars/find.js';
import { renderSky } from '../../test/sky/render.js';
import { median } from '../shared/median.js';

/** Megapixels in which stars are found per second of one core, from decoded grey pixels. */
export async function findingSpeed(): Promise<number> {
  const [width, height] = [3000, 2000];
  const sky = renderSky({ ra_deg: 83, dec_deg: 4, width, height, pixscale_arcsec: 6 });
  const image: GreyImage = {
    data: Uint8Array.from(sky.data, (value) => value * 255 + 20),
    width,
    height,
    scale: [1, 1],
  };
  const speeds: number[] = [];
  for (let round = 0; round < 9; round++) {
    const before = process.cpuUsage();
    await findStars(image);
    const { user, system } = process.cpuUsage(before);
    speeds.push((width * height) / (user + system));
  }
  return median(speeds);
}

/** Milliseconds of a hinted solve, and of the engine alone on the same list, medians. */
export async function engineShare(
  path: string,
  folder: string,
): Promise<{ all_ms: number; engine_ms: number }> {
  const all: number[] = [];
  const engine: number[] = [];
  for (let round = 0; round < 9; round++) {
    const scratch = await mkdtemp(join(folder, 'share-'));
    const started = performance.now();
    const outcome = await new SolveField().solve(
      {
        image: await openImage(path),
        params: parseParams({ scale_low: 4, scale_high: 6.25 }),
        hints: { scales: [], positions: [] },
      },
      {
        scratch,
        cores: 1,
        signal: AbortSignal.timeout(60_000),
        log: () => undefined,
        onProgress: () => undefined,
      },
    );
    all.push(performance.now() - started);
    if (outcome.kind === 'failed') continue;
    const run = dirname(outcome.files['solution.axy'] as string);
    await rm(join(run, 'solution.solved'));
    const again = performance.now();
    spawnSync('astrometry-engine', ['--config', 'engine.cfg', 'solution.axy'], { cwd: run });
    engine.push(performance.now() - again);
    await rm(scratch, { recursive: true, force: true });
  }
  return { all_ms: median(all), engine_ms: median(engine) };
}

/** Megabytes that a fresh Node process holds at most while it solves a picture; needs the built package. */
export async function peakMemory(path: string): Promise<number | undefined> {
  const script = fileURLToPath(new URL('peak-memory.mjs', import.meta.url));
  const { stdout } = spawnSync(process.execPath, [script, path], { encoding: 'utf8' });
  return Number(stdout) || undefined;
}
