import { beforeAll, describe, expect, it } from 'vitest';
import { attitudeOf, knownFisheyeOf } from '../../src/engine/all-sky/known-fisheye.js';
import { calibrateFisheye } from '../../src/engine/calibration/calibrate-fisheye.js';
import type { Engine } from '../../src/engine/engine.js';
import type { PackagedStars } from '../../src/engine/packaged-stars.js';
import type { SolveAnswer, SolveQuestion, SolveSuccess } from '../../src/engine/question.js';
import { type Calibration, parseCalibration } from '../../src/job/calibration.js';
import { detectStars } from '../../src/stars/detect.js';
import { wideListsOf } from '../../src/stars/list.js';
import { calibrationOf } from '../../src/wcs/calibration.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { type AllSky, type Fisheye, renderAllSky, skyError } from '../sky/all-sky.js';
import { seededRandom } from '../sky/random.js';
import { solvedFrame } from './solved-frame.js';
import { packagedEngine } from './stars.js';

let engine: Engine;
let stars: PackagedStars;
beforeAll(() => {
  ({ engine, stars } = packagedEngine());
});

interface Night {
  projection: Fisheye;
  clouds?: number;
  parity?: 1 | -1;
}

/** One camera; the sky turns above it. */
const skyOf = (seed: number, night: Night) =>
  renderAllSky({
    stars: stars.catalog.data,
    seed,
    width: 1000,
    height: 900,
    middle: [492.3, 461.8],
    tilt_deg: 6,
    bend: 0.01,
    ...night,
  });

async function ask(sky: AllSky, more: Partial<SolveQuestion> = {}): Promise<SolveAnswer> {
  const { width, height } = sky;
  const data = Uint8Array.from(sky.data, (value) => 255 * value);
  const found = await detectStars({ ...sky, data, scale: [1, 1] }, sky);
  return engine.solve({ stars: wideListsOf(found, sky), width, height, lens: 'fisheye', ...more });
}

async function solved(sky: AllSky, more: Partial<SolveQuestion> = {}): Promise<SolveSuccess> {
  const answer = await ask(sky, more);
  if (!answer.solved) throw new Error(`Not solved: ${answer.reason}`);
  return answer;
}

const lensOf = ({ wcs, fit }: SolveSuccess): Calibration => {
  const { stars: count, rms_px } = fit;
  const calibration = calibrationOf(wcs, { fit: { frames: 1, stars: count, rms_px } });
  return parseCalibration(JSON.parse(JSON.stringify(calibration)));
};

describe('a fisheye lens that another image has shown', () => {
  it.each([
    ['equidistant', 1],
    ['equisolid', -1],
    ['stereographic', 1],
  ] as const)('%s leaves one match to the next', async (projection, parity) => {
    const calibration = lensOf(await solved(skyOf(4, { projection })));
    const next = skyOf(5, { projection, parity });
    const guided = await solved(next, { calibration });
    expect(guided.counts.verified).toBeLessThanOrEqual(3);
    expect(guided.parity).toBe(parity);
    expect(skyError(guided.wcs, next).rms).toBeLessThan(0.02);
    expect(guided.fit.good_to_corners).toBe(true);
  });

  it('makes skies right that show few stars between clouds', async () => {
    const projection = 'equisolid';
    const calibration = lensOf(await solved(skyOf(4, { projection })));
    const next = skyOf(7, { projection, clouds: 0.8 });
    const guided = await solved(next, { calibration });
    expect(skyError(guided.wcs, next).rms).toBeLessThan(0.02);
    const overcast = skyOf(9, { projection, clouds: 0.9 });
    expect((await ask(overcast)).solved).toBe(false);
    expect(skyError((await solved(overcast, { calibration })).wcs, overcast).rms).toBeLessThan(0.3);
  });

  it('costs nothing but time where it is another lens', async () => {
    const sky = skyOf(5, { projection: 'stereographic' });
    const alone = await solved(sky);
    const other = lensOf(await solved(skyOf(4, { projection: 'equisolid' })));
    expect((await solved(sky, { calibration: other })).wcs).toEqual(alone.wcs);
    const portrait = { ...other, width: other.height, height: other.width };
    expect((await solved(sky, { calibration: portrait })).counts).toEqual(alone.counts);
  });

  it('is the same when it is read again: distortion, shear and aim', () => {
    const random = seededRandom(3);
    const table = () =>
      Array.from({ length: 8 }, (_, p) =>
        Array.from({ length: 8 - p }, (_, q) =>
          p + q < 2 || p + q > 5 ? 0 : (0.02 * random.normal()) / 500 ** (p + q - 1),
        ),
      );
    const sip = { a: table(), b: table() };
    for (const parity of [1, -1]) {
      const wcs: Wcs = {
        crval: [210, 35],
        crpix: [480, 520],
        cd: [
          [0.08, 0.0604 * parity],
          [-0.0596, 0.0811 * parity],
        ],
        width: 1000,
        height: 1000,
        projection: 'ZEA',
        sip,
      };
      const known = knownFisheyeOf(calibrationOf(wcs) as Calibration, wcs);
      const { r, parity: found } = attitudeOf(wcs);
      expect(found).toBe(parity);
      const model = known?.modelOf(found);
      model?.r.set(r);
      const again = model?.toWcs(wcs.width, wcs.height) as Wcs;
      expect(again.crpix).toEqual(wcs.crpix);
      again.cd.flat().forEach((value, i) => {
        expect(value).toBeCloseTo(wcs.cd.flat()[i] as number, 12);
      });
      expect(again.crval[0]).toBeCloseTo(210, 9);
      expect(again.crval[1]).toBeCloseTo(35, 9);
      for (const axis of ['a', 'b'] as const)
        again.sip?.[axis].forEach((row, p) => {
          row.forEach((value, q) => {
            expect(value * 500 ** (p + q)).toBeCloseTo((sip[axis][p]?.[q] ?? 0) * 500 ** (p + q), 9);
          });
        });
    }
  });
});

describe('a fisheye lens that several images have shown', () => {
  it('is truer than that of any one of them', async () => {
    const night = { projection: 'equidistant', clouds: 0.75 } as const;
    const skies = [11, 12, 13, 15].map((seed) => skyOf(seed, night));
    const answers = (await Promise.all(skies.map((sky) => ask(sky)))).filter((answer) => answer.solved);
    expect(answers.length).toBeGreaterThan(2);
    const lens = calibrateFisheye(answers.map(solvedFrame));
    if (!lens) throw new Error('No lens');
    expect(lens.calibration.fit).toMatchObject({ frames: answers.length });
    expect(lens.corner_sigma_px).toBeLessThan(0.5);
    const next = skyOf(4, { projection: 'equidistant' });
    const { r, parity } = attitudeOf((await solved(next)).wcs);
    const errorOf = (calibration: Calibration) => {
      const known = knownFisheyeOf(calibration, next);
      const model = known?.modelOf(parity);
      model?.r.set(r);
      return skyError(model?.toWcs(next.width, next.height) as Wcs, next).rms;
    };
    const together = errorOf(lens.calibration);
    const alone = answers.map((answer) => errorOf(lensOf(answer)));
    expect(together).toBeLessThan(Math.min(...alone));
    expect(together).toBeLessThan(0.015);
  }, 120_000);
});
