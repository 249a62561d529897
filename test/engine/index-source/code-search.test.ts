import { describe, expect, it } from 'vitest';
import { memoryBytes } from '../../../src/engine/index-file/byte-source.js';
import { openIndexFile } from '../../../src/engine/index-file/index-file.js';
import { CodeSearch } from '../../../src/engine/index-source/code-search.js';
import { QuadCode } from '../../../src/engine/quad-code.js';
import { QuadHits } from '../../../src/engine/star-index.js';
import { seededRandom } from '../../sky/random.js';
import { inventSky, type Sky, USUAL_FORM, writeIndex } from '../index-file/index-writer.js';
import { codeOf } from '../quad.js';

/** Quads under the names that index files give them: A and B farthest apart, u of C before that of D, their mean at most ½. */
function canonicalSky(): Sky {
  const sky = inventSky(seededRandom(3), 600, 6000, 4);
  const named = sky.quads.map((quad, i) => ({ quad, code: sky.codes[i]! }));
  const quadCode = new QuadCode();
  const kept = named.filter(({ quad, code: [uc, , ud] }) => {
    const isCircle = codeOf(
      quadCode,
      Float64Array.from(quad.flatMap((star) => sky.stars[star]!)),
      0,
      1,
      2,
      3,
    );
    const [a, b] = quadCode.members;
    return isCircle && a! + b! === 1 && uc! <= ud! && uc! + ud! <= 1;
  });
  return { ...sky, quads: kept.map(({ quad }) => quad), codes: kept.map(({ code }) => code) };
}

const sky = canonicalSky();
const ORDERS: readonly (readonly [number, number, number, number])[] = [
  [0, 1, 2, 3],
  [1, 0, 2, 3],
  [3, 2, 0, 1],
  [2, 0, 3, 1],
];
const TOLERANCE = 3e-5;

describe('a code of the engine', () => {
  it('finds the quad of an index file, its stars under the names that the code gives them', () => {
    const file = openIndexFile(memoryBytes(writeIndex(sky, USUAL_FORM)));
    const [search, hits, code] = [new CodeSearch(file), new QuadHits(), new QuadCode()];
    const quad: number[] = [];
    const vectors = new Float64Array(12);
    expect(file.metadata.quads).toBeGreaterThan(100);
    for (let number = 0; number < file.metadata.quads; number++) {
      file.quadStars(number, quad);
      for (const [i, star] of quad.entries()) file.starPosition(star, vectors.subarray(3 * i));
      for (const order of ORDERS) {
        expect(codeOf(code, vectors, ...order)).toBe(true);
        search.find(code.code, TOLERANCE, hits);
        const named = Array.from(code.members, (member) => quad[member]);
        const found = Array.from({ length: hits.count }, (_, i) => [
          ...hits.stars.subarray(4 * i, 4 * i + 4),
        ]);
        expect(found).toContainEqual(named);
        // Two numbers of the mirror image's code are others, unless both stars lie on AB.
        const [xc, yc, xd, yd] = code.code;
        if (Math.max(Math.abs(yc!), Math.abs(yd!)) < 0.01) continue;
        search.find([xc!, -yc!, xd!, -yd!], TOLERANCE, hits);
        const mirrored = Array.from({ length: hits.count }, (_, i) => [
          ...hits.stars.subarray(4 * i, 4 * i + 4),
        ]);
        expect(mirrored).not.toContainEqual(named);
      }
    }
  });

  it('finds what is near it under any names of the four stars, and nothing further away', () => {
    const file = openIndexFile(memoryBytes(writeIndex(sky, USUAL_FORM)));
    const [search, hits] = [new CodeSearch(file), new QuadHits()];
    const random = seededRandom(4);
    const stored: number[] = [];
    let [near, compared] = [0, 0];
    for (let number = 0; number < file.metadata.quads; number++) {
      file.quadCode(number, stored);
      const tolerance = 0.02 * random.uniform();
      const at = (i: number) => (stored[2 * i]! + stored[2 * i + 1]!) / 2;
      const across = (i: number) => (stored[2 * i]! - stored[2 * i + 1]!) / 2;
      const off = Array.from({ length: 4 }, () => tolerance * random.normal() * 0.7);
      const code = [at(0) + off[0]!, across(0) + off[1]!, at(1) + off[2]!, across(1) + off[3]!];
      const distance = Math.hypot(...off);
      if (Math.abs(distance / (Math.SQRT2 * tolerance) - 1) < 0.01) continue;
      const stars: number[] = [];
      file.quadStars(number, stars);
      const [xc, yc, xd, yd] = code as [number, number, number, number];
      const namings = [
        [xc, yc, xd, yd],
        [xd, yd, xc, yc],
        [1 - xc, -yc, 1 - xd, -yd],
        [1 - xd, -yd, 1 - xc, -yc],
      ];
      const [a, b, c, d] = stars;
      const names = [
        [a, b, c, d],
        [a, b, d, c],
        [b, a, c, d],
        [b, a, d, c],
      ];
      namings.forEach((naming, i) => {
        search.find(naming, tolerance, hits);
        const found = Array.from({ length: hits.count }, (_, hit) => [
          ...hits.stars.subarray(4 * hit, 4 * hit + 4),
        ]);
        const isFound = found.some((hit) => hit.every((star, m) => star === names[i]![m]));
        expect(isFound).toBe(distance < Math.SQRT2 * tolerance);
        compared++;
        if (isFound) near++;
      });
    }
    expect(near).toBeGreaterThan(compared / 5);
    expect(near).toBeLessThan((4 * compared) / 5);
  });
});
