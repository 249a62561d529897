import { describe, expect, it } from 'vitest';
import { refusal } from '../../src/solver/search/refusal.js';
import { trailedQuality } from '../../src/solver/search/trailed.js';
import { detectStars } from '../../src/stars/detect.js';
import { listOf } from '../../src/stars/list.js';
import { isTrailed, type Trail } from '../../src/stars/trail.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { seededRandom } from '../sky/random.js';

const SEARCHED = { detected: 213, fewest: 7, fewestHinted: 4, from_deg: 1.5, to_deg: 140 };

describe('a refusal gives the reason that holds', () => {
  it.each([
    [
      'too few stars',
      { ...SEARCHED, detected: 3 },
      'too_few_stars',
      /^Only 3 stars .* 7 are needed: .*focus/,
    ],
    [
      'none',
      { ...SEARCHED, detected: 0 },
      'too_few_stars',
      /^No stars .* or shorter where the sky is bright/,
    ],
    ['perhaps a negative', { ...SEARCHED, detected: 1 }, 'too_few_stars', /^Only 1 star was .* \(invert\)/],
    ['a negative', { ...SEARCHED, isNegative: true }, 'no_solution', /213 dark spots .*, as of a negative:/],
    [
      'enough for a hint',
      { ...SEARCHED, detected: 5 },
      'too_few_stars',
      /give centre, radius and scale, which need 4/,
    ],
    [
      'too few with one',
      { ...SEARCHED, fewest: 4, detected: 3 },
      'too_few_stars',
      /and 4 are needed: .*focus/,
    ],
    [
      'trails',
      { ...SEARCHED, trail: { ratio: 6.2, length_px: 12 } },
      'no_solution',
      /trailed, about 6 times/,
    ],
    ['no time', { ...SEARCHED, timedOut: 60 }, 'timeout', /within 60 s \(213 stars/],
    [
      'no time for stars',
      { ...SEARCHED, detected: undefined, timedOut: 61 },
      'timeout',
      /^Not solved within 61 s; give/,
    ],
    ['no field', SEARCHED, 'no_solution', /No field of 1.5° to 140° agrees with the 213 stars/],
    ['no fisheye either', { ...SEARCHED, to_deg: 180 }, 'no_solution', /No field of 1.5° to 180° agrees/],
    [
      'narrow',
      { ...SEARCHED, narrower: 'Needs index files.' },
      'no_solution',
      /right\? Needs index files\.$/,
    ],
    [
      'stopped before stars',
      { ...SEARCHED, detected: undefined },
      'no_solution',
      /agrees with the stars that were found/,
    ],
  ] as const)('%s', (_, searched, code, message) => {
    const [found, text] = refusal(searched);
    expect(found).toBe(code);
    expect(text).toMatch(message);
    if (searched.detected === undefined) expect(text).not.toMatch(/0 stars|expose/);
  });
});

describe('how long stars are', () => {
  /** Stars drawn out by so many pixels in one direction. */
  async function trailOf(length: number, angle: number): Promise<Trail> {
    const random = seededRandom(5);
    const size = { width: 400, height: 300 };
    const data = Float32Array.from({ length: size.width * size.height }, () => 0.01 * random.normal());
    for (let star = 0; star < 25; star++) {
      const [x, y] = [40 + random.uniform() * 320, 40 + random.uniform() * 220];
      for (let py = Math.floor(y) - 20; py <= y + 20; py++)
        for (let px = Math.floor(x) - 20; px <= x + 20; px++) {
          const along = (px - x) * Math.cos(angle) + (py - y) * Math.sin(angle);
          const across = (py - y) * Math.cos(angle) - (px - x) * Math.sin(angle);
          const beyond = Math.max(0, Math.abs(along) - length / 2);
          data[py * size.width + px]! += Math.exp(-(beyond ** 2 + across ** 2) / 3);
        }
    }
    const stars = await detectStars({ data, ...size, scale: [1, 1] }, size);
    expect(stars.length).toBeGreaterThan(12);
    return listOf(stars, size, 0).trail ?? { ratio: 0, length_px: 0 };
  }

  it.each([0, 0.5, Math.PI / 4, 1.3])('is seen in any direction: %f', async (angle) => {
    const [round, drawn] = [await trailOf(0, angle), await trailOf(14, angle)];
    expect(isTrailed(round)).toBe(false);
    expect(round.ratio).toBeLessThan(1.4);
    expect(isTrailed(drawn)).toBe(true);
    expect(drawn.length_px).toBeGreaterThan(13);
    expect(drawn.length_px).toBeLessThan(19);
    const off = (((drawn.angle_rad ?? Number.NaN) - angle + 1.5 * Math.PI) % Math.PI) - Math.PI / 2;
    expect(Math.abs(off)).toBeLessThan(0.05);
  });

  it('is not told of letters, which point anywhere', () => {
    const random = seededRandom(3);
    const letters = Array.from({ length: 60 }, () => ({
      ...{ x: 400 * random.uniform(), y: 300 * random.uniform(), peak: 90, background: 10, area: 20 },
      ...{ elongation: 2, trail: 4, length_px: 12, angle_rad: Math.PI * random.uniform(), sharpness: 2 },
    }));
    const size = { width: 400, height: 300 };
    expect(listOf(letters, size, 0).trail).toBeUndefined();
    // The sky turns about a corner: each is drawn as its neighbours are, and not as those far away.
    const turned = letters.map((star) => ({ ...star, angle_rad: Math.atan2(star.y, star.x) + Math.PI / 2 }));
    expect(listOf(turned, size, 0).trail).toMatchObject({ ratio: 4 });
  });

  it('is told of a solved frame, with the direction on the sky', () => {
    // The first row is on top: +y is towards south, and +x towards west.
    const wcs: Wcs = {
      crval: [80, 20],
      crpix: [200.5, 150.5],
      cd: [
        [-0.01, 0],
        [0, -0.01],
      ],
      width: 400,
      height: 300,
    };
    const trail = { ratio: 6, length_px: 14, angle_rad: Math.PI / 6 };
    expect(trailedQuality({ ratio: 1.4, length_px: 3, angle_rad: 0 }, wcs)).toEqual({});
    const { trailed } = trailedQuality(trail, wcs);
    expect(trailed).toMatchObject({ ratio: 6, length_px: 14 });
    // From +x (west, 270°) a third of the way to +y (south, 180°): 240°, which is 60°.
    expect(trailed?.position_angle_deg).toBeCloseTo(60, 1);
    expect(trailedQuality({ ratio: 6, length_px: 14 }, wcs).trailed).toEqual({ ratio: 6, length_px: 14 });
  });
});
