import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.js';
import { PackagedStars } from '../../src/engine/packaged-stars.js';
import { renderAllSky } from '../sky/all-sky.js';
import { writeSky } from '../sky/write.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fisheye-middle-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('does not take the middle of a fisheye image for a pinhole camera’s', async () => {
  const { catalog } = new PackagedStars(await readFile(new URL('../../data/stars.bin', import.meta.url)));
  const sky = renderAllSky({
    stars: catalog.data,
    seed: 7,
    projection: 'equisolid',
    width: 1600,
    height: 900,
    diameter: 1.7,
  });
  const path = join(folder, 'sky.png');
  await writeSky(path, sky, { format: 'png' });
  // Within these bounds an ordinary search meets the middle of this image, and corners that are far off.
  const bounds = { scale_units: 'arcsecperpix', scale_low: 305, scale_high: 457 } as const;
  const result = await analyze(path, { solver: 'builtin', timeout: 100, ...bounds });
  if (!result.ok) throw new Error(result.error);
  expect(result.astrometry.projection).toBe('equisolid');
  expect(result.solve?.fit?.good_to_corners).toBe(true);
  expect(result.solve?.attempts?.at(-1)).toMatchObject({ name: 'all-sky', outcome: 'solved' });
}, 120_000);
