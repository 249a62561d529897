import { LIMITS } from './limits.js';
import type { Quantity } from './quantity.js';
import type { Dimension } from './units.js';

/** A keyword, and the unit of its values where neither they nor their comments name one. */
type Source = string | readonly [keyword: string, customary: string];

export type TextField =
  | 'camera_model'
  | 'lens_model'
  | 'telescope'
  | 'filter'
  | 'object'
  | 'observer'
  | 'software';
export type NumberField =
  | 'exposure'
  | 'iso'
  | 'f_number'
  | 'gain'
  | 'offset'
  | 'ccd_temp_c'
  | 'focal_length_mm';

export interface NumberRule extends Omit<Quantity, 'measure'> {
  dimension?: Dimension;
  /** Of the field. */
  unit?: string;
  /** The best first. */
  sources: readonly Source[];
}

/** Numbers that camera drivers and programs return when they have none. */
const SENTINELS = [-1, -999, -9999, 65_535];

/** The FITS keywords of each text field, the best first. */
export const FITS_TEXTS: Readonly<Record<TextField, readonly string[]>> = {
  camera_model: ['INSTRUME', 'CAMERA', 'CAMNAME', 'CAMMODEL', 'DETECTOR'],
  lens_model: ['LENS', 'LENSNAME'],
  telescope: ['TELESCOP', 'TELNAME'],
  filter: ['FILTER', 'FILTER1', 'FILTNAM', 'FILT-1'],
  object: ['OBJECT', 'OBJNAME', 'TARGET', 'TARGNAME', 'FIELD'],
  observer: ['OBSERVER', 'AUTHOR'],
  software: ['SWCREATE', 'CREATOR', 'PROGRAM', 'SOFTWARE', 'SWVERSIO', 'HISTSW'],
};

/** The FITS keywords of each number, the best first. */
export const FITS_NUMBERS: Readonly<Record<NumberField, NumberRule>> = {
  exposure: {
    dimension: 'time',
    unit: 's',
    bounds: LIMITS.exposure,
    unknown: [0, ...SENTINELS],
    sources: [
      'EXPTIME',
      'EXPOSURE',
      'EXP',
      'EXP_TIME',
      'EXPOTIME',
      'ITIME',
      ['EXPOINUS', 'us'],
      'LIVETIME',
      'TOTALEXP',
    ],
  },
  iso: {
    bounds: LIMITS.iso,
    unknown: [0, ...SENTINELS],
    prefix: /^iso\s*/i,
    sources: ['ISOSPEED', 'ISO', 'ISO-SPD'],
  },
  f_number: {
    bounds: LIMITS.f_number,
    unknown: [0, ...SENTINELS],
    prefix: /^(?:f\s*\/?|1\s*:)\s*/i,
    sources: ['FOCRATIO', 'FNUMBER', 'F-NUMBER', 'FRATIO', 'F_RATIO'],
  },
  gain: { bounds: LIMITS.gain, unknown: SENTINELS, sources: ['GAIN', 'GAINRAW'] },
  offset: { bounds: LIMITS.offset, unknown: SENTINELS, sources: ['OFFSET', 'BLKLEVEL'] },
  ccd_temp_c: {
    dimension: 'temperature',
    unit: 'degC',
    bounds: LIMITS.ccd_temp_c,
    unknown: [-99, 999, ...SENTINELS.filter((value) => value !== -1)],
    sources: ['CCD-TEMP', 'CCD_TEMP', 'CCDTEMP', 'TEMPERAT', 'DET-TEMP', 'CAMTEMP'],
  },
  focal_length_mm: {
    dimension: 'length',
    unit: 'mm',
    bounds: LIMITS.telescope_focal_length_mm,
    unknown: [0, ...SENTINELS],
    sources: ['FOCALLEN', 'FOCAL', 'FOCALLENGTH', 'FOCLEN', 'TELFOCAL', ['FLENGTH', 'm']],
  },
};

/** The quantity that a keyword of a number holds. */
export function quantityOf({ dimension, unit, sources, ...rule }: NumberRule, keyword: string): Quantity {
  if (dimension === undefined || unit === undefined) return rule;
  const source = sources.find((other) => typeof other !== 'string' && other[0] === keyword);
  return { ...rule, measure: { dimension, unit, customary: source?.[1] ?? unit } };
}

export const keywordsOf = ({ sources }: NumberRule): string[] =>
  sources.map((source) => (typeof source === 'string' ? source : source[0]));
