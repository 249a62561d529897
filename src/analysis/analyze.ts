import { abortable } from '../async/abortable.js';
import { anySignal } from '../async/any-signal.js';
import type { ImageHints } from '../capture/hints.js';
import { type FieldOptions, prepareFields } from '../catalog/objects-in-field.js';
import type { ImageReader } from '../decoding/image-reader.js';
import { exposureOf } from '../ephemeris/exposure.js';
import type { ImageLimits, OpenedImage } from '../image/image.js';
import { AstroJobsError, toAstroJobsError } from '../job/errors.js';
import { failedResult, type Learned } from '../job/failed-result.js';
import type { OutcomeFile } from '../job/outcome-file.js';
import type { SolveParams } from '../job/param-table.js';
import { withCalibration } from '../optics/guess.js';
import type { OpticsMemory } from '../optics/memory.js';
import { chooseSolver } from '../solver/choose.js';
import type { Solver } from '../solver/solver.js';
import { negativeOf } from '../stars/negative.js';
import type { AnalysisContext, AnalysisOutcome, Analyze } from './analysis.js';
import { Measuring } from './measuring.js';
import { moversOf } from './movers.js';
import { Remembering } from './remembering.js';
import { solvedDocument } from './solved-document.js';
import { writeExports } from './write-exports.js';

/** What an analysis is built of; the same for every image. */
export interface AnalyzerOptions {
  /** The preferred first. */
  solvers: readonly Solver[];
  limits?: Partial<ImageLimits>;
  /** Looks into images. */
  reader: ImageReader;
  /** How many CPU cores the next image may keep busy. */
  cores(): number;
  /** Files and folders with elements of what moves. */
  elements?: readonly string[];
  /** Which objects are listed. */
  objects?: FieldOptions;
  /** What the images before it have taught. @default nothing is remembered */
  memory?: OpticsMemory | undefined;
}

const NO_HINTS: ImageHints = { scales: [], positions: [] };

/** What is known so far, for the document of a failure, and the files of a search that found nothing. */
interface Progressed extends Learned {
  files: Record<string, OutcomeFile>;
}

export function createAnalyzer(options: AnalyzerOptions): Analyze {
  return async (path, params, context) => {
    const learned: Progressed = { filename: context.filename, files: {} };
    const timeout = new AbortController();
    const timer = setTimeout(
      () =>
        timeout.abort(
          new AstroJobsError('timeout', `Not solved within ${params.timeout} s; give a scale or more time`),
        ),
      params.timeout * 1000,
    );
    const signal = anySignal(context.signal, timeout.signal);
    try {
      const outcome = await runPipeline(options, path, params, { ...context, signal }, learned);
      const { reader } = options;
      return await writeExports(outcome, { ...context, path, params, reader, signal });
    } catch (error) {
      const reason: unknown = signal.aborted ? signal.reason : error;
      if (signal.aborted && !(reason instanceof AstroJobsError)) throw reason;
      return failed(toAstroJobsError(reason, 'Analysing the image'), learned);
    } finally {
      clearTimeout(timer);
    }
  };
}

async function runPipeline(
  options: AnalyzerOptions,
  path: string,
  params: SolveParams,
  context: AnalysisContext,
  learned: Progressed,
): Promise<AnalysisOutcome> {
  const { log, onProgress, filename, scratch, signal } = context;
  const note = (line: string) => log(`[astro-jobs] ${line}\n`);

  onProgress({ stage: 'reading' });
  const { reader } = options;
  const opening = { ...options.limits, extension: params.extension ?? undefined };
  // Beside the first image, which is read and searched elsewhere.
  const fieldsReady = prepareFields();
  fieldsReady.catch(() => {});
  const reading = await reader.read(
    path,
    {
      ...opening,
      listWidth: params.image_width ?? undefined,
      listHeight: params.image_height ?? undefined,
    },
    signal,
  );
  const { image, capture } = reading;
  note(`${image.kind}, ${image.width} × ${image.height} pixels`);
  learned.capture = capture;
  requireSize(image);
  for (const line of image.notes) note(line);
  for (const { key, value, why } of capture.notes ?? [])
    note(`${key} ${JSON.stringify(value)} is left out: ${why}`);
  for (const line of reading.hintNotes) note(line);
  const memory = params.use_metadata ? options.memory : undefined;
  const remembering = new Remembering({ memory, capture, owner: context.owner, note });
  const remembered = await abortable(remembering.addTo(reading.hints), signal);
  // What the caller gave guides the search also where nothing else shall.
  const hints = params.calibration
    ? withCalibration(params.use_metadata ? remembered : NO_HINTS, params.calibration)
    : remembered;
  const solver = await abortable(chooseSolver(options.solvers, params.solver), signal);
  await using measuring = new Measuring({ reading, params, limits: options.limits, signal, note });
  const outcome = await solver.solve(
    { image: params.invert ? asNegative(image) : measuring.image, params, hints },
    { scratch, cores: options.cores(), signal, log, onProgress, onAttempt: context.onAttempt },
  );
  if (outcome.kind === 'document') return { result: outcome.document, files: outcome.files };
  learned.solve = outcome.report;
  learned.sources = outcome.sources && { detected: outcome.sources.detected };
  learned.files = outcome.files;
  if (outcome.kind === 'failed') return failed(new AstroJobsError(outcome.code, outcome.message), learned);

  onProgress({ stage: 'identifying' });
  await fieldsReady;
  const exposure = exposureOf(capture);
  const movers = await moversOf({
    wcs: outcome.wcs,
    exposure,
    site: capture.gps,
    elements: params.moving_objects ? (options.elements ?? []) : [],
    magnitude: options.objects?.magnitude,
    signal,
  });
  for (const line of movers?.notes ?? []) note(line);
  const solved = solvedDocument({
    filename,
    image,
    capture,
    plate: outcome,
    objects: options.objects,
    exposure,
    movers,
  });
  await remembering.learn(solved.astrometry, outcome);
  onProgress({ stage: 'measuring' });
  const measured = await measuring.of(solved, outcome.wcs);
  const result = { ...solved, ...measured.document };
  const files = { ...outcome.files, ...measured.files };
  if (!params.annotate) return { result, files };

  onProgress({ stage: 'drawing' });
  try {
    const picture = await reader.annotate(path, opening, { result, wcs: outcome.wcs }, signal);
    return { result, files: { ...files, 'annotated.jpg': picture } };
  } catch (error) {
    // The solution is what was asked for; the picture can be drawn again from it.
    note(
      `The annotated picture could not be drawn: ${error instanceof Error ? error.message : String(error)}`,
    );
    return { result, files };
  }
}

/**
 * A list of stars says rarely on what they were measured; then the caller has to.
 * @throws AstroJobsError `invalid_params`
 */
function requireSize({ kind, width, height }: OpenedImage): void {
  if (kind !== 'source-list' || (width > 0 && height > 0)) return;
  throw new AstroJobsError(
    'invalid_params',
    'A list of stars needs the size of the image that they were measured on: give image_width and image_height in pixels',
  );
}

/** The image with dark and bright exchanged, for what looks for its stars. */
function asNegative({ findStars: _ofTheBright, ...image }: OpenedImage): OpenedImage {
  return { ...image, grey: async (...asked) => negativeOf(await image.grey(...asked)) };
}

function failed(error: AstroJobsError, { files, ...learned }: Progressed): AnalysisOutcome {
  return { result: failedResult(error, learned), files };
}
