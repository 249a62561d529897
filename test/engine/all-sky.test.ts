import { beforeAll, describe, expect, it } from 'vitest';
import { withCircle } from '../../src/engine/all-sky/refine-model.js';
import { ZenithalModel } from '../../src/engine/all-sky/zenithal-model.js';
import type { Engine } from '../../src/engine/engine.js';
import type { PackagedStars } from '../../src/engine/packaged-stars.js';
import type { SolveQuestion, SolveSuccess } from '../../src/engine/question.js';
import { detectStars } from '../../src/stars/detect.js';
import { wideListsOf } from '../../src/stars/list.js';
import { FISHEYES, type Fisheye, renderAllSky, skyError } from '../sky/all-sky.js';
import { type RenderedField, renderField, shuffleField } from './fields.js';
import { packagedEngine } from './stars.js';
import { isRight } from './truth.js';

let engine: Engine;
let stars: PackagedStars;
beforeAll(() => {
  ({ engine, stars } = packagedEngine());
});

const fisheyeField = (seed: number, projection: Fisheye, more: { parity?: 1 | -1 } = {}): RenderedField =>
  renderField(stars.catalog, seed, {
    width: 1200,
    height: 1000,
    width_deg: 180,
    trueStars: 150,
    falseShare: 0.3,
    missing: 0.2,
    projection: FISHEYES[projection],
    furthest: Math.PI / 2 - 0.05,
    ...more,
  });

const ask = ({ stars: list, width, height }: RenderedField, more: Partial<SolveQuestion> = {}) =>
  engine.solve({ stars: list, width, height, lens: 'fisheye', ...more });

function solved(field: RenderedField, more: Partial<SolveQuestion> = {}): SolveSuccess {
  const answer = ask(field, more);
  if (!answer.solved) throw new Error(`Not solved: ${answer.reason} ${JSON.stringify(answer.counts)}`);
  return answer;
}

describe('stars of the whole sky', () => {
  it.each(Object.keys(FISHEYES) as Fisheye[])(
    'through an %s lens are solved in both parities',
    (projection) => {
      for (const parity of [1, -1] as const) {
        const field = fisheyeField(projection.length, projection, { parity });
        const answer = solved(field);
        expect(answer.parity).toBe(parity);
        expect(isRight(answer, field)).toBe(true);
        expect(answer.matches.length).toBeGreaterThan(80);
      }
    },
  );

  it('with their places shuffled are not', () => {
    for (const seed of [1, 2, 3]) {
      const answer = ask(shuffleField(fisheyeField(seed, 'equisolid'), seed));
      expect(answer).toMatchObject({ solved: false, reason: 'exhausted' });
    }
  });

  it('are solved within bounds only', () => {
    const field = fisheyeField(5, 'equidistant', { parity: 1 });
    const { scale, ra_deg, dec_deg } = field;
    solved(field, {
      bounds: {
        scale: { low: scale * 0.9, high: scale * 1.1 },
        position: { ra_deg, dec_deg, radius_deg: 5 },
      },
    });
    for (const bounds of [
      { scale: { low: scale * 1.5, high: scale * 3 } },
      { position: { ra_deg: (ra_deg + 180) % 360, dec_deg: -dec_deg, radius_deg: 20 } },
      { parity: -1 as const },
    ])
      expect(ask(field, { bounds, budget: 400_000 }).solved).toBe(false);
  });

  it('are given up when they are too few, or when it is said so', () => {
    const field = fisheyeField(6, 'equidistant');
    const few = { x: field.stars.x.slice(0, 12), y: field.stars.y.slice(0, 12) };
    expect(ask({ ...field, stars: { ...few, flux: few.x } })).toMatchObject({ reason: 'too_few_stars' });
    const shuffled = shuffleField(field, 1);
    let asked = 0;
    expect(ask(shuffled, { shouldStop: () => ++asked > 3 })).toMatchObject({
      solved: false,
      reason: 'stopped',
    });
  });
});

describe('a picture of the whole sky', () => {
  it.each([
    ['clear', { projection: 'equisolid', clouds: 0, hasMoon: false, parity: 1 }],
    ['with the Moon', { projection: 'equidistant', clouds: 0.1, hasMoon: true, parity: -1 }],
    ['half in clouds', { projection: 'stereographic', clouds: 0.5, hasMoon: false, parity: 1 }],
  ] as const)('%s is true at every pixel of the sky', async (_, options) => {
    const sky = renderAllSky({
      stars: stars.catalog.data,
      seed: 4,
      width: 1000,
      height: 900,
      tilt_deg: 10,
      bend: 0.01,
      ...options,
    });
    const grey = {
      ...sky,
      data: Uint8Array.from(sky.data, (value) => 255 * value),
      scale: [1, 1] as [number, number],
    };
    const found = await detectStars(grey, sky);
    const answer = engine.solve({
      stars: wideListsOf(found, sky),
      width: sky.width,
      height: sky.height,
      lens: 'fisheye',
    });
    if (!answer.solved) throw new Error(`Not solved: ${answer.reason}`);
    expect(answer.parity).toBe(sky.parity);
    expect(skyError(answer.wcs, sky).rms).toBeLessThan(0.05);
  });
});

describe('the image circle of a solution', () => {
  const [width, height, half] = [1400, 1200, 700];
  const identity = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  const model = (radial: number) => {
    const lens = new ZenithalModel('ARC', { parity: 1, focal: 363, cx: 700, cy: 600, r: identity }, half);
    lens.terms[0] = radial;
    return lens;
  };
  const seen = { x: 712, y: 595, radius: 574 };

  it('is the one seen in the pixels, as far as the model holds', () => {
    expect(withCircle(model(0), width, height, 1.5, seen).circle).toEqual(seen);
    const short = model(-0.5);
    expect(short.steadyRadius).toBeLessThan(560);
    expect(withCircle(short, width, height, 1.5, seen).circle).toEqual({
      x: 700,
      y: 600,
      radius: short.steadyRadius,
    });
  });

  it('is 92° from the axis where none is seen', () => {
    const { circle } = withCircle(model(0), width, height, 1.5, undefined);
    expect(circle?.radius).toBeCloseTo((363 * 92 * Math.PI) / 180, 6);
    expect(circle).toMatchObject({ x: 700, y: 600 });
  });
});
