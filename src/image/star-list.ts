import { openFits } from '../fits/hdu.js';
import { type FitsHeader, inheritHeader } from '../fits/header.js';
import { readTable } from '../fits/table.js';
import type { AstroJobsError } from '../job/errors.js';
import { unsupportedImage } from './errors.js';
import { type ByteReader, withImageFile } from './file.js';
import { isUnit } from './fits-units.js';
import type { ImageLimits, MeasuredImage, OpenOptions } from './image.js';
import { isSkyCatalogue, type StarTable, starColumns, starsOf } from './star-columns.js';
import { parseTextTable, textColumn, textColumns } from './star-text.js';

const MAX_FIELDS = 999;
/** Lists with more than about a million stars. */
const MAX_TEXT_BYTES = 1 << 26;

function skyCatalogue(): AstroJobsError {
  return unsupportedImage(
    'a catalogue of positions on the sky, without positions in an image',
    'give the image, or a list with the columns X and Y in pixels',
  );
}

const withoutPixels = async () => {
  throw unsupportedImage('a list of stars without pixels', 'give the image that they were found in');
};

function columnNames(header: FitsHeader): string[] {
  const fields = Math.min(header.number('TFIELDS') ?? 0, MAX_FIELDS);
  return Array.from({ length: fields }, (_, i) => header.string(`TTYPE${i + 1}`)?.toUpperCase() ?? '');
}

/**
 * The first table of a FITS file that holds positions in an image (`.axy`, `.xyls`, SExtractor's FITS_1.0 and FITS_LDAC,
 * photutils); `undefined` when the file has none.
 * @throws AstroJobsError `unsupported_image` when its tables hold positions on the sky alone.
 */
export async function measureStarTable(
  path: string,
  { maxBytes, extension }: Pick<ImageLimits, 'maxBytes'> & Pick<OpenOptions, 'extension'>,
): Promise<MeasuredImage | undefined> {
  const file = await openFits(path, { maxExpandedBytes: maxBytes });
  let onTheSky = false;
  try {
    let primary: FitsHeader | undefined;
    for await (const hdu of file.hdus()) {
      const { type, index, header: own } = hdu;
      primary ??= own;
      if (type !== 'BINTABLE' || (extension !== undefined && !isUnit(hdu, extension))) continue;
      const names = columnNames(own);
      const columns = starColumns(names);
      onTheSky ||= isSkyCatalogue(names);
      if (!columns) continue;
      const header = inheritHeader(own, primary);
      const size = (keyword: string) => Math.max(0, Math.round(header.number(keyword) ?? 0));
      const stars = async (): Promise<StarTable> => {
        const table = await readTable(path, index, { maxExpandedBytes: maxBytes });
        return starsOf(columns, (name) => firstOfEach(table.column(name), table.rows));
      };
      return {
        kind: 'source-list',
        width: size('IMAGEW'),
        height: size('IMAGEH'),
        rowOrder: 'bottom-up',
        exifOrientation: 1,
        fitsHeader: header,
        notes: [...header.notes],
        stars,
        decode: withoutPixels,
      };
    }
  } finally {
    await file.close();
  }
  if (onTheSky) throw skyCatalogue();
  return undefined;
}

/** Of a column of vectors, such as fluxes in several apertures, the first element of each. */
function firstOfEach(values: Float64Array, rows: number): Float64Array {
  const step = Math.max(1, Math.floor(values.length / Math.max(1, rows)));
  return step === 1
    ? values
    : Float64Array.from({ length: rows }, (_, row) => values[row * step] ?? Number.NaN);
}

/** @throws AstroJobsError `unsupported_image` for a text that is no list of positions in an image */
export async function measureStarText(path: string, file: ByteReader): Promise<MeasuredImage> {
  const table = parseTextTable((await file.read(0, MAX_TEXT_BYTES)).toString('latin1'));
  const columns = textColumns(table);
  if (!columns) {
    if (isSkyCatalogue(table.names)) throw skyCatalogue();
    throw unsupportedImage(
      `a table of ${table.names.slice(0, 8).join(', ')}`,
      'name the columns X and Y, in pixels, for a list of stars',
    );
  }
  const stars = async (): Promise<StarTable> =>
    withImageFile(path, async (again) => {
      const read = parseTextTable((await again.read(0, MAX_TEXT_BYTES)).toString('latin1'));
      return starsOf(columns, (name) => textColumn(read, name));
    });
  return {
    kind: 'source-list',
    width: 0,
    height: 0,
    rowOrder: 'bottom-up',
    exifOrientation: 1,
    notes: [],
    stars,
    decode: withoutPixels,
  };
}
