import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageHints } from '../../src/capture/hints.js';
import type { ImageKind } from '../../src/image/image.js';
import type { SolveParamsInput } from '../../src/job/param-table.js';
import { parseParams } from '../../src/job/params.js';
import { userScale, widestScale } from '../../src/solver/search/bounds.js';
import { planAttempts } from '../../src/solver/search/plan.js';
import { usualShrink } from '../../src/stars/shrink.js';

const image = { width: 4000, height: 3000, kind: 'jpeg' as ImageKind };
const none: ImageHints = { scales: [], positions: [] };
const exif: ImageHints = {
  scales: [
    { low_arcsec_per_pixel: 8, high_arcsec_per_pixel: 10, source: 'exif', reason: 'FocalLength 50 mm' },
  ],
  positions: [],
};
const fits: ImageHints = {
  scales: [{ low_arcsec_per_pixel: 1, high_arcsec_per_pixel: 1.1, source: 'fits', reason: 'FOCALLEN' }],
  positions: [{ ra_deg: 10, dec_deg: 41, radius_deg: 5, source: 'fits', reason: 'RA, DEC' }],
};

function plan(params: SolveParamsInput, hints: ImageHints = none, of = image) {
  return planAttempts({ image: of, params: parseParams(params), hints });
}
const names = (...args: Parameters<typeof plan>) => plan(...args).map((attempt) => attempt.name);

describe('bounds of the scale', () => {
  it.each([
    [{ scale_low: 1, scale_high: 3 }, 0.9, 2.7],
    [{ scale_low: 60, scale_high: 180, scale_units: 'arcminwidth' }, 0.9, 2.7],
    [{ scale_low: 0.9, scale_high: 2.7, scale_units: 'arcsecperpix' }, 0.9, 2.7],
    // A 50 mm lens shows 39.6 degrees of width.
    [{ scale_low: 50, scale_high: 50, scale_units: 'focalmm' }, 35.64, 37.13],
  ] as const)('%o of 4000 pixels', (params, low, high) => {
    const bounds = userScale(parseParams(params), 4000)!;
    expect(bounds.low).toBeCloseTo(low, 2);
    expect(bounds.high / high).toBeCloseTo(1, 3);
  });

  it('leave the other side open when one is given', () => {
    const widest = widestScale(4000);
    expect(userScale(parseParams({ scale_low: 2 }), 4000)).toMatchObject({ low: 1.8, high: widest.high });
    expect(userScale(parseParams({ scale_high: 2 }), 4000)).toMatchObject({ low: widest.low });
    // A focal length of at least 200 mm is a scale of at most.
    expect(userScale(parseParams({ scale_low: 200, scale_units: 'focalmm' }), 4000)?.low).toBe(widest.low);
    expect(userScale(parseParams({}), 4000)).toBeUndefined();
  });

  it('hold a very wide image under both readings of its width', () => {
    const bounds = userScale(parseParams({ scale_low: 95, scale_high: 100 }), 1920)!;
    expect(bounds.low).toBeLessThan((97.8 * 3600) / 1920);
    expect(bounds.high).toBeGreaterThan(
      ((2 * Math.tan((97.8 * Math.PI) / 360) * 180) / Math.PI / 1920) * 3600,
    );
  });
});

