import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AstroJobs,
  AstroJobsError,
  analyze,
  type Calibration,
  calibrate,
  type LensCalibration,
  parseCalibration,
  residualPlot,
  type SolvedResult,
} from 'astro-jobs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useCli } from '../cli/process.js';
import { renderSky } from '../sky/render.js';
import { writeSky } from '../sky/write.js';
import { cornerError, type Photographs, photographs } from './photographs.js';

const PARAMS = { solver: 'builtin' } as const;
let photos: Photographs;
let small: string;
let empty: string;
let lens: LensCalibration;

beforeAll(async () => {
  photos = await photographs(6);
  small = join(photos.folder, 'small.jpg');
  empty = join(photos.folder, 'empty.png');
  const sky = renderSky({
    ra_deg: 80,
    dec_deg: 10,
    width: 900,
    height: 600,
    pixscale_arcsec: 110,
    limit_mag: 6,
  });
  await writeSky(small, sky, { format: 'jpeg' });
  await sharp({ create: { width: 300, height: 200, channels: 3, background: '#223' } })
    .png()
    .toFile(empty);
  lens = await calibrate([...photos.paths, small, empty], PARAMS);
}, 240_000);
afterAll(() => rm(photos.folder, { recursive: true, force: true }));

async function solved(path: string, calibration?: Calibration): Promise<SolvedResult> {
  const result = await analyze(path, { ...PARAMS, ...(calibration && { calibration }) });
  if (!result.ok) throw new Error(result.error);
  return result;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a calibration of several photographs', () => {
  it('says what it was made of, how good it is, and why an image took no part', () => {
    expect(lens.frames.map(({ used }) => used)).toEqual([true, true, true, true, true, true, false, false]);
    expect(lens.frames[6]).toMatchObject({ image: small, why: expect.stringContaining('900 × 600 pixels') });
    expect(lens.frames[7]).toMatchObject({ image: empty, error_code: expect.any(String) });
    expect(lens.stars).toBe(lens.residuals.length);
    expect(lens.stars).toBe(lens.thirds.reduce((sum, { stars }) => sum + stars, 0));
    expect(lens.stars).toBe(lens.frames.reduce((sum, { stars = 0 }) => sum + stars, 0));
    expect(lens.corner_distortion_px).toBeGreaterThan(28);
    expect(lens.corner_distortion_px).toBeLessThan(32);
    expect(lens.thirds[2].rms_px).toBeLessThan(1);
    expect(lens.calibration.optics).toBe('Canon, Canon EOS R6, 1200 × 800');
    expect(parseCalibration(JSON.parse(JSON.stringify(lens.calibration)))).toEqual(lens.calibration);
  });

  it('puts the corners of each truer than each alone does', async () => {
    const [alone, together]: [number[], number[]] = [[], []];
    for (const [i, path] of photos.paths.entries()) {
      const truth = photos.truths[i] as (typeof photos.truths)[number];
      alone.push(cornerError(await solved(path), truth));
      const guided = await solved(path, lens.calibration);
      together.push(cornerError(guided, truth));
      expect(guided.solve?.hints?.lens).toMatchObject({ source: 'user' });
    }
    expect(mean(together)).toBeLessThan(0.6 * mean(alone));
    expect(Math.max(...together)).toBeLessThan(1);
  });

  it('can be looked at: a drawing of the residuals', async () => {
    const svg = residualPlot(lens);
    expect(svg.match(/<circle/g)?.length).toBe(2 * lens.stars);
    expect((await sharp(Buffer.from(svg)).metadata()).width).toBe(960);
  });

  it('is refused when no image is of use', async () => {
    await expect(calibrate([empty], PARAMS)).rejects.toMatchObject({ code: 'no_solution' });
    await expect(calibrate([], PARAMS)).rejects.toMatchObject({ code: 'invalid_params' });
  });

  it('is refused as a parameter when it is none', async () => {
    const other = { ...lens.calibration, version: 2 } as unknown as Calibration;
    await expect(analyze(small, { calibration: other })).rejects.toBeInstanceOf(AstroJobsError);
    const aside = { ...lens.calibration, center: [1, 1] as [number, number] };
    await expect(analyze(small, { calibration: aside })).rejects.toThrow('middle of the picture');
  });
});

