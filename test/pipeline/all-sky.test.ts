import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AstroJobs, type SolvedResult } from 'astro-jobs';
import { serve } from 'astro-jobs/http';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { PackagedStars } from '../../src/engine/packaged-stars.js';
import { parseHeader } from '../../src/fits/header.js';
import { jobIdOfNova } from '../../src/http/nova/ids.js';
import { parseWcs } from '../../src/wcs/parse.js';
import { DEG, separation } from '../../src/wcs/sphere.js';
import { pixelToSky, skyToPixel } from '../../src/wcs/tan-sip.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { type AllSky, renderAllSky, skyError } from '../sky/all-sky.js';
import { writeSky } from '../sky/write.js';

/** Of the solution over the visible sky, degrees. */
const MAX_RMS_DEG = 0.05;

const NOVA = 17;

let dir: string;
let jobs: AstroJobs;
let sky: AllSky;
let id: string;
let result: SolvedResult;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'all-sky-'));
  const { catalog } = new PackagedStars(await readFile(new URL('../../data/stars.bin', import.meta.url)));
  sky = renderAllSky({
    stars: catalog.data,
    seed: 4,
    projection: 'equidistant',
    width: 1400,
    height: 1200,
    tilt_deg: 8,
    parity: -1,
    clouds: 0.2,
    hasMoon: true,
  });
  const path = join(dir, 'sky.jpg');
  await writeSky(path, sky, { format: 'jpeg' });
  jobs = new AstroJobs({ dir: join(dir, 'jobs') });
  ({ job_id: id } = await jobs.submit(path, { solver: 'builtin' }, { jobId: jobIdOfNova(NOVA) }));
  const settled = await jobs.wait(id);
  if (!settled.ok) throw new Error(settled.error);
  result = settled;
}, 120_000);
afterAll(async () => {
  await jobs.close();
  await rm(dir, { recursive: true, force: true });
});

const wcsOf = async (): Promise<Wcs> => {
  const { wcs } = await jobs.geometry(id);
  if (!wcs) throw new Error('There is a solution');
  return wcs;
};