describe('the plan', () => {
  it('tries every meaning of a position that has more than one, and no lesser position', () => {
    const at = (ra_deg: number, alternative?: true) => ({
      ...fits.positions[0]!,
      ra_deg,
      ...(alternative && { alternative }),
    });
    const doubtful: ImageHints = { ...fits, positions: [at(13.1), at(196.6, true), at(10)] };
    const tried = plan({}, doubtful).filter(({ name }) => name.includes('position'));
    expect(tried.map(({ name, position }) => [name, position?.ra_deg])).toEqual([
      ['fits-scale-position', 13.1],
      ['fits-scale-position-2', 196.6],
    ]);
    const withoutScale = plan({}, { ...doubtful, scales: [] }).filter(
      ({ position }) => position !== undefined,
    );
    expect(withoutScale.map(({ name }) => name)).toEqual(['fits-position', 'fits-position-2']);
  });

  it('searches blindly, by size of field, when nothing is known', () => {
    expect(names({})).toEqual([
      'blind-medium',
      'blind-wide',
      'blind-narrow',
      'blind-medium-loose',
      'blind-wide-loose',
      'blind-narrow-loose',
      'blind-extracted',
      'blind-coarse',
      'blind-uneven',
      'blind-fine',
      'blind-faint',
      'blind-coarse-extracted',
      'blind-between',
    ]);
  });

  it('looks at quads of a looser shape after the others', () => {
    for (const attempt of plan({ scale_low: 1, scale_high: 2 })) {
      expect(attempt.codeTolerance).toBe(attempt.name === 'bounded-loose' ? 0.01 : 0.005);
    }
  });

  it('tries what the metadata say first, then more loosely, and blindly besides', () => {
    expect(names({}, exif).slice(0, 5)).toEqual([
      'exif-scale',
      'exif-scale-wide',
      'blind-medium',
      'blind-wide',
      'blind-narrow',
    ]);
    expect(names({}, fits).slice(0, 6)).toEqual([
      'fits-scale-position',
      'fits-scale',
      'blind-medium',
      'blind-wide',
      'blind-narrow',
      'fits-scale-wide',
    ]);
    expect(plan({}, fits)[0]).toMatchObject({
      scale: { low: 1, high: 1.1 },
      position: { ra_deg: 10, dec_deg: 41, radius_deg: 5 },
    });
  });

  it('verifies a solution that the header holds before anything else', () => {
    const wcs = {
      crval: [10, 41],
      crpix: [2000, 1500],
      cd: [
        [-3e-4, 0],
        [0, 3e-4],
      ],
      width: 4000,
      height: 3000,
    } as const;
    const headerWcs = structuredClone(wcs) as unknown as NonNullable<ImageHints['headerWcs']>;
    expect(plan({}, { ...fits, headerWcs })[0]).toMatchObject({ name: 'header-wcs', verify: headerWcs });
  });

  it('does not ask the metadata when it may not', () => {
    expect(names({ use_metadata: false }, fits)).toEqual(names({}));
  });

  it('leaves out hints that the caller excludes', () => {
    const attempts = plan({ scale_low: 20, scale_high: 30 }, fits);
    expect(attempts.filter(({ name }) => name.startsWith('fits-scale'))).toEqual([]);
  });

  it('takes a list of stars as it is', () => {
    const attempts = plan({}, none, { ...image, kind: 'source-list' });
    expect(new Set(attempts.map(({ input }) => input.from))).toEqual(new Set(['given-list']));
  });

  it('gives every attempt a name of its own that is fit for a folder, a reason and time', () => {
    for (const hints of [none, exif, fits]) {
      const attempts = plan({ ra: 1, dec: 2, radius: 3 }, hints);
      expect(new Set(attempts.map(({ name }) => name)).size).toBe(attempts.length);
      for (const { name, reason, seconds } of attempts) {
        expect(name).toMatch(/^[a-z0-9-]+$/);
        expect(reason).not.toBe('');
        expect(seconds).toBeGreaterThan(0);
      }
    }
  });

  it('never relaxes what the caller gave, whatever the metadata say', () => {
    const scale = fc.tuple(
      fc.double({ min: 0.05, max: 500, noNaN: true }),
      fc.double({ min: 1, max: 3, noNaN: true }),
    );
    fc.assert(
      fc.property(
        scale,
        scale,
        fc.constantFrom('exif' as const, 'fits' as const),
        fc.boolean(),
        (user, hint, source, header) => {
          const low = user[0];
          const high = user[0] * user[1];
          const hints: ImageHints = {
            scales: [
              {
                low_arcsec_per_pixel: hint[0],
                high_arcsec_per_pixel: hint[0] * hint[1],
                source,
                reason: 'test',
              },
            ],
            positions: [{ ra_deg: 1, dec_deg: 2, radius_deg: 3, source: 'fits', reason: 'test' }],
            ...(header && {
              headerWcs: {
                crval: [1, 2],
                crpix: [1, 1],
                cd: [
                  [1, 0],
                  [0, 1],
                ],
                width: 4000,
                height: 3000,
              },
            }),
          };
          const params: SolveParamsInput = {
            scale_low: low,
            scale_high: high,
            scale_units: 'arcsecperpix',
            ra: 100,
            dec: -20,
            radius: 2,
            parity: -1,
          };
          for (const attempt of plan(params, hints)) {
            expect(attempt.scale.low).toBeGreaterThanOrEqual(low);
            expect(attempt.scale.high).toBeLessThanOrEqual(high);
            expect(attempt.position).toEqual({ ra_deg: 100, dec_deg: -20, radius_deg: 2 });
            expect(attempt.parity).toBe(-1);
          }
        },
      ),
    );
  });
});

describe('shrinking', () => {
  it.each([
    [256, 256, 2, 1],
    [1200, 800, 2, 2],
    [3000, 3000, 2, 2],
    [6000, 4000, 2, 4],
    [9504, 6336, 2, 8],
    [1200, 800, 1, 1],
    [256, 256, 4, 4],
  ])('%i × %i, downsample %i: %i', (width, height, downsample, shrink) => {
    expect(usualShrink(width, height, downsample)).toBe(shrink);
  });
});