describe('a lens that is remembered', () => {
  it('is stored beside the scale, guides the next image, and is exported and forgotten', async () => {
    const dir = join(photos.folder, 'jobs');
    await using jobs = new AstroJobs({ dir, concurrency: 1 });
    const run = async (path: string) => {
      const { job_id } = await jobs.submit(path, PARAMS);
      return { job_id, result: (await jobs.wait(job_id)) as SolvedResult };
    };
    const first = await run(photos.paths[1] as string);
    expect(first.result.solve?.fit?.good_to_corners).toBe(true);
    const folder = join(dir, '.astro-jobs', 'optics');
    const [name] = await readdir(folder);
    const file = join(folder, name as string);
    const stored = JSON.parse(await readFile(file, 'utf8')) as { calibration: Calibration };
    expect(stored.calibration.fit?.corner_distortion_px).toBeGreaterThan(25);

    const exported = await jobs.export(first.job_id, 'calibration');
    const chunks: Uint8Array[] = [];
    for await (const chunk of exported.read()) chunks.push(chunk);
    expect(parseCalibration(JSON.parse(Buffer.concat(chunks).toString()))).toEqual({
      ...stored.calibration,
      arcsec_per_pixel: expect.closeTo(stored.calibration.arcsec_per_pixel, 6),
    });

    const next = await run(photos.paths[0] as string);
    expect(next.result.solve?.hints?.lens).toMatchObject({ source: 'remembered' });

    // A lens that bends the other way costs nothing but time.
    const turned = (table: number[][]) => table.map((row) => row.map((value) => -value));
    const { a, b } = stored.calibration.sip as NonNullable<Calibration['sip']>;
    const wrong = { ...stored.calibration, sip: { a: turned(a), b: turned(b) } };
    await writeFile(file, JSON.stringify({ ...stored, calibration: wrong }));
    const misled = await run(photos.paths[1] as string);
    expect(misled.result.solve?.hints?.lens).toMatchObject({ source: 'remembered' });
    expect(misled.result.solve?.fit?.rms_px).toBeCloseTo(first.result.solve?.fit?.rms_px ?? 0, 1);
    expect(misled.result.solve?.fit?.good_to_corners).toBe(true);

    expect(await jobs.cameras.forget()).toBe(1);
    const after = await run(photos.paths[2] as string);
    expect(after.result.solve?.hints?.lens).toBeUndefined();
  });
});

describe('astro-jobs calibrate', () => {
  const cli = useCli();

  it('writes the calibration and the drawing, and solve takes the calibration', async () => {
    const [out, plot] = [join(photos.folder, 'lens.json'), join(photos.folder, 'residuals.svg')];
    const images = photos.paths.slice(0, 3);
    const answer = await cli.json<{ ok: boolean; stars: number; file: string; plot: string }>([
      ...['calibrate', ...images, '--solver', 'builtin', '-o', out, '--plot', plot],
    ]);
    expect(answer).toMatchObject({ ok: true, file: out, plot, order: expect.any(Number) });
    expect(answer).not.toHaveProperty('residuals');
    expect(await readFile(plot, 'utf8')).toContain('<svg');
    parseCalibration(JSON.parse(await readFile(out, 'utf8')));
    const image = photos.paths[3] as string;
    const result = await cli.json<SolvedResult>([
      ...['solve', '--image', image, '--solver', 'builtin', '--calibration', out],
    ]);
    expect(result.solve?.hints?.lens).toMatchObject({ source: 'user' });
  });

  it('refuses what is no calibration, and images that are none', async () => {
    const { code, stderr } = await cli.run(['solve', '--image', small, '--calibration', small]);
    expect(code).toBe(2);
    expect(stderr).toContain('Expected a file with JSON');
    const other = join(photos.folder, 'other.json');
    await writeFile(other, '{"version": 1, "width": "wide"}');
    const refused = await cli.run(['solve', '--image', small, '--calibration', other]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('Expected `calibration.width` to be a whole number, got `"wide"`');
    expect(await cli.json(['calibrate', empty], 1)).toMatchObject({ ok: false, error_code: 'no_solution' });
  });
});
