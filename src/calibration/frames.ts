import type { Analyze } from '../analysis/analysis.js';
import { FEWEST_IN_FRAME, type SolvedFrame } from '../engine/calibration/calibrated-lens.js';
import { parseHeader } from '../fits/header.js';
import { readTable } from '../fits/table.js';
import type { OutcomeFile } from '../job/outcome-file.js';
import type { SolveParams } from '../job/param-table.js';
import type { JobResult } from '../job/result.js';
import { identifyOptics } from '../optics/identity.js';
import { makeScratch } from '../process/scratch.js';
import { readOutcomeFile } from '../store/outcome-file.js';
import { parseWcs } from '../wcs/parse.js';
import type { Wcs } from '../wcs/wcs.js';
import type { CalibratedFrame } from './report.js';

/** An image that was solved, and what of it is of use for a lens. */
export interface UsableFrame extends SolvedFrame {
  image: string;
  /** Camera and optics, for a person, where the metadata name them. */
  optics: string | undefined;
}

export type Frame = UsableFrame | (CalibratedFrame & { used: false });

export interface FrameContext {
  signal: AbortSignal;
  scratchDir?: string | undefined;
  log(text: string): void;
}

/** Solves one image, and says what of it is of use. */
export async function solveFrame(
  analyze: Analyze,
  image: string,
  params: SolveParams,
  { signal, scratchDir, log }: FrameContext,
): Promise<Frame> {
  signal.throwIfAborted();
  await using scratch = await makeScratch(scratchDir);
  const { result, files } = await analyze(image, params, {
    filename: image,
    scratch: scratch.path,
    signal,
    log,
    onProgress: () => {},
  });
  signal.throwIfAborted();
  if (!result.ok) return { image, used: false, why: result.error, error_code: result.error_code };
  // Its files go with the scratch folder.
  return await usableFrame(image, result, files);
}

async function usableFrame(
  image: string,
  result: JobResult & { ok: true },
  files: Readonly<Record<string, OutcomeFile>>,
): Promise<Frame> {
  const refuse = (why: string): Frame => ({ image, used: false, why });
  const [wcsFile, pairsFile] = [files['solution.wcs'], files['solution.corr']];
  if (!wcsFile || !pairsFile) return refuse('the solver does not tell which stars it has matched');
  const wcs = parseWcs(parseHeader(await readOutcomeFile(wcsFile)));
  const table = await readTable(pairsFile);
  const pairs = {
    x: table.column('FIELD_X'),
    y: table.column('FIELD_Y'),
    ra_deg: table.column('INDEX_RA'),
    dec_deg: table.column('INDEX_DEC'),
  };
  if (pairs.x.length < FEWEST_IN_FRAME) return refuse(`only ${pairs.x.length} stars are matched`);
  return { image, wcs, pairs, optics: identifyOptics(result.capture)?.optics };
}

/** How much scales of one lens differ: focus and temperature, and what a fit to few stars leaves open. */
const SCALE_MARGIN = 1.02;

/** Sorts out what was not taken through the lens that most images were taken through. */
export function ofOneLens(frames: readonly Frame[]): Frame[] {
  const usable = frames.filter(isUsable);
  const size = ({ wcs }: UsableFrame) => `${wcs.width} × ${wcs.height} pixels`;
  const kindOf = commonest(usable.map(isFisheye));
  const ofKind = usable.filter((frame) => isFisheye(frame) === kindOf);
  const ofSize = ofKind.filter((frame) => size(frame) === commonest(ofKind.map(size)));
  const ofOptics = ofSize.filter(({ optics }) => optics === commonest(ofSize.map((frame) => frame.optics)));
  const scales = ofOptics.map(({ wcs }) => scaleOf(wcs)).sort((a, b) => a - b);
  const scale = scales[scales.length >> 1] ?? 1;
  return frames.map((frame) => {
    if (!isUsable(frame)) return frame;
    const refuse = (why: string): Frame => ({ image: frame.image, used: false, why });
    if (!ofKind.includes(frame))
      return refuse(`${isFisheye(frame) ? 'of a fisheye lens' : 'of no fisheye lens'}; most others are not`);
    if (!ofSize.includes(frame)) return refuse(`of ${size(frame)}; most others are not`);
    if (!ofOptics.includes(frame))
      return refuse(`taken with ${frame.optics ?? 'optics that it does not name'}; most others are not`);
    const ratio = scaleOf(frame.wcs) / scale;
    if (Math.max(ratio, 1 / ratio) > SCALE_MARGIN)
      return refuse(`its scale is ${ratio.toFixed(3)} times that of the others`);
    return frame;
  });
}

export function isUsable(frame: Frame): frame is UsableFrame {
  return 'wcs' in frame;
}

export function isFisheye({ wcs }: UsableFrame): boolean {
  return wcs.projection !== undefined;
}

/** Degrees a pixel. */
function scaleOf({ cd: [[a, b], [c, d]] }: Wcs): number {
  return Math.sqrt(Math.abs(a * d - b * c));
}

/** The value that is there most often, of several the first. */
function commonest<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
