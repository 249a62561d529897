import { describe, expect, it } from 'vitest';
import type { ScaleHint } from '../../src/capture/hints.js';
import type { OpenedImage } from '../../src/image/image.js';
import { parseParams } from '../../src/job/params.js';
import { SessionMemory } from '../../src/solver/search/session.js';
import type { SolveRequest } from '../../src/solver/solver.js';

function request(width: number, focal?: number): SolveRequest {
  const scales: ScaleHint[] = focal
    ? [
        {
          low_arcsec_per_pixel: 400 / focal,
          high_arcsec_per_pixel: 500 / focal,
          source: 'exif',
          reason: `${focal} mm`,
        },
      ]
    : [];
  const image: OpenedImage = {
    path: '/nowhere',
    kind: 'jpeg',
    width,
    height: 1000,
    rowOrder: 'top-down',
    exifOrientation: 1,
    notes: [],
    grey: () => Promise.reject(new Error('not needed')),
  };
  return { image, params: parseParams({}), hints: { scales, positions: [] } };
}

describe('the memory of a session', () => {
  it('knows the scale of the last image from the same camera and lens', () => {
    const memory = new SessionMemory();
    expect(memory.recall(request(1500, 50))).toEqual([]);
    memory.remember(request(1500, 50), 9);
    memory.remember(request(1500, 50), 9.1);
    const [hint] = memory.recall(request(1500, 50));
    expect(hint?.source).toBe('session');
    expect(hint!.low_arcsec_per_pixel).toBeLessThan(9.1);
    expect(hint!.high_arcsec_per_pixel).toBeGreaterThan(9.1);
    expect(hint!.high_arcsec_per_pixel / hint!.low_arcsec_per_pixel).toBeLessThan(1.1);
    expect(memory.recall(request(1500, 85))).toEqual([]);
    expect(memory.recall(request(1501, 50))).toEqual([]);
    expect(memory.recall(request(1500))).toEqual([]);
  });

  it('does not grow without bound, and forgets the longest unused first', () => {
    const memory = new SessionMemory();
    for (let width = 1000; width < 1300; width++) {
      memory.remember(request(width), 5);
      memory.remember(request(999), 5);
    }
    expect(memory.recall(request(1000))).toEqual([]);
    expect(memory.recall(request(1299))).toHaveLength(1);
    expect(memory.recall(request(999))).toHaveLength(1);
  });
});
