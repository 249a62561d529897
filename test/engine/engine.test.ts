import { describe, expect, it } from 'vitest';
import type { EngineSolution } from '../../src/engine/engine.js';
import type { EngineQuestion, FieldStars } from '../../src/engine/question.js';
import { separation } from '../../src/wcs/sphere.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import { seededRandom } from '../sky/random.js';
import { between, engine, type RenderedField, renderField } from './sky.js';

const never = () => false;
const WIDE_OPEN = { low: 10, high: 400 };

function ask(field: RenderedField, list: FieldStars = field, more: Partial<EngineQuestion> = {}) {
  const { width, height } = field;
  return engine.solve(
    { lists: [list], width, height, bounds: { scale: WIDE_OPEN }, order: 2, maxHypotheses: 40_000, ...more },
    never,
  );
}

function errorOf({ wcs }: EngineSolution, field: RenderedField): number {
  const [ra, dec] = pixelToSky(wcs, (field.width + 1) / 2, (field.height + 1) / 2);
  return (separation(ra, dec, field.ra_deg, field.dec_deg) * 3600) / field.scale;
}

const random = seededRandom(2024);
const FIELDS = Array.from({ length: 12 }, () =>
  renderField(random, { width_deg: 10 * 3 ** random.uniform() }),
);

describe('the engine', () => {
  it('finds where rendered fields of 10° to 30° point, to a fraction of a pixel', () => {
    const solved = FIELDS.map((field) => ({ field, answer: ask(field) }));
    const errors = solved.flatMap(({ field, answer }) => (answer.solved ? [errorOf(answer, field)] : []));
    expect(errors.length).toBeGreaterThanOrEqual(9);
    expect(Math.max(...errors)).toBeLessThan(1);
  });

  it('tells the parity of the image, and how large its pixels are', () => {
    let solved = 0;
    for (const field of FIELDS.slice(0, 8)) {
      const answer = ask(field);
      if (!answer.solved) continue;
      solved++;
      expect(answer.parity).toBe(field.parity);
      const [[a, b], [c, d]] = answer.wcs.cd;
      expect(Math.sign(a * d - b * c)).toBe(field.parity);
      expect((3600 * Math.sqrt(Math.abs(a * d - b * c))) / field.scale).toBeCloseTo(1, 2);
    }
    expect(solved).toBeGreaterThanOrEqual(6);
  });

  it('finds the same place whatever the order of the first stars, and from a part of them', () => {
    const pick = seededRandom(7);
    let [tried, same] = [0, 0];
    for (const field of FIELDS.slice(0, 8)) {
      const kept = Array.from(field.x, (_, i) => i).filter(() => pick.uniform() < 0.6);
      const [x, y] = [field.x, field.y].map((values) => kept.map((i) => values[i] ?? 0)) as [
        number[],
        number[],
      ];
      const answer = ask(field, { x, y });
      if (answer.solved) expect(errorOf(answer, field)).toBeLessThan(1.5);
      tried++;
      if (answer.solved) same++;
    }
    expect(same / tried).toBeGreaterThanOrEqual(0.6);
  });

  it('finds the mirror image with the other parity', () => {
    for (const field of FIELDS.slice(0, 5)) {
      const mirrored = { x: field.x, y: Array.from(field.y, (y) => field.height + 1 - y) };
      const answer = ask(field, mirrored);
      if (!answer.solved) throw new Error(`not solved: ${answer.reason}`);
      expect(answer.parity).toBe(-field.parity);
      expect(errorOf(answer, field)).toBeLessThan(1);
    }
  });

  it('never answers for stars that were shuffled', () => {
    const shuffle = seededRandom(99);
    for (const field of FIELDS.slice(0, 4)) {
      const x = Array.from(field.x, () => between(shuffle, 1, field.width));
      const y = Array.from(field.y, () => between(shuffle, 1, field.height));
      expect(ask(field, { x, y })).toMatchObject({ solved: false });
    }
  });

  it('keeps to the bounds that it is given', () => {
    const [field] = FIELDS;
    if (!field) throw new Error('no field');
    const { scale, ra_deg, dec_deg, parity } = field;
    const bounds = (more: Partial<EngineQuestion['bounds']>) => ({
      bounds: { scale: { low: scale / 1.1, high: scale * 1.1 }, ...more },
    });
    expect(ask(field, field, bounds({})).solved).toBe(true);
    expect(ask(field, field, { bounds: { scale: { low: scale * 1.3, high: scale * 2 } } }).solved).toBe(
      false,
    );
    expect(ask(field, field, bounds({ parity })).solved).toBe(true);
    expect(ask(field, field, bounds({ parity: parity === 1 ? -1 : 1 })).solved).toBe(false);
    expect(ask(field, field, bounds({ position: { ra_deg, dec_deg, radius_deg: 2 } })).solved).toBe(true);
    const elsewhere = { ra_deg: (ra_deg + 180) % 360, dec_deg: -dec_deg, radius_deg: 5 };
    expect(ask(field, field, bounds({ position: elsewhere })).solved).toBe(false);
  });

  it('stops when it is told to, and says so', () => {
    const shuffle = seededRandom(5);
    const [x, y] = [0, 1].map(() => Array.from({ length: 80 }, () => between(shuffle, 1, 1000))) as [
      number[],
      number[],
    ];
    let looks = 0;
    const answer = engine.solve(
      { lists: [{ x, y }], width: 1000, height: 1000, bounds: { scale: WIDE_OPEN }, order: 2 },
      () => ++looks > 3,
    );
    expect(answer).toMatchObject({ solved: false, reason: 'stopped' });
  });

  it('says when there are too few stars', () => {
    const few = { x: [10, 200, 300], y: [20, 100, 250] };
    const question = { lists: [few], width: 400, height: 300, bounds: { scale: WIDE_OPEN }, order: 2 };
    expect(engine.solve(question, never)).toMatchObject({ solved: false, reason: 'too_few_stars' });
  });
});
