import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import type { StarList } from '../../src/engine/field.js';
import type { PackagedStars } from '../../src/engine/packaged-stars.js';
import type { SolveAnswer, SolveQuestion, SolveSuccess } from '../../src/engine/question.js';
import { separation } from '../../src/wcs/sphere.js';
import { pixelToSky, skyToPixel } from '../../src/wcs/tan-sip.js';
import { seededRandom } from '../sky/random.js';
import { INVENTIONS, inventField, type RenderedField, renderField, shuffleField } from './fields.js';
import { packagedEngine } from './stars.js';
import { isRight } from './truth.js';

let engine: Engine;
let stars: PackagedStars;
beforeAll(() => {
  ({ engine, stars } = packagedEngine());
});

const solve = (
  { stars: list, width, height }: RenderedField,
  more: Partial<SolveQuestion> = {},
): SolveAnswer => engine.solve({ stars: list, width, height, ...more });

function solved(answer: SolveAnswer): SolveSuccess {
  if (!answer.solved) throw new Error(`Not solved: ${answer.reason} ${JSON.stringify(answer.counts)}`);
  return answer;
}

/** A field that is certainly solved. */
const easyField = (seed: number, width_deg = 12) =>
  renderField(stars.catalog, seed, { width_deg, trueStars: 60, falseShare: 0.2, missing: 0.1 });

/** Where the middle of the image looks, and along what. */
function aimOf({ wcs }: SolveSuccess): { ra: number; dec: number; scale: number } {
  const [[a, b], [c, d]] = wcs.cd;
  const [ra, dec] = pixelToSky(wcs, (wcs.width + 1) / 2, (wcs.height + 1) / 2);
  return { ra, dec, scale: Math.sqrt(Math.abs(a * d - b * c)) * 3600 };
}

describe('what the engine finds', () => {
  it('is right, of fields from 1.5° to 100° under either parity with false and missing stars', () => {
    let found = 0;
    const wrong: number[] = [];
    for (let seed = 1; seed <= 60; seed++) {
      const field = renderField(stars.catalog, seed);
      const answer = solve(field);
      if (answer.solved && isRight(answer, field)) found++;
      else if (answer.solved) wrong.push(seed);
    }
    expect(wrong).toEqual([]);
    expect(found).toBeGreaterThanOrEqual(59);
  }, 240_000);

  it('says which star of the list is which of the catalogue', () => {
    const field = easyField(7);
    const { matches, wcs, log_odds, parity } = solved(solve(field));
    expect(log_odds).toBeGreaterThan(40);
    expect(parity).toBe(field.parity);
    expect(matches.length).toBeGreaterThan(20);
    expect(new Set(matches.map(({ star }) => star)).size).toBe(matches.length);
    expect(new Set(matches.map(({ id }) => id)).size).toBe(matches.length);
    for (const { star, x, y, ra_deg, dec_deg } of matches) {
      expect([x, y]).toEqual([field.stars.x[star], field.stars.y[star]]);
      const at = field.pixelOf(ra_deg, dec_deg)!;
      expect(Math.hypot(at[0] - x, at[1] - y)).toBeLessThan(4);
      const predicted = skyToPixel(wcs, ra_deg, dec_deg)!;
      expect(Math.hypot(predicted[0] - x, predicted[1] - y)).toBeLessThan(4);
    }
  });

  it('is found through a wide lens with barrel distortion, of 90°', () => {
    for (let seed = 1; seed <= 4; seed++) {
      const field = renderField(stars.catalog, seed, {
        width_deg: 90,
        trueStars: 120,
        projection: (angle) => Math.tan(angle) * (1 - 0.03 * Math.tan(angle) ** 2),
        furthest: 0.98,
      });
      expect(isRight(solved(solve(field)), field)).toBe(true);
    }
  });

  it('is found in the second list when the first is of no field', () => {
    const field = easyField(11);
    const answer = solved(solve(field, { stars: [shuffleField(field, 5).stars, field.stars] }));
    expect(answer.list).toBe(1);
    expect(isRight(answer, field)).toBe(true);
  });

  it('is found with the head of the list taken by a clump of false stars', () => {
    const field = easyField(13, 20);
    const random = seededRandom(1);
    const clump = Array.from(
      { length: 14 },
      () => [700 + 60 * random.normal(), 500 + 60 * random.normal()] as const,
    );
    const list = {
      x: [...clump.map(([x]) => x), ...field.stars.x],
      y: [...clump.map(([, y]) => y), ...field.stars.y],
    };
    expect(isRight(solved(solve(field, { stars: list })), field)).toBe(true);
  });
});

