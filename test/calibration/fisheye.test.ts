import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AstroJobs,
  calibrate,
  type LensCalibration,
  parseCalibration,
  residualPlot,
  type SolvedResult,
} from 'astro-jobs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PackagedStars } from '../../src/engine/packaged-stars.js';
import { renderAllSky } from '../sky/all-sky.js';
import { writeSky } from '../sky/write.js';

const PARAMS = { solver: 'builtin' } as const;
let folder: string;
let nights: string[];

/** Three nights above one all-sky camera. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fisheye-'));
  const { catalog } = new PackagedStars(await readFile(new URL('../../data/stars.bin', import.meta.url)));
  nights = [4, 5, 7].map((seed) => join(folder, `night-${seed}.jpg`));
  for (const [i, seed] of [4, 5, 7].entries()) {
    const sky = renderAllSky({
      stars: catalog.data,
      seed,
      projection: 'equisolid',
      width: 1000,
      height: 900,
      middle: [492.3, 461.8],
      tilt_deg: 6,
      clouds: seed === 7 ? 0.6 : 0,
    });
    const exif = { make: 'ZWO', model: 'ASI224MC', dateTimeOriginal: `2024:08:2${seed} 23:40:00` };
    await writeSky(nights[i] as string, sky, { format: 'jpeg', exif });
  }
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const attemptsOf = ({ solve }: SolvedResult) => solve?.attempts?.map(({ name, outcome }) => [name, outcome]);

describe('an all-sky camera', () => {
  it('is remembered: its next picture is one match away, and its lens is exported', async () => {
    await using jobs = new AstroJobs({ dir: join(folder, 'jobs'), concurrency: 1 });
    const run = async (path: string) => {
      const { job_id } = await jobs.submit(path, PARAMS);
      return { job_id, result: (await jobs.wait(job_id)) as SolvedResult };
    };
    const first = await run(nights[0] as string);
    expect(attemptsOf(first.result)?.at(-1)).toEqual(['all-sky', 'solved']);
    const exported = await jobs.export(first.job_id, 'calibration');
    const chunks: Uint8Array[] = [];
    for await (const chunk of exported.read()) chunks.push(chunk);
    const lens = parseCalibration(JSON.parse(Buffer.concat(chunks).toString()));
    expect(lens).toMatchObject({ width: 1000, height: 900, image_circle: expect.any(Object) });
    for (const path of nights.slice(1)) {
      const { result } = await run(path);
      expect(attemptsOf(result)).toEqual([['remembered-fisheye', 'solved']]);
      expect(result.solve?.hints).toEqual({
        lens: expect.objectContaining({ source: 'remembered' }),
      });
    }
  }, 120_000);

  it('is calibrated from several pictures, and the calibration guides others', async () => {
    const lens: LensCalibration = await calibrate(nights, PARAMS);
    expect(lens.frames.map(({ used }) => used)).toEqual([true, true, true]);
    expect(lens.calibration.projection).not.toBe('TAN');
    expect(lens.calibration.fit).toMatchObject({ frames: 3, stars: lens.stars });
    expect(lens).not.toHaveProperty('corner_distortion_px');
    expect(lens.corner_sigma_px).toBeLessThan(0.5);
    expect(Math.min(...lens.thirds.map(({ stars }) => stars))).toBeGreaterThan(20);
    expect((await sharp(Buffer.from(residualPlot(lens))).metadata()).width).toBe(960);
    await using jobs = new AstroJobs({ dir: join(folder, 'others'), memory: false });
    const { job_id } = await jobs.submit(nights[2] as string, { ...PARAMS, calibration: lens.calibration });
    const result = (await jobs.wait(job_id)) as SolvedResult;
    expect(attemptsOf(result)).toEqual([['calibration-fisheye', 'solved']]);
    expect(result.solve?.fit?.rms_px).toBeLessThan(1.5 * lens.rms_px);
  }, 120_000);
});
