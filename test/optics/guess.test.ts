import { describe, expect, it } from 'vitest';
import type { ImageHints, PositionHint } from '../../src/capture/hints.js';
import type { Astrometry } from '../../src/job/astrometry.js';
import type { Capture } from '../../src/job/capture.js';
import { parseParams } from '../../src/job/params.js';
import { fieldToRemember, withRemembered } from '../../src/optics/guess.js';
import { planAttempts } from '../../src/solver/search/plan.js';

const astrometry: Astrometry = {
  ra_center: 84,
  dec_center: -3,
  radius_deg: 4,
  pixscale_arcsec: 30,
  fov_deg: [7, 5],
  orientation_deg: 0,
  objects: [],
};
const at = (datetime: string): Capture => ({ datetime });
const FIRST = at('2024-02-03T21:12:40');
const field = fieldToRemember('camera', astrometry, FIRST);
const none: ImageHints = { scales: [], positions: [] };
const exif: ImageHints = {
  scales: [{ low_arcsec_per_pixel: 26, high_arcsec_per_pixel: 34, source: 'exif', reason: 'FocalLength' }],
  positions: [],
};
const pointing = (ra_deg: number, dec_deg: number): PositionHint => ({
  ra_deg,
  dec_deg,
  radius_deg: 5,
  source: 'fits',
  reason: 'RA, DEC',
});
const names = (hints: ImageHints) =>
  planAttempts({
    image: { width: 900, height: 600, kind: 'jpeg' },
    params: parseParams({}),
    hints,
  }).map(({ name }) => name);

describe('what is remembered', () => {
  it('is a scale to within a few per cent, before those of the metadata', () => {
    const [guess, metadata] = withRemembered(exif, field, {}).scales;
    expect(guess).toMatchObject({ source: 'remembered' });
    expect(guess!.low_arcsec_per_pixel).toBeCloseTo(30 / 1.03, 6);
    expect(guess!.high_arcsec_per_pixel).toBeCloseTo(30 * 1.03, 6);
    expect(metadata).toEqual(exif.scales[0]);
  });

  it('is a position only within ten minutes by the clock of the camera', () => {
    const guess = (time: string) => withRemembered(none, field, at(time)).positions;
    expect(guess('2024-02-03T21:12:40')).toMatchObject([{ ra_deg: 84, dec_deg: -3, source: 'remembered' }]);
    expect(guess('2024-02-03T21:22:39.5')).toHaveLength(1);
    expect(guess('2024-02-03T21:02:41')).toHaveLength(1);
    expect(guess('2024-02-03T21:22:41')).toEqual([]);
    expect(guess('2024-02-02T21:12:40')).toEqual([]);
    expect(guess('2024-02-03')).toEqual([]);
    expect(withRemembered(none, field, {}).positions).toEqual([]);
  });

  it('grows by what the sky turns meanwhile', () => {
    const radius = (time: string) => withRemembered(none, field, at(time)).positions[0]?.radius_deg;
    expect(radius('2024-02-03T21:12:40')).toBe(4);
    expect(radius('2024-02-03T21:20:40')).toBeCloseTo(4 + 2.005, 3);
  });

  it('holds no position when it is not known when the image was taken', () => {
    expect(fieldToRemember('camera', astrometry, {})).toEqual({ optics: 'camera', arcsec_per_pixel: 30 });
    expect(fieldToRemember('camera', astrometry, at('2024-02-03')).position).toBeUndefined();
  });

  it('leads where the mount agrees, and follows where it speaks of another place; both are tried', () => {
    const positions = (own: PositionHint[]) =>
      withRemembered({ scales: [], positions: own }, field, FIRST).positions.map(
        ({ source, alternative = false }) => [source, alternative],
      );
    expect(positions([pointing(86, -1)])).toEqual([
      ['remembered', false],
      ['fits', true],
    ]);
    const lesser = pointing(0, 0);
    expect(positions([pointing(200, 50), { ...pointing(210, 50), alternative: true }, lesser])).toEqual([
      ['fits', false],
      ['fits', true],
      ['remembered', true],
      ['fits', false],
    ]);
  });
});

describe('the plan with what is remembered', () => {
  it('begins with it, then asks the metadata, and leaves nothing out that it tries without', () => {
    const remembered = withRemembered(exif, field, FIRST);
    expect(names(remembered).slice(0, 3)).toEqual([
      'remembered-scale-position',
      'remembered-scale',
      'exif-scale',
    ]);
    expect(names(remembered)).toEqual(expect.arrayContaining(names(exif)));
    expect(new Set(names(remembered)).size).toBe(names(remembered).length);
  });

  it('loosens it where the metadata tell no scale', () => {
    expect(names(withRemembered(none, field, {}))).toContain('remembered-scale-wide');
  });
});
