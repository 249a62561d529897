import {
  AstroJobsError,
  isScaleUnit,
  PARAM_TABLE,
  type Param,
  SCALE_UNITS,
  type ScaleUnits,
  type SolveParamsInput,
} from '../../index.js';
import type { NovaArguments } from './arguments.js';

/**
 * Nova's upload settings as parameters. What it has and this library has no use for (licences, visibility, album,
 * `use_sextractor`, `crpix_center`, `positional_error`) is read past. Its default bounds of 0.1° to 180° are no
 * bounds here: without any, the metadata of the image may narrow the search.
 *
 * @throws AstroJobsError `invalid_params`
 */
export function paramsFromNova(args: NovaArguments): SolveParamsInput {
  const downsample = numeric(args, 'downsample_factor');
  const tweak = numeric(args, 'tweak_order');
  return defined({
    ...scale(args),
    ...centre(args),
    downsample: downsample === undefined ? undefined : within(downsample, PARAM_TABLE.downsample),
    tweak_order: tweak === undefined ? undefined : within(tweak, PARAM_TABLE.tweak_order),
    parity: parity(args),
    invert: flag(args, 'invert'),
    image_width: numeric(args, 'image_width'),
    image_height: numeric(args, 'image_height'),
  });
}

/** The nearest whole number that the parameter allows. */
function within(value: number, param: Param): number {
  if (param.kind !== 'integer') return value;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = param;
  return Math.min(max, Math.max(min, Math.round(value)));
}

function scale(args: NovaArguments): SolveParamsInput {
  const units = args.scale_units ?? 'degwidth';
  if (!isScaleUnit(units)) {
    throw new AstroJobsError('invalid_params', `Expected scale_units to be one of ${SCALE_UNITS.join(', ')}`);
  }
  const estimate = numeric(args, 'scale_est');
  const byEstimate =
    args.scale_type === 'ev' || (args.scale_type === undefined && args.scale_lower === undefined);
  if (byEstimate && estimate !== undefined) {
    const error = Math.min(99, Math.max(0, numeric(args, 'scale_err') ?? 10)) / 100;
    return bounds(estimate * (1 - error), estimate * (1 + error), units);
  }
  return bounds(numeric(args, 'scale_lower'), numeric(args, 'scale_upper'), units);
}

function bounds(
  low: number | undefined,
  high: number | undefined,
  scale_units: ScaleUnits,
): SolveParamsInput {
  const positive = (value: number | undefined) => (value !== undefined && value > 0 ? value : undefined);
  return { scale_low: positive(low), scale_high: positive(high), scale_units };
}

/** Nova looks around a centre only when it has all three; and RA 0 and Dec 0 are places like any other. */
function centre(args: NovaArguments): SolveParamsInput {
  const [ra, dec, radius] = [
    numeric(args, 'center_ra'),
    numeric(args, 'center_dec'),
    numeric(args, 'radius'),
  ];
  if (ra === undefined || dec === undefined || radius === undefined || radius <= 0) return {};
  return { ra: ((ra % 360) + 360) % 360, dec, radius: Math.min(180, radius) };
}

/** 0 is astrometry.net's `pos`, which is a negative determinant of CD; 1 is `neg`; 2 is either. */
function parity(args: NovaArguments): -1 | 1 | undefined {
  const given = numeric(args, 'parity');
  if (given === 0) return -1;
  return given === 1 ? 1 : undefined;
}

/** Absent is no; clients of old send words or numbers. */
function flag(args: NovaArguments, key: string): true | undefined {
  const given = args[key];
  return given === true || given === 1 || (typeof given === 'string' && /^(true|1|yes|on)$/i.test(given))
    ? true
    : undefined;
}

function numeric(args: NovaArguments, key: string): number | undefined {
  const given = args[key];
  if (given === undefined || given === null || given === '') return undefined;
  const value = typeof given === 'string' ? Number(given) : given;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new AstroJobsError(
    'invalid_params',
    `Expected ${key} to be a number, got ${JSON.stringify(given).slice(0, 80)}`,
  );
}

function defined<T extends object>(params: T): T {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)) as T;
}
