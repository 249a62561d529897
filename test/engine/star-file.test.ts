import { describe, expect, it } from 'vitest';
import { packagedStars } from '../../scripts/stars/packaged.js';
import { decodeStars, StarFileError } from '../../src/engine/star-file.js';
import { grid, STAR_BYTES } from './sky.js';

const RAD = Math.PI / 180;

/** Degrees from a place to the brightest star within a degree of it, and that star's magnitude. */
function brightestNear(ra_deg: number, dec_deg: number): { off_arcsec: number; magnitude: number } {
  const cos = Math.cos(dec_deg * RAD);
  const place = [
    cos * Math.cos(ra_deg * RAD),
    cos * Math.sin(ra_deg * RAD),
    Math.sin(dec_deg * RAD),
  ] as const;
  const found = new Int32Array(1);
  expect(grid.brightest(...place, RAD, 1, found)).toBe(1);
  const [star = 0] = found;
  const vector = grid.stars.vectors.subarray(3 * star, 3 * star + 3);
  const chord = Math.hypot(...place.map((value, i) => value - (vector[i] ?? 0)));
  return {
    off_arcsec: (2 * Math.asin(chord / 2)) / RAD / (1 / 3600),
    magnitude: grid.stars.magnitudes[star] ?? 99,
  };
}

describe('the packaged stars', () => {
  it('are those that the script makes of the index files of Debian, to the byte', () => {
    const { bytes } = packagedStars('/usr/share/astrometry');
    expect(Buffer.from(bytes).equals(STAR_BYTES)).toBe(true);
  });

  it.each([
    ['Sirius', 101.2872, -16.7161, -1.46],
    ['Canopus', 95.988, -52.6957, -0.74],
    ['Arcturus', 213.9153, 19.1824, -0.05],
    ['Vega', 279.2347, 38.7837, 0.03],
    ['Betelgeuse', 88.7929, 7.4071, 0.5],
    ['Polaris', 37.9546, 89.2641, 2.0],
  ])('have %s, which Tycho-2 lacks or has with errors', (_, ra_deg, dec_deg, magnitude) => {
    const found = brightestNear(ra_deg, dec_deg);
    // Tycho-2 gives the place of some at another epoch.
    expect(found.off_arcsec).toBeLessThan(30);
    expect(Math.abs(found.magnitude - magnitude)).toBeLessThan(0.6);
  });

  it('come brightest first, and no bright one twice', () => {
    const { vectors, magnitudes } = grid.stars;
    expect(magnitudes.findIndex((magnitude, i) => i > 0 && magnitude < (magnitudes[i - 1] ?? 0))).toBe(-1);
    const bright = magnitudes.findIndex((magnitude) => magnitude > 3);
    const close: string[] = [];
    for (let i = 0; i < bright; i++) {
      for (let j = 0; j < i; j++) {
        const [dx = 1, dy = 1, dz = 1] = [0, 1, 2].map(
          (axis) => (vectors[3 * i + axis] ?? 0) - (vectors[3 * j + axis] ?? 0),
        );
        if (Math.hypot(dx, dy, dz) < (3 / 3600) * RAD) close.push(`${i} ${j}`);
      }
    }
    expect(close).toEqual([]);
  });

  it('leave no part of the sky empty: seven in every circle of 0.75°', () => {
    const found = new Int32Array(12);
    let fewest = 12;
    for (let z = -0.99; z < 1; z += 0.02) {
      for (let ra = 0; ra < 2 * Math.PI; ra += 0.1) {
        const flat = Math.sqrt(1 - z * z);
        const count = grid.brightest(flat * Math.cos(ra), flat * Math.sin(ra), z, 0.75 * RAD, 12, found);
        fewest = Math.min(fewest, count);
      }
    }
    expect(fewest).toBeGreaterThanOrEqual(7);
  });
});

describe('a star file', () => {
  it.each([
    ['that is empty', new Uint8Array(0), 'cut off'],
    ['that is something else', new Uint8Array(5000), 'no star file'],
    ['that is cut off', STAR_BYTES.subarray(0, STAR_BYTES.length - 1), 'claims'],
  ])('%s is refused', (_, bytes, words) => {
    expect(() => decodeStars(bytes)).toThrow(StarFileError);
    expect(() => decodeStars(bytes)).toThrow(words);
  });

  it('of another version, or with bands that do not add up, is refused', () => {
    const version = Uint8Array.from(STAR_BYTES);
    version[7] = 9;
    expect(() => decodeStars(version)).toThrow('version 9');
    const bands = Uint8Array.from(STAR_BYTES);
    bands[16 + 4 * 90] = 0xff;
    expect(() => decodeStars(bands)).toThrow(/more stars/);
  });
});