describe('a JPEG of the whole sky, from submission to result', () => {
  it('is solved over all of the visible sky', async () => {
    expect(skyError(await wcsOf(), sky).rms).toBeLessThan(MAX_RMS_DEG);
  });

  it('has what the contract says of a picture that the sky does not fill', () => {
    const { astrometry, solve } = result;
    expect(astrometry.projection).toBe('equidistant');
    expect(astrometry).not.toHaveProperty('corners');
    const { x = 0, y = 0, radius = 0 } = astrometry.image_circle ?? {};
    expect(Math.hypot(x - sky.circle.x, y - sky.circle.y)).toBeLessThan(0.005 * sky.circle.radius);
    expect(Math.abs(radius / sky.circle.radius - 1)).toBeLessThan(0.01);
    // The circle shows 180°; its middle row and column pass beside its centre.
    for (const side of astrometry.fov_deg) expect(side).toBeGreaterThan(177);
    for (const side of astrometry.fov_deg) expect(side).toBeLessThan(182);
    // Equidistant: as many pixels a degree in the middle as to the edge.
    expect(astrometry.pixscale_arcsec / ((90 * 3600) / sky.circle.radius)).toBeCloseTo(1, 2);
    expect(astrometry.parity).toBe(sky.parity);
    expect(astrometry.horizon).toMatchObject({ about: 'optical_axis' });
    expect(astrometry.horizon?.stars_within_deg).toBeGreaterThan(60);
    expect(astrometry.horizon?.stars_within_deg).toBeLessThan(92);
    expect(solve?.attempts?.at(-1)).toMatchObject({ name: 'all-sky', outcome: 'solved' });
    expect(solve?.fit?.model).toBe('ARC');
  });

  it('has objects where they truly are, and none where no sky is', () => {
    const { objects, image_circle: circle, horizon: axis } = result.astrometry;
    if (!circle || !axis) throw new Error('The sky does not fill the picture');
    expect(objects.length).toBeGreaterThan(50);
    let seen = 0;
    for (const { x, y, ra_deg = 0, dec_deg = 0, catalog, size_arcmin = 0 } of objects) {
      if (x === undefined || y === undefined) {
        // Centred outside the circle, which sees 90.6° from the axis, but reaching into it: M 31 here, 3° long.
        const beyond_deg = separation(axis.ra_deg, axis.dec_deg, ra_deg, dec_deg) - 90.6;
        expect(beyond_deg).toBeGreaterThan(0);
        expect(beyond_deg).toBeLessThan(size_arcmin / 120);
        continue;
      }
      expect(Math.hypot(x - circle.x, y - circle.y)).toBeLessThan(circle.radius + 1);
      const truth = catalog === 'solar-system' ? undefined : sky.look(x, y);
      if (!truth) continue;
      const [u, v, w] = truth;
      seen++;
      expect(separation(Math.atan2(v, u) * DEG, Math.asin(w) * DEG, ra_deg, dec_deg)).toBeLessThan(0.3);
    }
    expect(seen).toBeGreaterThan(40);
  });

  it('is drawn with a grid and names inside the circle only', async () => {
    const drawn = sharp(await jobs.annotate(id, { format: 'png' }));
    const { width = 0 } = await drawn.metadata();
    const scale = width / sky.width;
    const light = async (left: number, top: number, side: number) => {
      const [x, y, size] = [left, top, side].map((pixels) => Math.round(pixels * scale)) as [
        number,
        number,
        number,
      ];
      const area = { left: x, top: y, width: size, height: size };
      const pixels = await drawn.clone().extract(area).greyscale().raw().toBuffer();
      return {
        mean: pixels.reduce((sum, value) => sum + value, 0) / pixels.length,
        max: pixels.reduce((most, value) => Math.max(most, value), 0),
      };
    };
    const { x, y, radius } = sky.circle;
    // Hot pixels are there, no line or name is: a corner is as dark as it was.
    expect((await light(0, 0, 120)).mean).toBeLessThan(15);
    expect((await light(sky.width - 121, 0, 120)).mean).toBeLessThan(15);
    const middle = await light(x - 0.3 * radius, y - 0.3 * radius, 0.6 * radius);
    expect(middle.mean).toBeGreaterThan(20);
    expect(middle.max).toBeGreaterThan(180);
  });

  it('is exported with a projection and a circle that say the same', async () => {
    const fits = await jobs.newFits(id);
    const chunks: Uint8Array[] = [];
    for await (const chunk of fits.read()) chunks.push(chunk);
    const wcs = parseWcs(parseHeader(Buffer.concat(chunks)));
    expect(wcs.projection).toBe('ARC');
    expect(wcs.circle).toEqual((await wcsOf()).circle);
    expect(skyError(wcs, sky).rms).toBeLessThan(MAX_RMS_DEG);
  });

  it('has a calibration in nova’s way', async () => {
    const server = await serve(jobs, { port: 0, nova: true });
    onTestFinished(() => server.close({ graceSeconds: 0.5 }));
    const answer = await fetch(`${new URL('/api', server.url)}/jobs/${NOVA}/calibration/`);
    expect(answer.status).toBe(200);
    const { ra, dec, radius, width_arcsec, pixscale, parity } = (await answer.json()) as Record<
      string,
      number
    >;
    const { astrometry } = result;
    expect([ra, dec, parity]).toEqual([astrometry.ra_center, astrometry.dec_center, sky.parity]);
    expect(width_arcsec).toBe(3600 * astrometry.fov_deg[0]);
    expect(pixscale).toBe(astrometry.pixscale_arcsec);
    expect(radius).toBeGreaterThan(85);
    expect(radius).toBeLessThan(100);
  });

  it('looks nowhere outside the circle', async () => {
    const wcs = await wcsOf();
    const { x, y, radius } = sky.circle;
    expect(skyToPixel(wcs, result.astrometry.ra_center, result.astrometry.dec_center)).toBeDefined();
    expect(pixelToSky(wcs, x, y).every(Number.isFinite)).toBe(true);
    expect(pixelToSky(wcs, x - 1.1 * radius, y).some(Number.isNaN)).toBe(true);
    expect(pixelToSky(wcs, 1, 1).some(Number.isNaN)).toBe(true);
  });
});