describe('the answer stays the same', () => {
  const seeds = fc.integer({ min: 1, max: 400 });
  const mapped = (
    field: RenderedField,
    map: (x: number, y: number) => readonly [number, number],
  ): StarList => {
    const places = field.stars.x.map((x, i) => map(x, field.stars.y[i]!));
    return { x: places.map(([x]) => x), y: places.map(([, y]) => y), flux: field.stars.flux };
  };

  it('when the image is turned, mirrored and enlarged', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.nat(3),
        fc.boolean(),
        fc.constantFrom(0.5, 1, 3),
        (seed, turns, isMirrored, zoom) => {
          const field = easyField(seed);
          const { width, height } = field;
          const first = aimOf(solved(solve(field)));
          const isTurned = turns % 2 === 1;
          const list = mapped(field, (x, y) => {
            let [u, v] = [x - (width + 1) / 2, y - (height + 1) / 2];
            for (let turn = 0; turn < turns; turn++) [u, v] = [-v, u];
            if (isMirrored) u = -u;
            const [w, h] = isTurned ? [height, width] : [width, height];
            return [zoom * (u + w / 2) + 0.5, zoom * (v + h / 2) + 0.5];
          });
          const size = isTurned ? { width: height, height: width } : { width, height };
          const answer = solved(
            engine.solve({ stars: list, width: zoom * size.width, height: zoom * size.height }),
          );
          const second = aimOf(answer);
          expect(answer.parity).toBe(isMirrored ? -field.parity : field.parity);
          expect(separation(first.ra, first.dec, second.ra, second.dec)).toBeLessThan(
            0.004 * field.width_deg,
          );
          expect((second.scale * zoom) / first.scale).toBeCloseTo(1, 2);
        },
      ),
      { numRuns: 30, seed: 21 },
    );
  });

  it('when the list comes in another order', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1 }), (seed, shuffle) => {
        const field = easyField(seed);
        const random = seededRandom(shuffle);
        // Each star within some ten places of its own: what another measure of brightness does.
        const order = field.stars.x
          .map((_, i) => [i, i + 10 * random.uniform()] as const)
          .sort((a, b) => a[1] - b[1])
          .map(([i]) => i);
        const of = (values: number[]) => order.map((i) => values[i]!);
        const { x, y, flux } = field.stars;
        const answer = solved(solve(field, { stars: { x: of(x), y: of(y), flux: of(flux) } }));
        expect(isRight(answer, field)).toBe(true);
      }),
      { numRuns: 30, seed: 22 },
    );
  });

  it('when it is asked again, to the last digit', () => {
    const field = easyField(17);
    expect(solve(field)).toEqual(solve(field));
  });

  it('in at least 98 % of random subsets of 60 % that keep twelve matched stars, none wrong', () => {
    let [asked, found, wrong] = [0, 0, 0];
    for (let seed = 1; seed <= 25; seed++) {
      const field = easyField(seed, 2 + 2 * seed);
      const matched = new Set(solved(solve(field)).matches.map(({ star }) => star));
      const random = seededRandom(1000 + seed);
      for (let draw = 0; draw < 8; draw++) {
        const kept = field.stars.x.map((_, i) => i).filter(() => random.uniform() < 0.6);
        if (kept.filter((i) => matched.has(i)).length < 12) continue;
        const of = (values: number[]) => kept.map((i) => values[i]!);
        const { x, y, flux } = field.stars;
        const answer = solve(field, { stars: { x: of(x), y: of(y), flux: of(flux) } });
        asked++;
        if (answer.solved && isRight(answer, field)) found++;
        else if (answer.solved) wrong++;
      }
    }
    expect(asked).toBeGreaterThan(150);
    expect(wrong).toBe(0);
    expect(found / asked).toBeGreaterThanOrEqual(0.98);
  });
});

