import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyze } from 'astro-jobs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PackagedStars } from '../../src/engine/packaged-stars.js';
import { separation } from '../../src/wcs/sphere.js';
import { type HardKind, hardSky } from '../sky/hard.js';
import { noSky } from '../sky/no-sky.js';
import { projection } from '../sky/projection.js';
import type { Sky } from '../sky/render.js';
import { writeSky } from '../sky/write.js';

let folder: string;
let catalog: PackagedStars['catalog'];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hard-'));
  ({ catalog } = new PackagedStars(await readFile(new URL('../../data/stars.bin', import.meta.url))));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function solve(sky: Sky, params: Parameters<typeof analyze>[1] = {}) {
  const path = join(folder, 'sky.jpg');
  await writeSky(path, sky, { format: 'jpeg' });
  return analyze(path, { solver: 'builtin', ...params });
}

async function solved(sky: Sky, params?: Parameters<typeof analyze>[1]) {
  const result = await solve(sky, params);
  if (!result.ok) throw new Error(result.error);
  const { ra_center, dec_center, pixscale_arcsec } = result.astrometry;
  const [x, y] = [(sky.width + 1) / 2, (sky.height + 1) / 2];
  const off_deg = separation(...projection(sky.truth).toSky(x, y), ra_center, dec_center);
  expect((3600 * off_deg) / pixscale_arcsec).toBeLessThan(2);
  return result;
}

describe('hard pictures', () => {
  it.each<HardKind>([
    'negative',
    'satellite trails',
    'rich cluster',
    'lines and names',
    'dotted grid',
    'hot pixels',
  ])('are solved: %s', async (kind) => {
    const { astrometry } = await solved(hardSky(kind, 4, catalog));
    expect(astrometry.quality).not.toHaveProperty('trailed');
  });

  it.each<HardKind>(['lines and names', 'dotted grid'])(
    'are solved by the stars that drawings cross and end at: %s',
    async (kind) => {
      const { solve } = await solved(hardSky(kind, 18, catalog));
      expect(solve?.attempts?.at(-1)).toMatchObject({ name: 'blind-lists', outcome: 'solved' });
    },
  );

  it('that are drawn over are not said to have trailed stars', async () => {
    const result = await solve(hardSky('lines and names', 10, catalog));
    if (!result.ok) expect(result.error).not.toMatch(/trailed/);
    else expect(result.astrometry.quality).not.toHaveProperty('trailed');
  });

  it('with trailed stars are solved, and say so', async () => {
    const { astrometry } = await solved(hardSky('star trails', 4, catalog));
    const { trailed } = astrometry.quality ?? {};
    expect(trailed?.ratio).toBeGreaterThan(2.5);
    expect(trailed?.length_px).toBeGreaterThan(8);
    expect(trailed?.length_px).toBeLessThan(26);
    // The sky turns along circles of declination.
    expect(Math.abs((trailed?.position_angle_deg ?? 0) - 90)).toBeLessThan(12);
  });

  it('of five stars are solved where centre and scale are given, and refused with that advice where not', async () => {
    const { hint, ...sky } = hardSky('five stars, hinted', 4, catalog);
    if (!hint) throw new Error('The picture has a hint');
    const [scale_low, scale_high] = hint.scale;
    const { ra_deg: ra, dec_deg: dec, radius_deg: radius } = hint;
    await solved(sky, { ra, dec, radius, scale_low, scale_high, scale_units: 'arcsecperpix' });
    const blind = await solve(sky);
    expect(blind).toMatchObject({ ok: false, error_code: 'too_few_stars' });
    expect(blind.ok || blind.error).toMatch(/5 stars .* give centre, radius and scale/);
  });

  it('of no sky are refused after all searches, and the refusal names what was searched', async () => {
    const result = await solve(noSky('shuffled stars', 7));
    if (result.ok) throw new Error('This is no sky');
    expect(result.solve?.attempts?.map(({ name }) => name)).toContain('all-sky');
    expect(result.error).toMatch(/No field of 0\.7° to 180° agrees with the \d\d+ stars/);
  });
});
