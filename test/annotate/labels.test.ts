import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overlap, placeLabels } from '../../src/annotate/labels.js';

const bounds = { x: 10, y: 10, width: 980, height: 580 };
const request = fc.record({
  at: fc.tuple(
    fc.double({ min: -50, max: 1050, noNaN: true }),
    fc.double({ min: -50, max: 650, noNaN: true }),
  ),
  radius: fc.double({ min: 0, max: 400, noNaN: true }),
  width: fc.double({ min: 5, max: 220, noNaN: true }),
  height: fc.double({ min: 5, max: 40, noNaN: true }),
  gap: fc.constant(4),
});
const box = fc.record({
  x: fc.double({ min: 0, max: 900, noNaN: true }),
  y: fc.double({ min: 0, max: 550, noNaN: true }),
  width: fc.double({ min: 1, max: 150, noNaN: true }),
  height: fc.double({ min: 1, max: 60, noNaN: true }),
});

describe('labels', () => {
  test('never overlap each other, nor what is taken, and stay inside', () => {
    fc.assert(
      fc.property(
        fc.array(request, { maxLength: 80 }),
        fc.array(box, { maxLength: 6 }),
        (requests, taken) => {
          const placed = placeLabels(requests, { bounds, taken, avoid: requests });
          expect(placed).toHaveLength(requests.length);
          const boxes = placed.filter((found) => found !== undefined);
          boxes.forEach((one, i) => {
            for (const other of [...taken, ...boxes.slice(i + 1)]) expect(overlap(one, other)).toBe(false);
            expect(one.x).toBeGreaterThanOrEqual(bounds.x);
            expect(one.y).toBeGreaterThanOrEqual(bounds.y);
            expect(one.x + one.width).toBeLessThanOrEqual(bounds.x + bounds.width);
            expect(one.y + one.height).toBeLessThanOrEqual(bounds.y + bounds.height);
          });
          placed.forEach((found, i) => {
            if (found)
              expect(found).toMatchObject({ width: requests[i]?.width, height: requests[i]?.height });
          });
        },
      ),
    );
  });

  test('a lone one stands to the right of its marker; the first come is served first', () => {
    const one = { at: [500, 300] as const, radius: 20, width: 100, height: 20, gap: 4 };
    expect(placeLabels([one], { bounds, taken: [], avoid: [] })).toEqual([
      { x: 524, y: 290, width: 100, height: 20 },
    ]);
    const crowd = placeLabels(
      Array.from({ length: 60 }, () => one),
      { bounds, taken: [], avoid: [] },
    );
    expect(crowd[0]).toBeDefined();
    expect(crowd.at(-1)).toBeUndefined();
  });

  test('markers of others are left free where there is space', () => {
    const one = { at: [500, 300] as const, radius: 10, width: 100, height: 20, gap: 4 };
    const other = { at: [560, 300] as const, radius: 15 };
    const [found] = placeLabels([one], { bounds, taken: [], avoid: [one, other] });
    expect(found!.x + found!.width).toBeLessThanOrEqual(490);
  });
});
