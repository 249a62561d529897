import type { Param } from './param-kinds.js';
import { SCALE_UNITS } from './scale-units.js';
import type { SolveParams } from './types/solve-params.js';

const TABLE = {
  scale_low: {
    kind: 'number',
    above: 0,
    unit: 'scale units',
    default: null,
    text: 'the image is at least this wide, in degrees or in `scale_units`',
    flag: '--scale-low <n>',
    group: 'field',
  },
  scale_high: {
    kind: 'number',
    above: 0,
    unit: 'scale units',
    default: null,
    text: 'the image is at most this wide, in degrees or in `scale_units`',
    flag: '--scale-high <n>',
    group: 'field',
  },
  scale_units: {
    kind: 'choice',
    choices: SCALE_UNITS,
    default: 'degwidth',
    text: 'units of `scale_low` and `scale_high`',
    flag: '--scale-units <unit>',
    group: 'field',
  },
  ra: {
    kind: 'number',
    min: 0,
    max: 360,
    unit: 'degrees',
    default: null,
    text: 'right ascension of the centre to search around, J2000; needs `dec` and `radius`',
    flag: '--ra <deg|h:m:s>',
    group: 'field',
  },
  dec: {
    kind: 'number',
    min: -90,
    max: 90,
    unit: 'degrees',
    default: null,
    text: 'declination of that centre, J2000',
    flag: '--dec <deg|d:m:s>',
    group: 'field',
  },
  radius: {
    kind: 'number',
    above: 0,
    max: 180,
    unit: 'degrees',
    default: null,
    text: 'radius of the search around it',
    flag: '--radius <deg>',
    group: 'field',
  },
  parity: {
    kind: 'choice',
    choices: [1, -1],
    words: { pos: 1, neg: -1 },
    default: null,
    text: 'sign of det CD, where it is known',
    flag: '--parity <sign>',
    group: 'field',
  },
  image_width: {
    kind: 'number',
    above: 0,
    unit: 'pixels',
    default: null,
    text: 'width of the image that a source list was measured on',
    flag: '--image-width <px>',
    group: 'field',
  },
  image_height: {
    kind: 'number',
    above: 0,
    unit: 'pixels',
    default: null,
    text: 'height of that image',
    flag: '--image-height <px>',
    group: 'field',
  },
  extension: {
    kind: 'text',
    maxLength: 68,
    default: null,
    text: 'which picture of several: number (0 is the primary unit) or EXTNAME in FITS, page (from 1) in TIFF',
    flag: '--extension <n|name>',
    group: 'field',
  },
  use_metadata: {
    kind: 'flag',
    default: true,
    text: 'whether scale and pointing from EXIF and FITS headers, and the last image of the same camera, may guide the search',
    flag: '--no-metadata',
    group: 'field',
  },
  moving_objects: {
    kind: 'flag',
    default: true,
    text: 'whether asteroids, comets and satellites are looked for, where files of their elements are known',
    flag: '--no-moving-objects',
    group: 'solve',
  },
  calibration: {
    kind: 'document',
    expected: 'a calibration, as `astro-jobs calibrate` writes it',
    default: null,
    text: 'what is known of the lens, a first guess and no bound: the document that `calibrate` or the export `calibration` made',
    flag: '--calibration <file>',
    group: 'field',
  },
  invert: {
    kind: 'flag',
    default: false,
    text: 'the picture is a negative, dark stars on a bright sky; without it that is tried where next to no bright ones are found, and where the background is bright',
    flag: '--invert',
    group: 'field',
  },
  downsample: {
    kind: 'integer',
    min: 1,
    max: 64,
    default: 2,
    text: 'the image may be shrunk by up to this factor before stars are looked for',
    flag: '--downsample <n>',
    group: 'solve',
  },
  timeout: {
    kind: 'number',
    above: 0,
    max: 86_400,
    unit: 'seconds',
    default: 600,
    text: 'wall-clock limit of one attempt at the job',
    flag: '--timeout <duration>',
    group: 'solve',
  },
  tweak_order: {
    kind: 'integer',
    min: 0,
    max: 9,
    default: 5,
    text: 'highest order of the SIP distortion polynomial; the lowest that fits is taken, 0 allows only a plain tangent plane',
    flag: '--tweak-order <n>',
    group: 'solve',
  },
  solver: {
    kind: 'name',
    default: 'auto',
    text: '`auto`, `builtin`, `solve-field`, `external`, or the name of a solver that the host registered',
    flag: '--solver <name>',
    group: 'solve',
  },
  measure: {
    kind: 'flag',
    default: true,
    text: 'whether sharpness, brightness and sky are measured in the pixels of the solved image',
    flag: '--no-measure',
    group: 'solve',
  },
  annotate: {
    kind: 'flag',
    default: false,
    text: 'keep `output/annotated.jpg`, the picture with its objects named',
    flag: '--annotate',
    group: 'solve',
  },
} as const satisfies Record<string, Param>;

/** The name of a parameter. */
export type ParamName = keyof typeof TABLE;

/**
 * Every parameter of a solve, once: validation, command line, forms, OpenAPI, the page's form and the docs derive from it. `null` as
 * the default means: not given. What the caller gives is a bound, never relaxed; what the image's metadata say is only a hint.
 */
export const PARAM_TABLE: Readonly<Record<ParamName, Param>> = TABLE;

export type { SolveParams } from './types/solve-params.js';

/** Parameters as a caller gives them: every field optional, `null` where nothing is given. */
export type SolveParamsInput = { [K in keyof SolveParams]?: SolveParams[K] | undefined };

/** Names of the parameters. */
export const PARAM_NAMES = Object.keys(PARAM_TABLE) as ParamName[];

/** What is declared of a parameter. */
export function paramOf(name: ParamName): Param {
  return PARAM_TABLE[name];
}

export function isParamName(name: string): name is ParamName {
  return Object.hasOwn(PARAM_TABLE, name);
}

/** Those of a stored job that are of this table: another program may have written more. */
export function knownParams(params: Partial<SolveParams>): SolveParamsInput {
  return Object.fromEntries(Object.entries(params).filter(([name]) => isParamName(name)));
}
