import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.js';
import { PackagedStars } from '../../src/engine/packaged-stars.js';
import { separation } from '../../src/wcs/sphere.js';
import { projection } from '../sky/projection.js';
import { renderSky } from '../sky/render.js';
import { starsAbout } from '../sky/stars-about.js';
import { writeSky } from '../sky/write.js';

let folder: string;
let catalog: PackagedStars['catalog'];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'finer-fit-'));
  ({ catalog } = new PackagedStars(await readFile(new URL('../../data/stars.bin', import.meta.url))));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('fits a small picture with sharp stars in its own pixels, not in those that it was shrunk to', async () => {
  const [ra_deg, dec_deg, pixscale_arcsec] = [60, 20, 70];
  const sky = renderSky({
    stars: starsAbout(catalog, ra_deg, dec_deg, 9),
    ...{ ra_deg, dec_deg, pixscale_arcsec, width: 512, height: 512 },
    psf: [{ fwhm_px: 1.4, share: 1 }],
    limit_mag: 6.8,
    sip: { a: [[], [], [], [2e-7]], b: [[0, 0, 0, 2e-7]] },
  });
  const path = join(folder, 'sharp.png');
  await writeSky(path, sky, { format: 'png' });
  const result = await analyze(path, { solver: 'builtin' });
  if (!result.ok) throw new Error(result.error);
  const { corners = [], pixscale_arcsec: scale } = result.astrometry;
  const truth = projection(sky.truth);
  const [left, right] = [0.5, 512.5];
  const places = [left, right].flatMap((x) => [left, right].map((y) => truth.toSky(x, y)));
  expect(corners).toHaveLength(4);
  for (const [ra, dec] of corners) {
    const off_px = Math.min(...places.map((place) => (3600 * separation(...place, ra, dec)) / scale));
    expect(off_px).toBeLessThan(0.9);
  }
  expect(result.solve?.fit).toMatchObject({ good_to_corners: true });
});
