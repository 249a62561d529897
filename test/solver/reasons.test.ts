import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyze } from 'astro-jobs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PackagedStars } from '../../src/engine/packaged-stars.js';
import { addLine } from '../sky/drawn.js';
import { hardSky } from '../sky/hard.js';
import { noSky } from '../sky/no-sky.js';
import { seededRandom } from '../sky/random.js';
import { renderSky, type Sky } from '../sky/render.js';
import { addArcs } from '../sky/star-arcs.js';
import { writeSky } from '../sky/write.js';

const SIZE = { width: 900, height: 600 };

let folder: string;
let stars: PackagedStars;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reasons-'));
  stars = new PackagedStars(await readFile(new URL('../../data/stars.bin', import.meta.url)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function solve(sky: Sky, params: Parameters<typeof analyze>[1] = {}, signal?: AbortSignal) {
  const path = join(folder, 'picture.jpg');
  await writeSky(path, sky, { format: 'jpeg' });
  return analyze(path, { solver: 'builtin', ...params }, signal && { signal });
}

async function refused(...asked: Parameters<typeof solve>) {
  const result = await solve(...asked);
  if (result.ok) throw new Error('The picture was to be refused');
  return result;
}

/** Little to search, where that is not the question. */
const BOUNDS = { scale_low: 20, scale_high: 30, scale_units: 'degwidth' } as const;

const field = (seed: number, more: Partial<Parameters<typeof renderSky>[0]>) =>
  renderSky({ ...SIZE, ra_deg: 60 * seed, dec_deg: 20, pixscale_arcsec: 60, seed, stars: [], ...more });

const negativeOf = (sky: Sky): Sky => ({ ...sky, data: sky.data.map((value) => 1 - value) });

describe('a picture without a solution is refused with the reason that holds:', () => {
  it.each(['builtin', 'auto'] as const)('%s: nothing is above the noise', async (solver) => {
    const { error_code, error, solve: report } = await refused(field(1, { noise: 0.03 }), { solver });
    expect(error_code).toBe('too_few_stars');
    expect(error).toMatch(
      /^No stars were found, and 7 are needed: expose longer, or shorter where .*, or focus/,
    );
    // No other solver uses up the time that the job has.
    expect(report?.solver).toBe('builtin');
  });

  it('too few stars', async () => {
    const { hint: _, ...sky } = hardSky('four stars, hinted', 3, stars.catalog);
    const { error_code, error } = await refused(sky);
    expect(error_code).toBe('too_few_stars');
    expect(error).toMatch(/^Only 4 stars were found, and 7 are needed: .* give centre, radius and scale/);
  });

  it.each([10, 40])('stars that are trailed over %i°', async (arc_deg) => {
    const sky = field(3, { paint: (canvas) => addArcs(canvas, seededRandom(3), arc_deg) });
    const { error_code, error } = await refused(sky, BOUNDS);
    expect(error_code).toBe('no_solution');
    expect(error).toMatch(
      /^The stars are trailed, about \d+ times as long as wide: expose shorter, or follow/,
    );
  });

  it('a negative that shows no field', async () => {
    const { error_code, error } = await refused(negativeOf(noSky('shuffled stars', 7)), BOUNDS);
    expect(error_code).toBe('no_solution');
    expect(error).toMatch(
      /agrees with the \d\d+ dark spots that were found, as of a negative: is it the night sky/,
    );
  });

  it('no field of the widths that were searched', async () => {
    const { error_code, error } = await refused(noSky('shuffled stars', 8), BOUNDS);
    expect(error_code).toBe('no_solution');
    expect(error).toMatch(/^No field of 20° to \d+° agrees with the \d\d+ stars .* is the scale right\?$/);
  });

  it('index files for narrower fields are needed', async () => {
    const { error_code, error } = await refused(noSky('shuffled stars', 9), {
      scale_low: 1,
      scale_high: 2,
      scale_units: 'arcminwidth',
    });
    expect(error_code).toBe('no_index_for_scale');
    expect(error).toMatch(
      /for narrower ones install index files .* `astro-jobs indexes recommend` says which/,
    );
  });

  it('the time was over, which says nothing of the stars', async () => {
    const { error_code, error } = await refused(noSky('shuffled stars', 10), { timeout: 1 });
    expect(error_code).toBe('timeout');
    expect(error).toMatch(/^Not solved within 1 s; give a scale or more time$/);
  });

  it('it was cancelled', async () => {
    const stop = new AbortController();
    const solving = solve(noSky('shuffled stars', 11), {}, stop.signal);
    setTimeout(() => stop.abort(new Error('no longer wanted')), 300);
    await expect(solving).rejects.toThrow('no longer wanted');
  });
});

describe('a negative', () => {
  it('is seen by its background, whatever bright there is on it', async () => {
    const sky = hardSky('plain', 4, stars.catalog);
    const scratched = negativeOf(sky);
    const random = seededRandom(5);
    const point = () => [random.uniform() * sky.width, random.uniform() * sky.height] as const;
    for (let i = 0; i < 40; i++) {
      const from = point();
      addLine(scratched, from, [from[0] + 4, from[1] + 3], 0.5, 2.5);
    }
    expect(await solve(scratched)).toMatchObject({ ok: true });
  });

  it('is one no more where a picture that is none is inverted', async () => {
    expect(await solve(hardSky('plain', 5, stars.catalog), { invert: true })).toMatchObject({ ok: true });
  });
});
