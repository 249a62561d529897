import { addAbortSignal } from 'node:stream';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AstroJobs } from '../../astro-jobs.js';
import type { SolveParamsInput } from '../../job/params.js';
import type { JobStatus } from '../../job/status.js';
import { parseDuration, parseNumber } from '../options.js';

/** What `submit` and `solve` are given. */
export interface SubmissionOptions {
  image: string;
  filename?: string;
  scaleLow?: number;
  scaleHigh?: number;
  scaleUnits?: SolveParamsInput['scale_units'];
  downsample?: number;
  timeout?: number;
  ra?: number;
  dec?: number;
  radius?: number;
  parity?: 1 | -1;
  tweakOrder?: number;
  imageWidth?: number;
  imageHeight?: number;
  metadata: boolean;
  solver?: SolveParamsInput['solver'];
  annotate?: boolean;
  priority?: number;
  delay?: number;
  idempotencyKey?: string;
  rateKey?: string;
}

function parseParity(text: string): 1 | -1 {
  if (text === '1' || text === 'pos') return 1;
  if (text === '-1' || text === 'neg') return -1;
  throw new InvalidArgumentError('Expected 1 or -1, the sign of det CD.');
}

function parsePriority(text: string): number {
  const value = parseNumber(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('Expected a whole number.');
  return value;
}

/** The options that say which image, what is known of it, and how it shall be run. */
export function addSubmissionOptions(command: Command): Command {
  return command
    .addOption(
      new Option('-i, --image <path>', 'the photograph; - reads it from stdin').makeOptionMandatory(),
    )
    .option('--filename <name>', 'what to call it, when it comes from stdin')
    .optionsGroup('What you know about the field (a bound, never relaxed):')
    .option('--scale-low <n>', 'the image is at least this wide, in degrees', parseNumber)
    .option('--scale-high <n>', 'the image is at most this wide, in degrees', parseNumber)
    .addOption(
      new Option('--scale-units <unit>', 'other units for both').choices([
        'degwidth',
        'arcminwidth',
        'arcsecperpix',
        'focalmm',
      ]),
    )
    .option('--ra <deg>', 'look around this right ascension, degrees J2000', parseNumber)
    .option('--dec <deg>', 'and this declination', parseNumber)
    .option('--radius <deg>', 'within this radius', parseNumber)
    .option('--parity <sign>', '1 or -1, the sign of det CD', parseParity)
    .option('--image-width <px>', 'of the image that a source list was measured on', parseNumber)
    .option('--image-height <px>', 'and its height', parseNumber)
    .option('--no-metadata', 'take no hints from EXIF or FITS headers')
    .optionsGroup('How to solve:')
    .option('--downsample <n>', 'shrink by up to this before looking for stars (default: 2)', parseNumber)
    .option('--timeout <seconds>', 'wall-clock limit of the solve (default: 600)', parseNumber)
    .option('--tweak-order <n>', 'order of the SIP distortion, 0 for none (default: 2)', parseNumber)
    .addOption(new Option('--solver <name>', 'which solver').choices(['auto', 'solve-field', 'external']))
    .option('--annotate', 'keep output/annotated.jpg, the picture with its objects named')
    .optionsGroup('How to queue:')
    .option('--priority <n>', 'higher runs earlier (default: 0)', parsePriority)
    .option('--delay <duration>', 'not before this has passed: 90s, 10m, 2h', parseDuration)
    .option('--idempotency-key <key>', 'the same key again gives the first job again')
    .option('--rate-key <key>', 'whose job it is, for fair shares')
    .optionsGroup('Options:');
}

function paramsOf(options: SubmissionOptions): SolveParamsInput {
  const given = {
    scale_low: options.scaleLow,
    scale_high: options.scaleHigh,
    scale_units: options.scaleUnits,
    downsample: options.downsample,
    timeout: options.timeout,
    ra: options.ra,
    dec: options.dec,
    radius: options.radius,
    parity: options.parity,
    tweak_order: options.tweakOrder,
    image_width: options.imageWidth,
    image_height: options.imageHeight,
    use_metadata: options.metadata,
    solver: options.solver,
    annotate: options.annotate,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Makes the job; when it resolves the job is durable and somebody will run it. */
export function submit(jobs: AstroJobs, options: SubmissionOptions, signal: AbortSignal): Promise<JobStatus> {
  const image = options.image === '-' ? addAbortSignal(signal, process.stdin) : options.image;
  return jobs.submit(image, paramsOf(options), {
    signal,
    filename: options.filename,
    priority: options.priority,
    delaySeconds: options.delay,
    idempotencyKey: options.idempotencyKey,
    rateKey: options.rateKey,
  });
}
