import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { CacheFileError } from '../../src/engine/array-file.js';
import { Camera } from '../../src/engine/camera.js';
import { decodeCatalog, encodeCatalog } from '../../src/engine/catalog-file.js';
import { decodeLevel, encodeLevel } from '../../src/engine/level-file.js';
import type { PackagedStars } from '../../src/engine/packaged-stars.js';
import { buildLevel } from '../../src/engine/quad-builder.js';
import { QuadCode } from '../../src/engine/quad-code.js';
import { QuadLevel, type QuadLevelData } from '../../src/engine/quad-level.js';
import { QuadHits } from '../../src/engine/star-index.js';
import { seededRandom } from '../sky/random.js';
import { codeOf } from './quad.js';
import { packagedEngine } from './stars.js';

/** A level that is made quickly. */
const SIZE_DEG = 8;

let stars: PackagedStars;
let level: QuadLevelData;
beforeAll(() => {
  ({ stars } = packagedEngine());
  level = buildLevel(stars.catalog, SIZE_DEG);
});

/** Four points of a tangent plane, within a tenth of its radius, no two names of which are nearly equal. */
const fourPoints = fc.integer({ min: 1 }).map((seed): [number, number][] => {
  const random = seededRandom(seed);
  const quad = new QuadCode();
  for (;;) {
    const points = Array.from({ length: 4 }, (): [number, number] => [
      0.2 * random.uniform() - 0.1,
      0.2 * random.uniform() - 0.1,
    ]);
    if (!codeOf(quad, vectorsOf(points), 0, 1, 2, 3)) continue;
    const [xc, xd] = [quad.code[0]!, quad.code[2]!];
    if (Math.abs(xc - xd) > 1e-6 && Math.abs(xc + xd - 1) > 1e-6) return points;
  }
});

function vectorsOf(points: readonly (readonly [number, number])[]): Float64Array {
  return Float64Array.from(
    points.flatMap(([x, y]) => {
      const length = Math.hypot(x, y, 1);
      return [x / length, y / length, 1 / length];
    }),
  );
}