describe('bounds', () => {
  it('of scale, position and parity that hold are obeyed, and those that do not leave nothing', () => {
    const field = easyField(23);
    const { scale, parity, ra_deg, dec_deg } = field;
    const near = { low: 0.9 * scale, high: 1.1 * scale };
    const good = solved(
      solve(field, { bounds: { scale: near, parity, position: { ra_deg, dec_deg, radius_deg: 3 } } }),
    );
    expect(isRight(good, field)).toBe(true);
    expect(good.counts.trials).toBeLessThan(solve(field).counts.trials);
    const opposite = parity === 1 ? -1 : 1;
    for (const bounds of [
      { scale: { low: 1.5 * scale, high: 4 * scale } },
      { scale: { low: 0.2 * scale, high: 0.7 * scale } },
      { scale: near, parity: opposite } as const,
      { scale: near, position: { ra_deg: (ra_deg + 180) % 360, dec_deg: -dec_deg, radius_deg: 20 } },
    ])
      expect(solve(field, { bounds, budget: 200_000 })).toMatchObject({ solved: false, reason: 'exhausted' });
  });

  it('of position make quads of that part of the sky only', () => {
    const fresh = packagedEngine();
    const field = easyField(29, 2);
    const { ra_deg, dec_deg, scale, width, height } = field;
    const bounds = {
      scale: { low: 0.8 * scale, high: 1.2 * scale },
      position: { ra_deg, dec_deg, radius_deg: 3 },
    };
    const answer = solved(fresh.engine.solve({ stars: field.stars, width, height, bounds }));
    expect(isRight(answer, field)).toBe(true);
    // The same answer as by the quads of the whole sky.
    expect(answer.wcs).toEqual(solved(solve(field, { bounds })).wcs);
  });
});

describe('the engine gives up', () => {
  it('at once when it is stopped, and is usable afterwards', () => {
    const field = shuffleField(renderField(stars.catalog, 31, { trueStars: 100 }), 1);
    let asked = 0;
    const answer = solve(field, { shouldStop: () => ++asked === 3 });
    expect(answer).toMatchObject({ solved: false, reason: 'stopped' });
    expect(asked).toBe(3);
    expect(answer.counts.trials).toBeLessThan(20_000);
    expect(solve(easyField(31)).solved).toBe(true);
  });

  it('on lists of fewer stars than make and verify a quad', () => {
    expect(engine.solve({ stars: { x: [], y: [] }, width: 100, height: 100 })).toMatchObject({
      reason: 'too_few_stars',
    });
    const six = { x: [10, 20, 50, 70, 80, 15], y: [10, 70, 30, 90, 15, 60] };
    expect(engine.solve({ stars: [six, six], width: 100, height: 100 })).toMatchObject({
      reason: 'too_few_stars',
    });
  });

  it('where the scale is outside all stars at hand', () => {
    const { stars: list, width, height } = easyField(37);
    const bounds = { scale: { low: 0.01, high: 0.05 } };
    expect(engine.solve({ stars: list, width, height, bounds })).toMatchObject({ reason: 'no_index' });
  });

  it('on stars that all lie at one place or on one line', () => {
    const line = Array.from({ length: 40 }, (_, i) => 20 + 10 * i);
    for (const stars of [
      { x: line.map(() => 5), y: line.map(() => 5) },
      { x: line, y: line },
    ])
      expect(engine.solve({ stars, width: 500, height: 500 })).toMatchObject({
        solved: false,
        reason: 'exhausted',
      });
  });

  it('on shuffled and invented stars, without a false solution', () => {
    for (let seed = 1; seed <= 8; seed++) {
      expect(solve(shuffleField(renderField(stars.catalog, seed), seed), { budget: 600_000 }).solved).toBe(
        false,
      );
      const stars_ = inventField(INVENTIONS[seed % INVENTIONS.length]!, seed);
      expect(engine.solve({ stars: stars_, width: 1500, height: 1000, budget: 600_000 }).solved).toBe(false);
    }
  });
});
