import { beforeAll, describe, expect, it } from 'vitest';
import { type Engine, fewestStars } from '../../src/engine/engine.js';
import type { PackagedStars } from '../../src/engine/packaged-stars.js';
import type { FieldBounds } from '../../src/engine/question.js';
import { seededRandom } from '../sky/random.js';
import { type RenderedField, renderField } from './fields.js';
import { packagedEngine } from './stars.js';
import { isRight } from './truth.js';

let engine: Engine;
let stars: PackagedStars;
beforeAll(() => {
  ({ engine, stars } = packagedEngine());
});

/** The brightest few of a field. */
function fewOf(seed: number, count: number, parity: 1 | -1 = 1): RenderedField {
  const field = renderField(stars.catalog, seed, {
    width_deg: 6,
    falseShare: 0,
    missing: 0,
    parity,
    magnitude: 0.2,
  });
  const { x, y, flux } = field.stars;
  return { ...field, stars: { x: x.slice(0, count), y: y.slice(0, count), flux: flux.slice(0, count) } };
}

const hint = ({ ra_deg, dec_deg, scale }: RenderedField): FieldBounds => ({
  position: { ra_deg, dec_deg, radius_deg: 1 },
  scale: { low: 0.97 * scale, high: 1.03 * scale },
});

const ask = ({ stars: list, width, height }: RenderedField, bounds?: FieldBounds) =>
  engine.solve({ stars: list, width, height, ...(bounds && { bounds }) });

describe('four or five stars', () => {
  it.each([4, 5, 6])('are enough where position and scale are nearly known: %i', (count) => {
    for (const seed of [3, 5, 6]) {
      const field = fewOf(seed, count, seed % 2 ? 1 : -1);
      const answer = ask(field, hint(field));
      if (!answer.solved) throw new Error(`Seed ${seed} is not solved: ${answer.reason}`);
      expect(isRight(answer, field)).toBe(true);
      expect(answer.matches).toHaveLength(count);
    }
  });

  it('are too few without such bounds', () => {
    const field = fewOf(3, 5);
    expect(ask(field)).toMatchObject({ reason: 'too_few_stars' });
    const { scale, position } = hint(field);
    expect(ask(field, scale && { scale })).toMatchObject({ reason: 'too_few_stars' });
    expect(ask(field, position && { position })).toMatchObject({ reason: 'too_few_stars' });
    expect(fewestStars({ width: 1500, height: 1000, bounds: hint(field) })).toBe(4);
  });

  it('are never taken for others: strewn at random they are refused', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed);
      const field = fewOf(seed, 4 + (seed % 5));
      const anywhere = {
        ...field.stars,
        x: field.stars.x.map(() => 1 + random.uniform() * 1499),
        y: field.stars.y.map(() => 1 + random.uniform() * 999),
      };
      expect(ask({ ...field, stars: anywhere }, hint(field))).toMatchObject({ solved: false });
    }
  });

  it('are no solution where the fit to them predicts none of them', () => {
    // The field is found, but of two catalogue stars its fit takes the wrong one.
    const list = {
      x: [658.66, 437.08, 944.52, 688.51],
      y: [147.38, 421.34, 598.4, 44.28],
      flux: [4, 3, 2, 1],
    };
    const bounds: FieldBounds = {
      position: { ra_deg: 76.07, dec_deg: -40.15, radius_deg: 0.93 },
      scale: { low: 6.5, high: 6.9 },
    };
    expect(engine.solve({ stars: list, width: 1500, height: 1000, bounds })).toMatchObject({ solved: false });
  });

  it('are found within bounds only', () => {
    const field = fewOf(4, 6, 1);
    const bounds = hint(field);
    expect(ask(field, { ...bounds, parity: 1 }).solved).toBe(true);
    expect(ask(field, { ...bounds, parity: -1 }).solved).toBe(false);
    const { scale } = field;
    expect(ask(field, { ...bounds, scale: { low: 1.1 * scale, high: 1.2 * scale } }).solved).toBe(false);
  });
});
