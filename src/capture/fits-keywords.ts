import type { FitsHeader } from '../fits/header.js';
import { recordPointing } from './fits-pointing.js';
import { recordSite } from './fits-site.js';
import { recordTime } from './fits-time.js';
import {
  type Bounds,
  FOCAL_LENGTH_MM,
  firstNumber,
  firstString,
  readBinning,
  readFocalLength,
  readPixelSize,
} from './fits-values.js';
import type { CaptureRecord } from './record.js';

type TextField = 'camera_model' | 'lens_model' | 'telescope' | 'filter' | 'object' | 'observer' | 'software';
type NumberField = 'exposure' | 'iso' | 'f_number' | 'gain' | 'offset' | 'ccd_temp_c';

const TEXTS: Readonly<Record<TextField, readonly string[]>> = {
  camera_model: ['INSTRUME', 'CAMERA', 'CAMNAME', 'DETECTOR'],
  lens_model: ['LENS', 'LENSNAME'],
  telescope: ['TELESCOP', 'TELNAME'],
  filter: ['FILTER', 'FILTER1', 'FILTNAM', 'FILT-1'],
  object: ['OBJECT', 'OBJNAME', 'TARGET', 'TARGNAME', 'FIELD'],
  observer: ['OBSERVER', 'AUTHOR'],
  software: ['SWCREATE', 'CREATOR', 'PROGRAM', 'SOFTWARE', 'SWVERSIO', 'HISTSW'],
};

const NUMBERS: Readonly<Record<NumberField, { keywords: readonly string[]; bounds: Bounds }>> = {
  exposure: {
    keywords: ['EXPTIME', 'EXPOSURE', 'EXP', 'EXP_TIME', 'LIVETIME', 'TOTALEXP'],
    bounds: [0, 1e7],
  },
  iso: { keywords: ['ISOSPEED', 'ISO', 'ISO-SPD'], bounds: [1, 1e7] },
  f_number: { keywords: ['FOCRATIO', 'FNUMBER', 'F-NUMBER', 'FRATIO'], bounds: [0.3, 500] },
  gain: { keywords: ['GAIN', 'GAINRAW'], bounds: [-1e4, 1e5] },
  offset: { keywords: ['OFFSET', 'BLKLEVEL'], bounds: [-1e5, 1e6] },
  ccd_temp_c: {
    keywords: ['CCD-TEMP', 'CCD_TEMP', 'CCDTEMP', 'TEMPERAT', 'DET-TEMP', 'CAMTEMP'],
    bounds: [-200, 120],
  },
};

/** Values that mean that there is none. */
const NOTHING = /^(?:none|invalid|unknown|undefined|null|n\/?a|-|0)$/i;

function recordBayerPattern(header: FitsHeader, record: CaptureRecord): void {
  const found = firstString(header, ['BAYERPAT', 'CFAIMAGE', 'COLORTYP', 'CFA-PAT']);
  if (found && /^[RGBCMYEW]{4,36}$/i.test(found.value)) {
    record.set('bayer_pattern', found.value.toUpperCase(), `FITS ${found.keyword}`);
  }
}

function recordOptics(header: FitsHeader, record: CaptureRecord): void {
  const focal = readFocalLength(header);
  // 0 is how programs write that nobody has told them.
  if (focal && focal.value !== 0) {
    record.setNumber('focal_length_mm', focal.value, `FITS ${focal.keyword}`, ...FOCAL_LENGTH_MM);
  }
  const pixel = readPixelSize(header);
  if (pixel) record.set('pixel_size_um', pixel.value, `FITS ${pixel.keyword}`);
  const binning = readBinning(header);
  if (binning) record.set('binning', binning.value, `FITS ${binning.keyword}`);
}

/** Fills the record from the header of a FITS image, whichever program wrote it. */
export function recordFits(header: FitsHeader, record: CaptureRecord): void {
  recordTime(header, record);
  for (const [field, keywords] of Object.entries(TEXTS) as [TextField, readonly string[]][]) {
    const found = firstString(header, keywords);
    if (found && !NOTHING.test(found.value)) record.setText(field, found.value, `FITS ${found.keyword}`);
  }
  for (const [field, { keywords, bounds }] of Object.entries(NUMBERS) as [
    NumberField,
    (typeof NUMBERS)[NumberField],
  ][]) {
    const found = firstNumber(header, keywords);
    const unset = found?.value === 0 && (field === 'iso' || field === 'f_number');
    if (found && !unset) record.setNumber(field, found.value, `FITS ${found.keyword}`, ...bounds);
  }
  recordOptics(header, record);
  recordBayerPattern(header, record);
  recordSite(header, record);
  recordPointing(header, record);
}
