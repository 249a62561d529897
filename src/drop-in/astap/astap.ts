import { rm } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { AnalysisOutcome } from '../../analysis/analysis.js';
import { withAnalysis } from '../../analyze.js';
import { type AstapRemarks, astapIni, astapWcs, astapWcsText } from '../../export/astap.js';
import { exportFile } from '../../export/export.js';
import { parseHeader } from '../../fits/header.js';
import type { OpenedImage } from '../../image/image.js';
import { openImage } from '../../image/open.js';
import type { ErrorCode } from '../../job/error-codes.js';
import { AstroJobsError, toAstroJobsError } from '../../job/errors.js';
import type { SolveParamsInput } from '../../job/param-table.js';
import type { SolvedResult } from '../../job/result.js';
import { readOutcomeFile } from '../../store/outcome-file.js';
import { parseWcs } from '../../wcs/parse.js';
import { aboutCentre, rowsFromLast, tangentAtCentre } from '../../wcs/tangent.js';
import { outcomeSource } from '../outcome-source.js';
import { notWritten, writeOutput } from '../write-output.js';
import type { AstapArguments } from './arguments.js';
import { ASTAP_EXIT, astapFailure } from './failure.js';

/** The height that a capture program reckons from focal length and pixels is good to so much. */
const FOV_TOLERANCE = 1.4;

/** Where ASTAP's words go. */
export interface Voice {
  tell(line: string): void;
  warn(line: string): void;
}

const withExtension = (path: string, extension: string) =>
  `${path.slice(0, path.length - extname(path).length)}${extension}`;

/** Solves one image and leaves what ASTAP would leave. Resolves with the exit status. */
export async function solveAsAstap(
  given: AstapArguments,
  command: string,
  voice: Voice,
  signal: AbortSignal,
): Promise<number> {
  let log = `${command}\n`;
  const onLog = (text: string) => {
    log += text;
    if (given.progress) voice.tell(text.trimEnd());
  };
  const conclude = async (code: ErrorCode, message: string) => {
    const { exit, error } = astapFailure(code);
    voice.warn(message);
    // ASTAP's own words where it has some; of what it does not know the whole reason.
    const warning = error === undefined && code !== 'no_solution' ? message : undefined;
    await writeOutput(withExtension(given.output, '.ini'), astapIni(undefined, { command, error, warning }));
    return exit;
  };
  await removeStale(given);
  const solve = async () => {
    try {
      const image = await openImage(given.image);
      const params = { ...given.params, ...scaleOf(given, image), annotate: given.annotate };
      return await withAnalysis(given.image, params, { signal, onLog }, async (outcome) => {
        const { result } = outcome;
        if (!result.ok) return conclude(result.error_code, result.error);
        return writeSolution({ ...outcome, result }, image, given, { command }, voice);
      });
    } catch (error) {
      signal.throwIfAborted();
      const { code, message } = toAstroJobsError(error, given.image);
      if (code === 'storage_failed' && !(await isReadable(given.image)))
        return conclude('corrupt_image', message);
      if (astapFailure(code).exit === ASTAP_EXIT.badImage) return conclude(code, message);
      throw error;
    }
  };
  const exit = await solve();
  if (given.log) await writeOutput(withExtension(given.output, '.log'), log);
  return exit;
}

/** What an earlier run has left must not be taken for an answer. */
async function removeStale({ image, output }: AstapArguments): Promise<void> {
  for (const path of [withExtension(output, '.ini'), withExtension(output, '.wcs')]) {
    if (resolve(path) === resolve(image))
      throw new AstroJobsError('invalid_params', `The output ${path} would replace the image`);
    await rm(path, { force: true }).catch((error: unknown) => {
      throw notWritten(path, error);
    });
  }
}

async function isReadable(path: string): Promise<boolean> {
  return openImage(path).then(
    () => true,
    () => false,
  );
}

function scaleOf({ fov_deg }: AstapArguments, { height }: OpenedImage): SolveParamsInput {
  if (fov_deg === undefined || height < 1) return {};
  const arcsec = (3600 * fov_deg) / height;
  return {
    scale_units: 'arcsecperpix',
    scale_low: arcsec / FOV_TOLERANCE,
    scale_high: arcsec * FOV_TOLERANCE,
  };
}

async function writeSolution(
  outcome: AnalysisOutcome & { result: SolvedResult },
  image: OpenedImage,
  given: AstapArguments,
  remarks: AstapRemarks,
  { tell, warn }: Voice,
): Promise<number> {
  const { files, result } = outcome;
  const solution = files['solution.wcs'];
  if (solution === undefined)
    throw new AstroJobsError('invalid_solver_output', 'The solver has left no plate solution');
  const found = parseWcs(parseHeader(await readOutcomeFile(solution)));
  // ASTAP counts the rows of FITS files from the first, and those of all other images from the last one.
  const asAstap = (wcs: typeof found) => (image.kind === 'fits' ? wcs : rowsFromLast(wcs));
  const plain = asAstap(tangentAtCentre(found));
  const wcs = given.sip && !found.projection ? asAstap(aboutCentre(found)) : plain;
  const cards = image.fitsHeader?.cards;
  await writeOutput(
    withExtension(given.output, '.wcs'),
    given.wcsAsFits ? astapWcs(wcs, remarks, cards) : astapWcsText(wcs, remarks, cards),
  );
  const source = outcomeSource(given.image, outcome);
  const annotated = files['annotated.jpg'];
  if (annotated !== undefined)
    await writeOutput(withExtension(given.output, '_annotated.jpg'), await readOutcomeFile(annotated));
  const updated = !given.update || (await isUpdated(source, image, warn));
  await writeOutput(withExtension(given.output, '.ini'), astapIni(plain, remarks));
  const { ra_center, dec_center, fov_deg } = result.astrometry;
  tell(
    `Solution found: ${ra_center.toFixed(6)} ${dec_center.toFixed(6)} degrees, ${fov_deg.map((size) => size.toFixed(4)).join(' x ')} degrees`,
  );
  return updated ? ASTAP_EXIT.solved : ASTAP_EXIT.notUpdated;
}

/** Puts the solution into the image itself, or beside an image of another kind into a FITS file of its name. */
async function isUpdated(
  source: ReturnType<typeof outcomeSource>,
  { kind, path }: OpenedImage,
  warn: Voice['warn'],
): Promise<boolean> {
  try {
    const solved = await exportFile('new-fits', source);
    await writeOutput(kind === 'fits' ? path : withExtension(path, '.fits'), solved.read());
    return true;
  } catch (error) {
    warn(toAstroJobsError(error, 'Updating the image').message);
    return false;
  }
}
