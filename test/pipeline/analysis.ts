import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import type { AnalysisOutcome } from '../../src/analysis/analysis.js';
import { type AnalyzerOptions, createAnalyzer } from '../../src/analysis/analyze.js';
import { LocalReader } from '../../src/decoding/local-reader.js';
import type { Astrometry } from '../../src/job/astrometry.js';
import type { SolveParamsInput } from '../../src/job/param-table.js';
import { parseParams } from '../../src/job/params.js';
import type { JobResult, SolvedResult } from '../../src/job/result.js';
import { SolveField } from '../../src/solver/solve-field/solve-field.js';
import type { FieldGeometry } from '../../src/wcs/geometry.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { projection, separation_deg } from '../sky/projection.js';
import type { Sky } from '../sky/render.js';
import { directionOnSky_deg, pixscale_arcsec, trueGeometry, turn_deg, type Viewing } from '../sky/truth.js';
import { type SkyFormat, writeSky } from '../sky/write.js';

const folder = mkdtempSync(join(tmpdir(), 'analysis-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const solveField = new SolveField();

/** The whole analysis of one file: the result document, the kept files and all that was logged. */
export async function analyzeFile(
  path: string,
  params: SolveParamsInput = {},
  { owner, ...options }: Partial<AnalyzerOptions> & { owner?: string } = {},
): Promise<{ result: JobResult; files: AnalysisOutcome['files']; log: string }> {
  const scratch = await mkdtemp(join(folder, 'scratch-'));
  let log = '';
  const analyze = createAnalyzer({
    solvers: [solveField],
    reader: new LocalReader(),
    cores: () => 2,
    ...options,
  });
  const outcome = await analyze(path, parseParams(params), {
    filename: 'sky',
    owner,
    scratch,
    signal: new AbortController().signal,
    log: (text) => {
      log += text;
    },
    onProgress: () => {},
  });
  return { ...outcome, log };
}

/** Writes the sky to a file of its own. */
export async function fileOf(sky: Sky, format: SkyFormat): Promise<string> {
  const place = await mkdtemp(join(folder, 'image-'));
  await mkdir(place, { recursive: true });
  const path = join(place, `sky.${format.format}`);
  await writeSky(path, sky, format);
  return path;
}

/** Writes bytes to a file of their own. */
export async function fileWith(bytes: Uint8Array | string): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'image-')), 'file');
  await writeFile(path, bytes);
  return path;
}

export interface Solved {
  result: SolvedResult;
  astrometry: FieldGeometry & Astrometry;
  /** Reference pixel of the solution: the solver chooses it. */
  crpix: [number, number];
  log: string;
}

/** Solves a sky in a format and holds the answer against what `wcsinfo` says of the kept solution. */
export async function solveSky(sky: Sky, format: SkyFormat, params: SolveParamsInput = {}): Promise<Solved> {
  const { result, files, log } = await analyzeFile(await fileOf(sky, format), { timeout: 60, ...params });
  expect(result, log.slice(-3000)).toMatchObject({ ok: true });
  const solved = result as SolvedResult;
  const astrometry = solved.astrometry as Solved['astrometry'];
  const crpix = expectWcsinfo(astrometry, files['solution.wcs'] as string);
  return { result: solved, astrometry, crpix, log };
}

/** Equal to what astrometry.net's `wcsinfo` prints, to the digits that it prints. */
function expectWcsinfo(astrometry: Solved['astrometry'], path: string): [number, number] {
  const printed = execFileSync('wcsinfo', [path], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  const info = new Map(printed.split('\n').map((line) => line.split(' ') as [string, string]));
  const number = (name: string) => Number(info.get(name));
  expect(Math.abs(turn_deg(astrometry.ra_center, number('ra_center')))).toBeLessThan(2e-9);
  expect(astrometry.dec_center).toBeCloseTo(number('dec_center'), 8);
  expect(astrometry.pixscale_arcsec).toBeCloseTo(number('pixscale'), 7);
  expect(Math.abs(turn_deg(astrometry.orientation_deg, number('orientation')))).toBeLessThan(6e-4);
  expect(astrometry.parity).toBe(number('parity'));
  const unit = { degrees: 1, arcminutes: 60, arcseconds: 3600 }[info.get('fieldunits')!]!;
  expect(Math.abs(astrometry.fov_deg[0] * unit - number('fieldw'))).toBeLessThan(0.0051);
  expect(Math.abs(astrometry.fov_deg[1] * unit - number('fieldh'))).toBeLessThan(0.0051);
  return [number('crpix0'), number('crpix1')];
}

export interface Tolerance {
  /** @default 0.2 */
  centre_px?: number;
  /** @default 1.5 */
  corner_px?: number;
}

/** The answer is the truth, reckoned without any code of the package. */
export function expectTruth(
  { astrometry, crpix }: Solved,
  truth: Wcs,
  viewing: Viewing,
  { centre_px = 0.2, corner_px = 1.5 }: Tolerance = {},
): void {
  const geometry = trueGeometry(truth, viewing);
  const sky = projection(truth);
  const offset_px = (at: [number, number], ra: number, dec: number) => {
    const pixel = sky.toPixel(ra, dec) ?? [Number.NaN, Number.NaN];
    return Math.hypot(pixel[0] - at[0], pixel[1] - at[1]);
  };
  const middle: [number, number] = [(truth.width + 1) / 2, (truth.height + 1) / 2];
  expect(offset_px(middle, astrometry.ra_center, astrometry.dec_center), 'centre, pixels').toBeLessThan(
    centre_px,
  );

  const pixel_deg = pixscale_arcsec(truth) / 3600;
  astrometry.corners!.forEach((corner, i) => {
    const off = separation_deg(corner, geometry.corners[i]!) / pixel_deg;
    expect(off, `corner ${i}, pixels`).toBeLessThan(corner_px);
  });
  astrometry.fov_deg.forEach((size, i) => {
    expect(Math.abs(size - geometry.fov_deg[i]!) / pixel_deg, `fov ${i}, pixels`).toBeLessThan(2 * corner_px);
  });
  expect(astrometry.radius_deg / geometry.radius_deg).toBeCloseTo(1, 2);
  // The scale is that of the CD matrix: the solver may leave some of it to the distortion polynomial.
  expect(astrometry.pixscale_arcsec / pixscale_arcsec(truth)).toBeCloseTo(1, 2);
  expect(astrometry.parity).toBe(geometry.parity);
  expect(astrometry.mirrored).toBe(geometry.mirrored);

  const turned_px = corner_px / (Math.min(truth.width, truth.height) / 2);
  const angle_deg = (turned_px * 180) / Math.PI;
  expect(Math.abs(turn_deg(astrometry.display_up_deg, geometry.display_up_deg)), 'display_up').toBeLessThan(
    angle_deg,
  );
  // `orientation_deg` is that of the CD matrix, so it holds at the reference pixel.
  const up = directionOnSky_deg(truth, crpix, [0, 1]);
  expect(Math.abs(turn_deg(astrometry.orientation_deg, up)), 'orientation').toBeLessThan(
    Math.max(angle_deg, 0.3),
  );
}
