import { describe, expect, it } from 'vitest';
import type { Calibration } from '../../src/job/calibration.js';
import { parseParams } from '../../src/job/params.js';
import { highestOrder } from '../../src/solver/search/highest-order.js';

const calibration: Calibration = {
  version: 1,
  width: 100,
  height: 100,
  projection: 'TAN',
  center: [50.5, 50.5],
  arcsec_per_pixel: 60,
  sip: { a: Array.from({ length: 9 }, () => [0]), b: [[0]] },
};

describe('the highest order of the distortion', () => {
  it.each([
    ['is the caller’s', 3, undefined, 3],
    ['is that of a calibration that the caller gave, where nothing less is asked for', 5, 'user', 8],
    ['is not that of a calibration where less is asked for', 4, 'user', 4],
    ['is not that of a lens that is remembered', 5, 'remembered', 5],
  ] as const)('%s', (_, tweak_order, source, expected) => {
    const lens = source && { calibration, source, reason: 'a test' };
    const hints = { scales: [], positions: [], ...(lens && { lens }) };
    expect(highestOrder({ params: parseParams({ tweak_order }), hints })).toBe(expected);
  });
});
