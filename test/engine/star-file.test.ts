import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeStars } from '../../scripts/stars/encode.js';
import { packagedStars } from '../../scripts/stars/packaged.js';
import { StarCatalog } from '../../src/engine/star-catalog.js';
import { decodeStars, type StarColumns, StarFileError } from '../../src/engine/star-file.js';
import { DEG, RAD, separation } from '../../src/wcs/sphere.js';
import { packagedBytes } from './stars.js';

function placeOf({ vectors }: StarColumns, star: number): [number, number] {
  const [x, y, z] = [vectors[3 * star]!, vectors[3 * star + 1]!, vectors[3 * star + 2]!];
  return [Math.atan2(y, x) * DEG, Math.asin(Math.max(-1, Math.min(1, z))) * DEG];
}

const anyStar = fc.record({
  ra_deg: fc.double({ min: 0, max: 360, noNaN: true, maxExcluded: true }),
  dec_deg: fc.double({ min: -90, max: 90, noNaN: true }),
  magnitude: fc.double({ min: -1.9, max: 13.9, noNaN: true }),
});

describe('the star file', () => {
  it("of the package is what the repository's script makes of Debian's index files", () => {
    const { bytes } = packagedStars('/usr/share/astrometry', false);
    expect(Buffer.compare(bytes, packagedBytes())).toBe(0);
  });

  it('gives back positions to an arcsecond and magnitudes to a thirty-second, brightest first', () => {
    fc.assert(
      fc.property(fc.array(anyStar, { minLength: 1, maxLength: 60 }), (stars) => {
        const decoded = decodeStars(encodeStars(stars));
        expect(decoded.count).toBe(stars.length);
        for (let i = 1; i < decoded.count; i++)
          expect(decoded.magnitudes[i]!).toBeGreaterThanOrEqual(decoded.magnitudes[i - 1]!);
        for (const star of stars) {
          const nearest = Array.from({ length: decoded.count }, (_, i) => i).filter(
            (i) =>
              Math.abs(decoded.magnitudes[i]! - star.magnitude) <= 1 / 32 + 1e-6 &&
              separation(star.ra_deg, star.dec_deg, ...placeOf(decoded, i)) <= 1 / 3600,
          );
          expect(nearest.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 60, seed: 12 },
    );
  });

  it('is the same whatever the order of the stars', () => {
    const stars = fc.sample(anyStar, { numRuns: 200, seed: 3 });
    expect(Buffer.from(encodeStars([...stars].reverse())).equals(encodeStars(stars))).toBe(true);
  });

  it('is refused with a reason when a byte is changed, when it is cut, and when it is something else', () => {
    const bytes = encodeStars(fc.sample(anyStar, { numRuns: 300, seed: 5 }));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at]! ^= change;
        expect(() => decodeStars(damaged)).toThrow(StarFileError);
      }),
      { numRuns: 300, seed: 7 },
    );
    for (let length = 0; length < bytes.length; length += 13)
      expect(() => decodeStars(bytes.subarray(0, length))).toThrow(StarFileError);
    expect(() => decodeStars(new TextEncoder().encode('<html>not found</html>'))).toThrow(
      /Expected a star file/,
    );
    const newer = Uint8Array.from(bytes);
    newer[8] = 99;
    expect(() => decodeStars(newer)).toThrow(/version 99/);
  });

  it('is decoded onto shared memory where that is asked for', () => {
    const bytes = encodeStars(fc.sample(anyStar, { numRuns: 50, seed: 9 }));
    const { vectors, magnitudes } = decodeStars(bytes, (size) => new SharedArrayBuffer(size));
    expect(vectors.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(magnitudes.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});

describe('the stars of the package', () => {
  let catalog: StarCatalog;
  beforeAll(() => {
    catalog = StarCatalog.decode(packagedBytes());
  });

  it('leave no part of the sky empty: fields of 1.5° × 1.5° have 25 stars, but for a few in a thousand', () => {
    const out = new Int32Array(1000);
    const radius = Math.sqrt(1.5 ** 2 / Math.PI) * RAD;
    const counts = Array.from({ length: 3000 }, (_, i) => {
      // Spread evenly over the sphere by the golden angle.
      const z = 1 - (2 * i + 1) / 3000;
      const [flat, turn] = [Math.sqrt(1 - z * z), i * 2.399963];
      return catalog.brightest(flat * Math.cos(turn), flat * Math.sin(turn), z, radius, 1000, out);
    });
    expect(counts.filter((count) => count < 25).length).toBeLessThan(9);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(8);
  });

  it.each([
    ['Sirius', 101.287, -16.716, -1.46],
    ['Vega', 279.235, 38.784, 0.03],
    ['Polaris', 37.955, 89.264, 1.98],
    ['Alnilam', 84.053, -1.202, 1.69],
    ['Alcyone', 56.871, 24.105, 2.87],
  ])('have %s', (_name, ra_deg, dec_deg, magnitude) => {
    const out = new Int32Array(1);
    const [ra, dec] = [ra_deg * RAD, dec_deg * RAD];
    const [x, y, z] = [Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec)];
    expect(catalog.brightest(x, y, z, 0.02 * RAD, 1, out)).toBe(1);
    expect(Math.abs(catalog.data.magnitudes[out[0]!]! - magnitude)).toBeLessThan(0.3);
  });

  it('are found by place as a search through all of them finds them', () => {
    const { vectors, count } = catalog.data;
    const out = new Int32Array(5000);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.constantFrom(0.3, 1, 4, 15, 60, 120),
        fc.constantFrom(1, 20, 400),
        (turn, z, radius_deg, limit) => {
          const flat = Math.sqrt(1 - z * z);
          const [x, y] = [flat * Math.cos(turn), flat * Math.sin(turn)];
          const found = catalog.brightest(x, y, z, radius_deg * RAD, limit, out);
          const most = 2 * Math.sin((radius_deg * RAD) / 2);
          const expected: number[] = [];
          for (let i = 0; i < count && expected.length < limit; i++) {
            const [dx, dy, dz] = [vectors[3 * i]! - x, vectors[3 * i + 1]! - y, vectors[3 * i + 2]! - z];
            if (dx * dx + dy * dy + dz * dz <= most * most) expected.push(i);
          }
          expect([...out.subarray(0, found)]).toEqual(expected);
        },
      ),
      { numRuns: 60, seed: 4 },
    );
  });
});
