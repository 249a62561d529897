import { describe, expect, it } from 'vitest';
import { matchStars } from '../../src/engine/match-stars.js';
import { Nearest } from '../../src/engine/nearest.js';
import { skyToPixel } from '../../src/wcs/tan-sip.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { framedWcs, projection } from '../sky/projection.js';
import { seededRandom } from '../sky/random.js';

const random = seededRandom(12);
const FRAME = {
  ra_deg: 200,
  dec_deg: -88,
  width: 1200,
  height: 800,
  pixscale_arcsec: 100,
  orientation_deg: 20,
  parity: 1,
} as const;
/** Six pixels in the corners, as the cube of the distance from the centre: no fit of second order follows it. */
const LENS = 2e-8;
const truth: Wcs = {
  ...framedWcs(FRAME),
  sip: {
    a: [
      [0, 0, 0, 0],
      [0, 0, LENS, 0],
      [0, 0, 0, 0],
      [LENS, 0, 0, 0],
    ],
    b: [
      [0, 0, 0, LENS],
      [0, 0, 0, 0],
      [0, LENS, 0, 0],
      [0, 0, 0, 0],
    ],
  },
};

/** A field of which a quarter of the stars is not in the index, and the index has as many that the field has not. */
function field(count: number) {
  const { toSky } = projection(truth);
  const place = () => [random.uniform() * 1200, random.uniform() * 800] as const;
  const common = Array.from({ length: count }, () => {
    const [x, y] = place();
    return { x: x + 0.2 * random.normal(), y: y + 0.2 * random.normal(), sky: toSky(x, y) };
  });
  const others = Array.from({ length: count / 3 }, place);
  const unseen = Array.from({ length: count / 3 }, () => toSky(...place()));
  return {
    stars: {
      x: [...common, ...others.map(([x]) => ({ x }))].map(({ x }) => x),
      y: [...common.map(({ y }) => y), ...others.map(([, y]) => y)],
    },
    reference: {
      ra_deg: Float64Array.from([...common.map(({ sky }) => sky[0]), ...unseen.map(([ra]) => ra)]),
      dec_deg: Float64Array.from([...common.map(({ sky }) => sky[1]), ...unseen.map(([, dec]) => dec)]),
    },
    common,
  };
}

describe('stars are matched from one quad on', () => {
  it('over the whole of a field that its lens bends', () => {
    const { stars, reference, common } = field(150);
    // The four nearest to one corner: a solution fitted to them alone is tens of pixels off at the other.
    const quad = [...common]
      .sort((a, b) => Math.hypot(a.x - 300, a.y - 200) - Math.hypot(b.x - 300, b.y - 200))
      .filter((_, i) => i % 5 === 0)
      .slice(0, 4);
    const seeds = {
      x: quad.map(({ x }) => x),
      y: quad.map(({ y }) => y),
      ra_deg: quad.map(({ sky }) => sky[0]),
      dec_deg: quad.map(({ sky }) => sky[1]),
    };
    const start = framedWcs({ ...FRAME, orientation_deg: 20.3, pixscale_arcsec: 100.4 });
    const found = matchStars(start, seeds, stars, reference, 3)!;
    const right = found.matches.filter(({ field, reference }) => field === reference);
    expect(right.length).toBeGreaterThan(140);
    expect(found.matches.length - right.length).toBeLessThan(4);
    expect(found.sigma_px).toBeGreaterThan(0.15);
    expect(found.sigma_px).toBeLessThan(0.3);
    for (const [x, y] of [
      [1, 1],
      [1200, 1],
      [600, 400],
      [1200, 800],
    ] as const) {
      const [fx, fy] = skyToPixel(found.wcs, ...projection(truth).toSky(x, y))!;
      expect(Math.hypot(fx - x, fy - y)).toBeLessThan(0.5);
    }
  });

  it('or not at all when two stars are all that is known', () => {
    const { stars, reference, common } = field(30);
    const two = common.slice(0, 2);
    const seeds = {
      x: two.map(({ x }) => x),
      y: two.map(({ y }) => y),
      ra_deg: two.map(({ sky }) => sky[0]),
      dec_deg: two.map(({ sky }) => sky[1]),
    };
    expect(matchStars(framedWcs(FRAME), seeds, stars, reference, 2)).toBeUndefined();
  });
});

describe('the nearest point', () => {
  it('is the one that looking at all of them finds', () => {
    const x = Array.from({ length: 300 }, () => random.uniform() * 100 - 20);
    const y = Array.from({ length: 300 }, () => random.uniform() * 100 - 20);
    const nearest = new Nearest(x, y, 7);
    for (let i = 0; i < 200; i++) {
      const [px, py, radius] = [
        random.uniform() * 100 - 20,
        random.uniform() * 100 - 20,
        1 + 6 * random.uniform(),
      ];
      const distances = x.map((at, k) => Math.hypot(at - px, y[k]! - py));
      const least = Math.min(...distances);
      const expected = least <= radius ? { point: distances.indexOf(least), distance: least } : undefined;
      const found = nearest.within(px, py, radius);
      expect(found?.point).toBe(expected?.point);
      if (expected) expect(found?.distance).toBeCloseTo(expected.distance, 10);
    }
  });
});
