/*
 * Draws docs/images/moving-objects.jpg: a rendered picture of half an hour with an asteroid, a comet and two satellites whose elements are made
 * for it, solved and drawn as any other.
 *
 *     node --import ./scripts/typescript.mjs scripts/render-moving-objects.ts [FILE]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { AstroJobs, type AstroObject, InProcessQueue, MemoryJobStore } from '../src/index.js';
import { asteroidAt, cometAt, SITE, satelliteAt } from '../test/moving/scene.js';
import type { Canvas } from '../test/sky/canvas.js';
import { addLine } from '../test/sky/drawn.js';
import type { Projection } from '../test/sky/projection.js';
import { renderSky } from '../test/sky/render.js';
import { writeSky } from '../test/sky/write.js';

const [RA, DEC] = [217.5, 30.4];
const [START, MIDDLE, SECONDS] = ['2020-05-31T22:00:00', '2020-05-31T22:15:00Z', 1800] as const;
const HEADER = {
  ...{ 'DATE-OBS': START, EXPTIME: SECONDS, RA, DEC },
  ...{ SITELAT: SITE.lat, SITELONG: SITE.lon, SITEELEV: SITE.alt },
};
/** Light at the middle of a trail, and its width in pixels. */
const LIGHT: Readonly<Record<string, readonly [number, number]>> = {
  satellite: [0.8, 2.5],
  comet: [0.9, 6],
  asteroid: [0.6, 2.5],
};

const folder = await mkdtemp(join(tmpdir(), 'moving-objects-'));
const files = [
  ['MPCORB.DAT', asteroidAt([RA + 0.5, DEC + 0.1], MIDDLE, 'Testa', 11)],
  ['comets.txt', cometAt([RA - 0.3, DEC - 0.35], MIDDLE, 'C/2020 A1 (Example)', 7)],
  ['one.tle', satelliteAt([RA + 0.1, DEC - 0.1], MIDDLE, 'EXAMPLESAT 7')],
  ['other.tle', satelliteAt([RA - 0.9, DEC + 0.2], MIDDLE, 'ROCKET BODY', 12.9)],
] as const;
for (const [name, text] of files) await writeFile(join(folder, name), `${text}\n`);

const jobs = new AstroJobs({
  store: new MemoryJobStore(),
  queue: new InProcessQueue({ concurrency: 1 }),
  elements: files.map(([name]) => join(folder, name)),
});

/** The picture with the trails of these objects, as a solved job. */
async function solved(trails: readonly AstroObject[]) {
  const paint = (canvas: Canvas, sky: Projection) => {
    for (const { type = '', trail = [] } of trails) {
      const [light, width_px] = LIGHT[type] ?? [0, 0];
      const points = trail.map(([ra, dec]) => sky.toPixel(ra, dec)).filter((point) => point !== undefined);
      points.slice(1).forEach((to, i) => {
        addLine(canvas, points[i] ?? to, to, light, width_px);
      });
    }
  };
  const sky = renderSky({
    ...{ ra_deg: RA, dec_deg: DEC, width: 1200, height: 800, pixscale_arcsec: 6, orientation_deg: 170 },
    ...{ limit_mag: 13, noise: 0.02, paint },
  });
  const image = join(folder, 'night.fits');
  await writeSky(image, sky, { format: 'fits', header: HEADER });
  const { job_id } = await jobs.submit(image, { solver: 'builtin', scale_low: 1.5, scale_high: 2.5 });
  const result = await jobs.wait(job_id);
  if (!result.ok) throw new Error(result.error);
  return { job_id, objects: result.astrometry.objects.filter(({ trail }) => trail) };
}

try {
  const { objects } = await solved([]);
  const { job_id } = await solved(objects);
  const path =
    process.argv[2] ?? fileURLToPath(new URL('../docs/images/moving-objects.jpg', import.meta.url));
  const picture = await jobs.annotate(job_id, { format: 'png' });
  await sharp(picture).resize(1200).jpeg({ quality: 80 }).toFile(path);
} finally {
  await jobs.close();
  await rm(folder, { recursive: true });
}
