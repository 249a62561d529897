import { describe, expect, it } from 'vitest';
import { fitWcs, type StarPairs } from '../../src/wcs/fit.js';
import { withInverse } from '../../src/wcs/sip-inverse.js';
import { skyToPixel } from '../../src/wcs/tan-sip.js';
import type { SipDistortion, Wcs } from '../../src/wcs/wcs.js';
import { framedWcs, projection } from '../sky/projection.js';
import { seededRandom } from '../sky/random.js';

const random = seededRandom(4);
const FRAME = {
  ra_deg: 0.4,
  dec_deg: 61,
  width: 3000,
  height: 2000,
  pixscale_arcsec: 12,
  orientation_deg: 100,
} as const;
/** Fifteen pixels in the corners. */
const SIP: SipDistortion = {
  a: [
    [0, 0, 4e-6],
    [0, -3e-6, 0],
    [2e-6, 0, 0],
  ],
  b: [
    [0, 0, -1e-6],
    [0, 5e-6, 0],
    [3e-6, 0, 0],
  ],
};

function pairsOf(truth: Wcs, count: number, noise_px: number): StarPairs {
  const pairs = { x: [] as number[], y: [] as number[], ra_deg: [] as number[], dec_deg: [] as number[] };
  for (let i = 0; i < count; i++) {
    const [x, y] = [random.uniform() * truth.width, random.uniform() * truth.height];
    const [ra, dec] = projection(truth).toSky(x, y);
    pairs.x.push(x + noise_px * random.normal());
    pairs.y.push(y + noise_px * random.normal());
    pairs.ra_deg.push(ra);
    pairs.dec_deg.push(dec);
  }
  return pairs;
}

/** Degrees and pixels off, as a solver's first guess is: turned, scaled, shifted. */
const start = (parity: 1 | -1) =>
  framedWcs({ ...FRAME, ra_deg: 0.6, orientation_deg: 101, pixscale_arcsec: 12.1, parity });

function worst(wcs: Wcs, truth: Wcs): number {
  const { toSky } = projection(truth);
  const places = [1, 700, 1500, 2300, 3000].flatMap((x) => [1, 600, 1300, 2000].map((y) => [x, y] as const));
  return Math.max(
    ...places.map(([x, y]) => {
      const [fx, fy] = skyToPixel(wcs, ...toSky(x, y))!;
      return Math.hypot(fx - x, fy - y);
    }),
  );
}

describe('a fit', () => {
  it.each([1, -1] as const)('to perfect stars is the truth, parity %i', (parity) => {
    const truth: Wcs = { ...framedWcs({ ...FRAME, parity }), sip: SIP };
    const fit = fitWcs(start(parity), pairsOf(truth, 60, 0), { order: 2, sigma_px: 1e-4 })!;
    expect(worst(fit.wcs, truth)).toBeLessThan(1e-5);
    expect(fit.wcs.crpix).toEqual([1500.5, 1000.5]);
    expect(fit.wcs.sip!.a[1]![1]).toBeCloseTo(-3e-6, 10);
  });

  it('says how far it may be off', () => {
    const truth = framedWcs({ ...FRAME, parity: 1 });
    const places = [
      [1500, 1000],
      [1, 1],
      [3000, 400],
    ] as const;
    const misses = places.map(() => 0);
    const claimed = places.map(() => 0);
    const fits = 200;
    for (let i = 0; i < fits; i++) {
      const fit = fitWcs(start(1), pairsOf(truth, 30, 0.5), { order: 1, sigma_px: 0.5 })!;
      places.forEach(([x, y], k) => {
        const [fx, fy] = skyToPixel(fit.wcs, ...projection(truth).toSky(x, y))!;
        misses[k]! += ((fx - x) ** 2 + (fy - y) ** 2) / 2 / fits;
        claimed[k]! += fit.uncertainty(x, y) ** 2 / fits;
      });
    }
    misses.forEach((miss, k) => {
      expect(Math.sqrt(miss / claimed[k]!)).toBeGreaterThan(0.85);
      expect(Math.sqrt(miss / claimed[k]!)).toBeLessThan(1.15);
    });
  });

  it('does not bend to a handful of stars', () => {
    const truth = framedWcs({ ...FRAME, parity: 1 });
    for (let i = 0; i < 20; i++) {
      const fit = fitWcs(start(1), pairsOf(truth, 7, 0.3), { order: 5, sigma_px: 0.3 })!;
      expect(worst(fit.wcs, truth)).toBeLessThan(40);
    }
  });

  it('has an inverse that programs without one of their own can use', () => {
    const truth: Wcs = { ...framedWcs({ ...FRAME, parity: 1 }), sip: SIP };
    const { wcs } = fitWcs(start(1), pairsOf(truth, 60, 0), { order: 2, sigma_px: 1e-4 })!;
    const { sip } = withInverse(wcs);
    const value = (c: number[][], u: number, v: number) =>
      c.reduce((sum, row, p) => row.reduce((s, factor, q) => s + factor * u ** p * v ** q, sum), 0);
    for (const [u, v] of [
      [-1499, -999],
      [1499, 900],
      [20, -300],
    ] as const) {
      const [U, V] = [u + value(sip!.a, u, v), v + value(sip!.b, u, v)];
      expect(U + value(sip!.ap!, U, V)).toBeCloseTo(u, 2);
      expect(V + value(sip!.bp!, U, V)).toBeCloseTo(v, 2);
    }
  });

  it('needs stars that determine it', () => {
    const truth = framedWcs({ ...FRAME, parity: 1 });
    const { toSky } = projection(truth);
    const inLine = [100, 900, 2500].map((x) => [x, 2 * x, ...toSky(x, 2 * x)] as const);
    const column = (i: 0 | 1 | 2 | 3) => inLine.map((star) => star[i]);
    const pairs = { x: column(0), y: column(1), ra_deg: column(2), dec_deg: column(3) };
    expect(fitWcs(start(1), pairs, { order: 1, sigma_px: 1 })).toBeUndefined();
    expect(fitWcs(start(1), pairsOf(truth, 2, 0), { order: 2, sigma_px: 1 })).toBeUndefined();
    const behind = {
      ...pairsOf(truth, 5, 0),
      ra_deg: [180, 181, 182, 183, 184],
      dec_deg: [-60, -61, -62, -60, -60],
    };
    expect(fitWcs(start(1), behind, { order: 1, sigma_px: 1 })).toBeUndefined();
  });
});
