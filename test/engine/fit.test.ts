import { describe, expect, it } from 'vitest';
import { coverageOf } from '../../src/engine/fit/describe.js';
import { fitField } from '../../src/engine/fit/fit-field.js';
import { seededRandom } from '../sky/random.js';
import { errorOver, HEIGHT, LENSES, type LensFieldOptions, lensField, WIDTH } from './lenses.js';

const WIDTHS_DEG = [20, 60, 90, 120];
const CORNERS_PX = [0, 5, 20, 60];

function fitOf(options: LensFieldOptions, most = 5) {
  const field = lensField(options);
  return { field, fit: fitField(field.start, field.seeds, field.stars, field.reference, most)! };
}

describe('a fit that grows from four stars', () => {
  it.each(LENSES.flatMap((lens) => WIDTHS_DEG.map((width_deg) => [lens, width_deg] as const)))(
    'is true to the corners: %s, %i°',
    (lens, width_deg) => {
      CORNERS_PX.forEach((corner_px, i) => {
        const { field, fit } = fitOf({
          lens,
          corner_px,
          width_deg,
          stars: 200,
          noise_px: 0.2,
          seed: 100 * width_deg + i,
        });
        const { rms_px, most_px } = errorOver(fit.wcs, field.truth);
        expect(rms_px).toBeLessThan(0.15);
        expect(most_px).toBeLessThan(1);
        expect(fit.matches.length).toBeGreaterThan(180);
        expect(fit.report.good_to_corners).toBe(true);
        expect(fit.report.thirds.every((third) => third.stars > 0 && third.rms_px! < 0.45)).toBe(true);
      });
    },
  );

  it('says how far the lens moves the corners, and how well that is known', () => {
    const { fit } = fitOf({
      lens: 'barrel',
      corner_px: 30,
      width_deg: 60,
      stars: 200,
      noise_px: 0.2,
      seed: 3,
    });
    expect(fit.report.corner_distortion_px).toBeGreaterThan(29);
    expect(fit.report.corner_distortion_px).toBeLessThan(31);
    expect(fit.report.corner_sigma_px).toBeLessThan(0.5);
    expect(fit.report.model).toBe('TAN-SIP');
    expect(fit.report.order).toBeGreaterThanOrEqual(3);
    expect(fit.report.held_out_px).toBeGreaterThan(0.2);
    expect(fit.report.held_out_px).toBeLessThan(0.4);
  });

  it('has no distortion where the lens has none', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { fit } = fitOf({
        lens: 'barrel',
        corner_px: 0,
        width_deg: 40,
        stars: 150,
        noise_px: 0.3,
        seed,
      });
      expect(fit.report.order).toBe(0);
      expect(fit.report.model).toBe('TAN');
      expect(fit.wcs.sip).toBeUndefined();
    }
  });

  it('has no more than was asked for, and says that it is not good to the corners then', () => {
    const bent = {
      lens: 'barrel',
      corner_px: 40,
      width_deg: 60,
      stars: 150,
      noise_px: 0.2,
      seed: 8,
    } as const;
    const { fit } = fitOf(bent, 0);
    expect(fit.wcs.sip).toBeUndefined();
    expect(fit.report.order).toBe(0);
    expect(fit.report.good_to_corners).toBe(false);
    expect(fitOf(bent, 2).fit.report.order).toBeLessThanOrEqual(2);
  });

  it('bends along the radius only as far as few stars tell', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const few = { lens: 'barrel', corner_px: 25, width_deg: 60, stars: 24, noise_px: 0.2, seed } as const;
      const { field, fit } = fitOf(few);
      const { rms_px } = errorOver(fit.wcs, field.truth);
      // The lens alone is worth eight pixels over the image.
      expect(rms_px).toBeLessThan(fit.report.good_to_corners ? 1 : 4);
    }
  });

  it('is not said to be good where half of the picture shows no stars', () => {
    const field = lensField({
      lens: 'barrel',
      corner_px: 10,
      width_deg: 60,
      stars: 200,
      noise_px: 0.2,
      seed: 5,
    });
    const isShown = Array.from(field.stars.y, (y) => y < HEIGHT / 2);
    const keep = (values: ArrayLike<number>) => Array.from(values).filter((_, i) => isShown[i]);
    const stars = { x: keep(field.stars.x), y: keep(field.stars.y) };
    const fit = fitField(field.start, field.seeds, stars, field.reference, 5)!;
    expect(fit.report.good_to_corners).toBe(false);
    expect(fit.coverage).toBeGreaterThan(0.4);
    expect(fit.coverage).toBeLessThan(0.8);
  });

  it('does not follow mismatches', () => {
    const field = lensField({
      lens: 'pincushion',
      corner_px: 15,
      width_deg: 60,
      stars: 150,
      noise_px: 0.2,
      seed: 21,
    });
    const random = seededRandom(4);
    // One star in ten is a blend, off by up to two pixels to one side.
    const x = Array.from(field.stars.x, (at, i) => (i % 10 === 0 ? at + 2 * random.uniform() : at));
    const fit = fitField(field.start, field.seeds, { ...field.stars, x }, field.reference, 5)!;
    expect(errorOver(fit.wcs, field.truth).rms_px).toBeLessThan(0.15);
  });

  it('is none when two stars are all that is known', () => {
    const field = lensField({
      lens: 'barrel',
      corner_px: 0,
      width_deg: 30,
      stars: 30,
      noise_px: 0.1,
      seed: 2,
    });
    const two = (values: ArrayLike<number>) => Array.from(values).slice(0, 2);
    const { seeds, start, stars, reference } = field;
    const known = {
      x: two(seeds.x),
      y: two(seeds.y),
      ra_deg: two(seeds.ra_deg),
      dec_deg: two(seeds.dec_deg),
    };
    const none = { ra_deg: new Float64Array(0), dec_deg: new Float64Array(0), isSorted: true };
    expect(fitField(start, known, stars, none, 5)).toBeUndefined();
    expect(fitField(start, known, { x: [], y: [] }, reference, 5)).toBeUndefined();
  });
});

describe('coverage', () => {
  it('is the share of cells whose middle has a star within an eighth of the diagonal', () => {
    const random = seededRandom(6);
    for (const count of [0, 1, 3, 10, 60]) {
      const x = Array.from({ length: count }, () => random.uniform() * WIDTH);
      const y = Array.from({ length: count }, () => random.uniform() * HEIGHT);
      let covered = 0;
      for (let i = 0; i < 32; i++)
        for (let j = 0; j < 32; j++) {
          const [cx, cy] = [0.5 + ((i + 0.5) * WIDTH) / 32, 0.5 + ((j + 0.5) * HEIGHT) / 32];
          if (x.some((at, k) => Math.hypot(at - cx, y[k]! - cy) <= Math.hypot(WIDTH, HEIGHT) / 8)) covered++;
        }
      expect(coverageOf({ x, y }, { width: WIDTH, height: HEIGHT })).toBeCloseTo(covered / 1024, 10);
    }
  });
});
