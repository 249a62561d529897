import { describe, expect, it } from 'vitest';
import { byBrightness, spreadEvenly } from '../../src/stars/order.js';
import type { Star } from '../../src/stars/star.js';

const star = (name: Partial<Star>): Star => ({
  x: 0,
  y: 0,
  peak: 1,
  background: 0,
  area: 1,
  elongation: 1,
  trail: 1,
  length_px: 3,
  angle_rad: 0,
  sharpness: 1,
  ...name,
});

describe('order of the list', () => {
  it('takes by contrast and by brightness in turn, each star once', () => {
    const bright = star({ peak: 90 });
    const middle = star({ peak: 50 });
    const faint = star({ peak: 20 });
    const inNebula = star({ peak: 40, background: 100 });
    expect(byBrightness([faint, inNebula, middle, bright])).toEqual([bright, inNebula, middle, faint]);
  });

  it('puts the larger of two saturated stars first', () => {
    const small = star({ peak: 200, area: 20 });
    const large = star({ peak: 200, area: 300 });
    expect(byBrightness([small, large])).toEqual([large, small]);
  });

  it('takes the best of every box before the second of any', () => {
    const crowd = Array.from({ length: 6 }, (_, i) => star({ x: 10 + i, y: 10, peak: 100 - i }));
    const lone = star({ x: 910, y: 90, peak: 1 });
    const spread = spreadEvenly([...crowd, lone], { width: 1000, height: 100 }, 10);
    expect(spread[0]).toBe(crowd[0]);
    expect(spread[1]).toBe(lone);
    expect(spread).toHaveLength(7);
  });
});
