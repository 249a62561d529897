import { describe, expect, it } from 'vitest';
import { bestCoverage, fieldOf } from '../../src/queue/coverage.js';
import { coverageOf } from '../../src/solver/indexes/coverage.js';

describe('which worker a job goes to', () => {
  it('is told by index files: from the smallest quad to ten times the largest, in one range where they touch', () => {
    const quads = [
      { lower_arcmin: 600, upper_arcmin: 1200 },
      { lower_arcmin: 30, upper_arcmin: 48 },
      { lower_arcmin: 6, upper_arcmin: 12 },
    ];
    expect(coverageOf(quads)).toEqual([
      { low_deg: 0.1, high_deg: 8 },
      { low_deg: 10, high_deg: 200 },
    ]);
  });

  it('is told by the bounds of a job, in any unit', () => {
    expect(fieldOf({ scale_low: 1, scale_high: 2 })).toEqual({ low_deg: 1, high_deg: 2 });
    expect(fieldOf({ scale_low: 30, scale_units: 'arcminwidth' })).toEqual({ low_deg: 0.5, high_deg: 360 });
    expect(fieldOf({ scale_high: 3.6, scale_units: 'arcsecperpix', image_width: 1000 })).toEqual({
      low_deg: 0,
      high_deg: 1,
    });
    // 36 mm of film behind 18 mm of lens: twice the arc tangent of one.
    const lens = fieldOf({ scale_low: 18, scale_high: 180, scale_units: 'focalmm' });
    expect(lens?.high_deg).toBeCloseTo(90, 9);
    expect(lens?.low_deg).toBeCloseTo(11.421, 3);
  });

  it('is told by nothing when it is unknown how wide the image is', () => {
    expect(fieldOf({})).toBeUndefined();
    expect(fieldOf({ scale_low: 1, scale_high: 2, scale_units: 'arcsecperpix' })).toBeUndefined();
  });

  it('is the one who covers more of the field, and whoever has it when they cover the same', () => {
    const narrow = { name: 'narrow', coverage: [{ low_deg: 0.1, high_deg: 5 }] };
    const wide = { name: 'wide', coverage: [{ low_deg: 4, high_deg: 300 }] };
    const alike = { name: 'alike', coverage: narrow.coverage };
    const nothing = { name: 'nothing', coverage: [] };
    const chosen = (low_deg: number, high_deg: number) =>
      bestCoverage({ low_deg, high_deg }, narrow, [alike, nothing, wide]).name;
    expect(chosen(1, 2)).toBe('narrow');
    expect(chosen(40, 60)).toBe('wide');
    expect(chosen(4, 8)).toBe('wide');
    expect(chosen(1, 5.5)).toBe('narrow');
    expect(chosen(4.5, 4.5)).toBe('narrow');
    expect(chosen(320, 360)).toBe('narrow');
    // A blind job goes where most fields are covered, in factors of width.
    expect(bestCoverage(undefined, nothing, [wide, alike]).name).toBe('wide');
    expect(bestCoverage(undefined, nothing, [alike, wide]).name).toBe('wide');
  });
});
