import { describe, expect, it } from 'vitest';
import { Nearest } from '../../src/engine/fit/nearest.js';
import { seededRandom } from '../sky/random.js';

const random = seededRandom(12);

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