describe('the code of a quad', () => {
  it('is canonical, and does not depend on the order of the stars', () => {
    fc.assert(
      fc.property(fourPoints, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (points, order) => {
        const [one, other] = [new QuadCode(), new QuadCode()];
        const vectors = vectorsOf(points);
        expect(codeOf(one, vectors, 0, 1, 2, 3)).toBe(true);
        expect(one.code[0]!).toBeLessThanOrEqual(one.code[2]!);
        expect(one.code[0]! + one.code[2]!).toBeLessThanOrEqual(1);
        expect(codeOf(other, vectors, order[0]!, order[1]!, order[2]!, order[3]!)).toBe(true);
        for (let i = 0; i < 4; i++) expect(other.code[i]!).toBeCloseTo(one.code[i]!, 9);
        expect([...other.members]).toEqual([...one.members]);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('is not changed by a rotation of the sky, and mirrored with it', () => {
    fc.assert(
      fc.property(fourPoints, fc.double({ min: 0, max: 6.28, noNaN: true }), (points, turn) => {
        const [one, other] = [new QuadCode(), new QuadCode()];
        const turned = points.map(
          ([x, y]) =>
            [x * Math.cos(turn) - y * Math.sin(turn), x * Math.sin(turn) + y * Math.cos(turn)] as const,
        );
        codeOf(one, vectorsOf(points), 0, 1, 2, 3);
        expect(codeOf(other, vectorsOf(turned), 0, 1, 2, 3)).toBe(true);
        for (let i = 0; i < 4; i++) expect(other.code[i]!).toBeCloseTo(one.code[i]!, 8);
        codeOf(other, vectorsOf(points.map(([x, y]) => [x, -y] as const)), 0, 1, 2, 3);
        for (let i = 0; i < 4; i++) expect(other.code[i]!).toBeCloseTo((i % 2 ? -1 : 1) * one.code[i]!, 8);
      }),
      { numRuns: 300, seed: 2 },
    );
  });
});

describe('a level of quads', () => {
  it('is the same when it is made again', () => {
    const again = buildLevel(stars.catalog, SIZE_DEG);
    for (const name of ['binStart', 'codes', 'stars', 'lists', 'listCounts'] as const)
      expect(Buffer.from(again[name].buffer).equals(Buffer.from(level[name].buffer))).toBe(true);
  });

  it('finds each of its quads by its code, under every name of its stars', () => {
    const index = new QuadLevel(stars.catalog, level);
    const [hits, quad] = [new QuadHits(), new QuadCode()];
    const vectors = new Float64Array(12);
    for (let number = 0; number < level.count; number += 97) {
      const members = [...level.stars.subarray(4 * number, 4 * number + 4)];
      for (const [at, star] of members.entries()) index.direction(star, vectors, 3 * at);
      expect(codeOf(quad, vectors, 0, 1, 2, 3)).toBe(true);
      expect([...quad.members]).toEqual([0, 1, 2, 3]);
      const [xc, yc, xd, yd] = [...quad.code] as [number, number, number, number];
      const [a, b, c, d] = members as [number, number, number, number];
      for (const [code, names] of [
        [
          [xc, yc, xd, yd],
          [a, b, c, d],
        ],
        [
          [xd, yd, xc, yc],
          [a, b, d, c],
        ],
        [
          [1 - xc, -yc, 1 - xd, -yd],
          [b, a, c, d],
        ],
        [
          [1 - xd, -yd, 1 - xc, -yc],
          [b, a, d, c],
        ],
      ] as const) {
        index.find(code, 1e-4, hits);
        const found = Array.from({ length: hits.count }, (_, hit) => [
          ...hits.stars.subarray(4 * hit, 4 * hit + 4),
        ]);
        expect(found).toContainEqual([...names]);
      }
    }
  });

  it('finds all quads within the tolerance, and no others', () => {
    const index = new QuadLevel(stars.catalog, level);
    const hits = new QuadHits();
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(unit, unit, unit, unit, fc.constantFrom(0.01, 0.04), (p, q, r, s, tolerance) => {
        const code = [Math.min(p, r) / 2, q - 0.5, (Math.min(p, r) + Math.max(p, r)) / 4, s - 0.5];
        // Well within the canonical names, so that each quad has one way to match.
        fc.pre(code[2]! - code[0]! > 2 * tolerance && code[0]! + code[2]! < 1 - 2 * tolerance);
        index.find(code, tolerance, hits);
        let expected = 0;
        for (let at = 0; at < level.codes.length; at += 4)
          if (
            code.every(
              (value, m) => Math.abs(level.codes[at + m]! / 65_000 - (m % 2) * 0.5 - value) <= tolerance,
            )
          )
            expected++;
        expect(hits.count).toBe(expected);
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it('made for a part of the sky has the quads that the whole has there', () => {
    const cap = { direction: [0, 0.6, 0.8], radius: 0.25 };
    const part = buildLevel(stars.catalog, SIZE_DEG, cap);
    const keys = (data: QuadLevelData) =>
      Array.from({ length: data.count }, (_, i) => data.stars.subarray(4 * i, 4 * i + 4).join());
    const whole = new Set(keys(level));
    expect(part.count).toBeGreaterThan(50);
    expect(part.count).toBeLessThan(level.count / 10);
    expect(keys(part).filter((key) => !whole.has(key))).toEqual([]);
  });

  it('survives a cache, and is refused from any other', () => {
    const bytes = inSharedMemory(encodeLevel(stars.catalog, SIZE_DEG, level));
    const again = decodeLevel(stars.catalog, SIZE_DEG, bytes);
    expect(again.codes.buffer).toBe(bytes.buffer);
    for (const name of ['binStart', 'codes', 'stars', 'lists', 'listCounts'] as const)
      expect([...again[name]]).toEqual([...level[name]]);
    expect(() => decodeLevel(stars.catalog, 4, bytes)).toThrow(CacheFileError);
    expect(() => decodeLevel(stars.catalog, SIZE_DEG, bytes.subarray(0, bytes.length - 8))).toThrow(
      CacheFileError,
    );
    expect(() => decodeLevel(stars.catalog, SIZE_DEG, bytes.subarray(0, 10))).toThrow(CacheFileError);
    const damaged = inSharedMemory([bytes]);
    damaged.fill(255, 32, 64);
    expect(() => decodeLevel(stars.catalog, SIZE_DEG, damaged)).toThrow(CacheFileError);
  });
});

describe('the unpacked catalogue', () => {
  it('survives a cache, and is refused from any other', () => {
    const bytes = inSharedMemory(encodeCatalog(stars.catalog, 7));
    const again = decodeCatalog(bytes, 7);
    const found = [new Int32Array(50), new Int32Array(50)] as const;
    expect(again.brightest(0, 0.6, 0.8, 0.1, 50, found[0])).toBe(50);
    stars.catalog.brightest(0, 0.6, 0.8, 0.1, 50, found[1]);
    expect(found[0]).toEqual(found[1]);
    expect(() => decodeCatalog(bytes, 8)).toThrow(CacheFileError);
    expect(() => decodeCatalog(bytes.subarray(0, bytes.length - 8), 7)).toThrow(CacheFileError);
    const damaged = inSharedMemory([bytes]);
    damaged.fill(255, bytes.length - 64);
    expect(() => decodeCatalog(damaged, 7)).toThrow(CacheFileError);
  });
});

/** As a file is read. */
function inSharedMemory(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(new SharedArrayBuffer(pieces.reduce((sum, { length }) => sum + length, 0)));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

describe('the camera', () => {
  it('puts two stars within 30° of its axis where they were seen, and inverts itself', () => {
    const pixel = fc.tuple(
      fc.double({ min: 1, max: 1500, noNaN: true }),
      fc.double({ min: 1, max: 1000, noNaN: true }),
    );
    fc.assert(
      fc.property(
        pixel,
        pixel,
        fc.double({ min: 1600, max: 60_000, noNaN: true }),
        fc.constantFrom(1 as const, -1 as const),
        (a, b, focal, parity) => {
          fc.pre(Math.hypot(a[0] - b[0], a[1] - b[1]) > 50);
          const camera = new Camera(1500, 1000);
          // The sky that a camera of this focal length sees, in its own axes.
          const directions = vectorsOf(
            [a, b].map(([x, y]) => [(x - camera.cx) / focal, (parity * (y - camera.cy)) / focal] as const),
          );
          expect(camera.aim(directions, a[0], a[1], b[0], b[1], parity, 1.2 * focal)).toBe(true);
          expect(camera.focal / focal).toBeCloseTo(1, 3);
          for (const [i, [x, y]] of [a, b].entries()) {
            expect(camera.project(directions[3 * i]!, directions[3 * i + 1]!, directions[3 * i + 2]!)).toBe(
              true,
            );
            expect(Math.hypot(camera.x - x, camera.y - y)).toBeLessThan(0.1);
          }
          const out = new Float64Array(3);
          camera.direction(200, 300, out);
          camera.project(out[0]!, out[1]!, out[2]!);
          expect(camera.x).toBeCloseTo(200, 6);
          expect(camera.y).toBeCloseTo(300, 6);
        },
      ),
      { numRuns: 200, seed: 6 },
    );
  });
});
