import { beforeAll, describe, expect, it } from 'vitest';
import { calibrateLens } from '../../src/engine/calibration/calibrate-lens.js';
import type { CalibratedLens, SolvedFrame } from '../../src/engine/calibration/calibrated-lens.js';
import type { Engine } from '../../src/engine/engine.js';
import type { PackagedStars } from '../../src/engine/packaged-stars.js';
import type { SolveQuestion, SolveSuccess } from '../../src/engine/question.js';
import type { Calibration } from '../../src/job/calibration.js';
import { seededRandom } from '../sky/random.js';
import type { RenderedField } from './fields.js';
import { errorOver, type LensFrameOptions, lensFrame } from './lens-frames.js';
import { solvedFrame } from './solved-frame.js';
import { packagedEngine } from './stars.js';

let engine: Engine;
let stars: PackagedStars;
beforeAll(() => {
  ({ engine, stars } = packagedEngine());
});

const FEW = { trueStars: 25, falseShare: 0.2, missing: 0.1 };
const BENT = { corner_px: 30, width_deg: 50, ...FEW };

const framesOf = (options: LensFrameOptions, from: number, count = 8) =>
  Array.from({ length: count }, (_, i) => lensFrame(stars.catalog, from + i, options));

function solve(
  { stars: list, width, height }: RenderedField,
  more: Partial<SolveQuestion> = {},
): SolveSuccess {
  const answer = engine.solve({ stars: list, width, height, ...more });
  if (!answer.solved) throw new Error(`Not solved: ${answer.reason}`);
  return answer;
}

function calibrated(frames: readonly RenderedField[]): CalibratedLens {
  const lens = calibrateLens(
    frames.map((frame) => solvedFrame(solve(frame))),
    5,
  );
  if (!lens) throw new Error('No lens');
  return lens;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a lens that several frames have shown', () => {
  it('is truer to the corners than that of any one of them', () => {
    const frames = framesOf(BENT, 100);
    const { calibration, order, corner_sigma_px } = calibrated(frames);
    const alone = frames.map((frame) => errorOver(solve(frame), frame));
    const together = frames.map((frame) => errorOver(solve(frame, { calibration }), frame));
    expect(mean(together)).toBeLessThan(0.5 * mean(alone));
    expect(Math.max(...together)).toBeLessThan(Math.min(...alone));
    expect(order).toBe(5);
    expect(corner_sigma_px).toBeLessThan(1);
    expect(calibration.fit).toMatchObject({ frames: 8 });
    expect(calibration.fit?.corner_distortion_px).toBeGreaterThan(28);
    expect(calibration.fit?.corner_distortion_px).toBeLessThan(32);
  }, 240_000);

  it('makes the next frame right to its corners, that has too few stars to show the lens', () => {
    const { calibration } = calibrated(framesOf(BENT, 200));
    const next = framesOf({ ...BENT, trueStars: 14, falseShare: 0.1, missing: 0 }, 300, 6);
    const alone = next.map((frame) => errorOver(solve(frame), frame));
    const answers = next.map((frame) => solve(frame, { calibration }));
    const together = answers.map((answer, i) => errorOver(answer, next[i] as RenderedField));
    expect(Math.max(...together)).toBeLessThan(0.6);
    expect(mean(together)).toBeLessThan(0.5 * mean(alone));
    expect(answers.every(({ fit }) => fit.order === 5)).toBe(true);
  });

  it('is that of mirrored pictures as well', () => {
    const frames = framesOf({ ...BENT, parity: -1 }, 400, 6);
    const { calibration } = calibrated(frames);
    const together = frames.map((frame) => errorOver(solve(frame, { calibration }), frame));
    expect(Math.max(...together)).toBeLessThan(0.5);
  });

  it('has no distortion where there is none', () => {
    const { calibration, order } = calibrated(framesOf({ ...BENT, corner_px: 0 }, 500));
    expect(order).toBe(0);
    expect(calibration.sip).toBeUndefined();
  });

  it('does not follow mismatches', () => {
    const frames = framesOf(BENT, 600);
    const random = seededRandom(5);
    const pairs = frames.map((frame) => solvedFrame(solve(frame)));
    const spoilt = pairs.map((frame) => ({
      ...frame,
      pairs: {
        ...frame.pairs,
        x: Array.from(frame.pairs.x, (x) => (random.uniform() < 0.06 ? x + 12 * random.normal() : x)),
      },
    }));
    const lens = calibrateLens(spoilt, 5) as CalibratedLens;
    const together = frames.map((frame) => errorOver(solve(frame, { calibration: lens.calibration }), frame));
    const alone = frames.map((frame) => errorOver(solve(frame), frame));
    expect(mean(together)).toBeLessThan(0.7 * mean(alone));
    expect(lens.residuals.every(({ dx, dy }) => Math.hypot(dx, dy) < 3)).toBe(true);
  });

  it('is none without frames, or of frames without stars', () => {
    expect(calibrateLens([], 5)).toBeUndefined();
    const [frame] = framesOf(BENT, 700, 1).map((one) => solvedFrame(solve(one)));
    const none = { x: [], y: [], ra_deg: [], dec_deg: [] };
    expect(calibrateLens([{ wcs: (frame as SolvedFrame).wcs, pairs: none }], 5)).toBeUndefined();
  });
});

describe('a lens that is not the one of the image', () => {
  it('costs neither the solution nor its accuracy', () => {
    const right = calibrated(framesOf(BENT, 100)).calibration;
    const turned = (table: number[][]) => table.map((row) => row.map((value) => -2 * value));
    const wrong: Calibration[] = [
      { ...right, sip: { a: turned(right.sip?.a ?? []), b: turned(right.sip?.b ?? []) } },
      { ...right, sip: { a: right.sip?.b ?? [], b: right.sip?.a ?? [] } },
    ];
    for (const calibration of wrong) {
      for (const options of [BENT, { ...BENT, corner_px: 0 }, { ...BENT, trueStars: 80 }]) {
        const frames = framesOf(options, 800, 8);
        const alone = frames.map((frame) => errorOver(solve(frame), frame));
        const misled = frames.map((frame) => errorOver(solve(frame, { calibration }), frame));
        expect(mean(misled)).toBeLessThan(1.2 * mean(alone) + 0.05);
        expect(Math.max(...misled)).toBeLessThan(2 * Math.max(...alone) + 0.1);
      }
    }
  });

  it('is not looked at when it is that of pictures of another size', () => {
    const [frame] = framesOf(BENT, 900, 1) as [RenderedField];
    const { calibration } = calibrated(framesOf(BENT, 100));
    const other = { ...calibration, width: calibration.height, height: calibration.width };
    expect(solve(frame, { calibration: other }).wcs).toEqual(solve(frame).wcs);
  });

  it('gives way to an order that allows less', () => {
    const [frame] = framesOf(BENT, 900, 1) as [RenderedField];
    const { calibration } = calibrated(framesOf(BENT, 100));
    expect(solve(frame, { calibration, order: 2 }).fit.order).toBeLessThanOrEqual(2);
    expect(solve(frame, { calibration, order: 0 }).wcs.sip).toBeUndefined();
  });
});
