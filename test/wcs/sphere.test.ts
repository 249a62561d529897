import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  destination,
  normalizeRa,
  normalizeSigned,
  positionAngle,
  separation,
  tangentPlane,
} from '../../src/wcs/sphere.js';

const ra = fc.double({ min: 0, max: 360, noNaN: true });
const dec = fc.double({ min: -90, max: 90, noNaN: true });

describe('the sphere', () => {
  test('separations that are known', () => {
    expect(separation(0, 0, 90, 0)).toBeCloseTo(90, 13);
    expect(separation(10, 90, 200, 90)).toBeCloseTo(0, 13);
    expect(separation(0, 0, 180, 0)).toBe(180);
    expect(separation(12, -90, 77, 90)).toBeCloseTo(180, 12);
    expect(separation(359.9999, 0, 0.0001, 0)).toBeCloseTo(0.0002, 12);
    // A microarcsecond, where the law of cosines gives nothing.
    expect(separation(10, 20, 10, 20 + 1e-6 / 3600) * 3600e6).toBeCloseTo(1, 3);
    // Betelgeuse and Rigel.
    expect(separation(88.792939, 7.407064, 78.634467, -8.201638)).toBeCloseTo(18.601, 2);
  });

  test('position angles that are known: north 0, east 90', () => {
    expect(positionAngle(100, 10, 100, 11)).toBe(0);
    expect(positionAngle(100, 0, 101, 0)).toBeCloseTo(90, 12);
    expect(positionAngle(100, 10, 100, 9)).toBe(180);
    expect(positionAngle(0, 0, 359, 0)).toBeCloseTo(270, 12);
  });

  test('going somewhere and looking back agree', () => {
    fc.assert(
      fc.property(
        ra,
        dec,
        fc.double({ min: 0, max: 360, noNaN: true }),
        fc.double({ min: 1e-6, max: 179, noNaN: true }),
        (a, d, pa, way) => {
          const there = destination(a, d, pa, way);
          expect(separation(a, d, ...there)).toBeCloseTo(way, 9);
          const direction = destination(a, d, positionAngle(a, d, ...there), way);
          expect(separation(...direction, ...there)).toBeLessThan(1e-9);
        },
      ),
    );
  });

  test('the tangent plane and back', () => {
    fc.assert(
      fc.property(
        ra,
        dec,
        fc.double({ min: 0, max: 360 }),
        fc.double({ min: 0, max: 85 }),
        (a, d, pa, way) => {
          fc.pre(!Number.isNaN(pa) && !Number.isNaN(way));
          const place = destination(a, d, pa, way);
          const plane = tangentPlane(a, d);
          const standard = plane.project(...place);
          expect(standard).toBeDefined();
          expect(Math.hypot(...standard!)).toBeCloseTo((Math.tan((way * Math.PI) / 180) * 180) / Math.PI, 7);
          expect(separation(...plane.unproject(...standard!), ...place)).toBeLessThan(1e-10);
        },
      ),
    );
  });

  test('nothing at 90° or more is on the tangent plane, and neither is NaN', () => {
    const plane = tangentPlane(40, 30);
    for (const way of [90, 90.0001, 135, 180])
      expect(plane.project(...destination(40, 30, 10, way))).toBeUndefined();
    expect(plane.project(Number.NaN, 0)).toBeUndefined();
  });

  test('angles are brought to their range', () => {
    expect([normalizeRa(-0.5), normalizeRa(360), normalizeRa(725)]).toEqual([359.5, 0, 5]);
    expect(normalizeRa(-1e-20)).toBe(0);
    expect([normalizeSigned(-180), normalizeSigned(181), normalizeSigned(540)]).toEqual([180, -179, 180]);
  });
});
