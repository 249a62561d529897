import { CARD_BYTES } from '../fits/card.js';
import type { FitsHeader } from '../fits/header.js';
import { openImage } from '../image/open.js';
import { AstroJobsError } from '../job/errors.js';
import type { Capture } from '../job/result.js';
import { type ExportedFile, type ExportOptions, type ExportSource, requiredFile } from './exported-file.js';
import { openPixels } from './pixels.js';
import { formatCards, headerBytes, paddedBytes } from './write-cards.js';

/** Keywords of a world coordinate system: a header has one of them, and it is the new one. */
const WCS_KEYWORD =
  /^(?:WCSAXES|WCSNAME|CTYPE\d|CRVAL\d|CRPIX\d|CUNIT\d|CDELT\d|CROTA\d|CD\d_\d|PC\d_\d|PV\d_\d+|LONPOLE|LATPOLE|RADESYS|RADECSYS|EQUINOX|IMAGEW|IMAGEH|[AB]P?_(?:ORDER|DMAX|\d_\d))$/;
/** Keywords that say how the data lie, which the new file says for itself, and sums that no longer hold. */
const STRUCTURE =
  /^(?:SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|GROUPS|INHERIT|CHECKSUM|DATASUM|TFIELDS|THEAP|T(?:TYPE|FORM|UNIT|NULL|SCAL|ZERO|DIM|DISP)\d+|Z(?:IMAGE|SIMPLE|EXTEND|TENSION|CMPTYPE|BITPIX|NAXIS\d*|TILE\d+|NAME\d+|VAL\d+|QUANTIZ|DITHER0|BLANK|SCALE|ZERO|PCOUNT|GCOUNT|BLOCKED|MASKCMP|HECKSUM|DATASUM)|END)$/;
const SCALING = /^(?:BZERO|BSCALE|BLANK)$/;

/**
 * The image as a FITS file of one unit, its solution in the header. A FITS image keeps its pixels, bit for bit, and all that
 * its header says, but for an earlier WCS. Other images keep their rows in the order of the file (the solution is about
 * these), colour becomes a cube of three planes, 16 bits stay 16 bits.
 *
 * @throws AstroJobsError `not_found` for a job without a solution or without pixels; what `openImage` throws
 */
export async function exportNewFits(source: ExportSource, { signal }: ExportOptions): Promise<ExportedFile> {
  const wcs = wcsCards(await requiredFile(source, 'solution.wcs'));
  const image = await openImage(source.imagePath);
  if (image.kind === 'source-list') {
    throw new AstroJobsError(
      'not_found',
      'The job was a list of stars: there is no image to put the solution into',
    );
  }
  const pixels = await openPixels(image, signal);
  const header = headerBytes([
    ...formatCards('SIMPLE', true, 'conforms to FITS 4.0'),
    ...formatCards('BITPIX', pixels.bitpix),
    ...formatCards('NAXIS', pixels.axes.length),
    ...pixels.axes.flatMap((length, index) => formatCards(`NAXIS${index + 1}`, length)),
    ...(pixels.bzero === undefined
      ? []
      : [...formatCards('BSCALE', 1), ...formatCards('BZERO', pixels.bzero)]),
    ...(image.fitsHeader
      ? keptCards(image.fitsHeader, pixels.asStored)
      : captureCards(source.result?.capture)),
    ...wcs,
    ...formatCards('HISTORY', 'Plate solution by Astro Jobs with astrometry.net'),
  ]);
  const values = pixels.axes.reduce((product, length) => product * length, 1);
  const dataBytes = values * (Math.abs(pixels.bitpix) / 8);
  async function* read(): AsyncGenerator<Uint8Array> {
    yield header;
    let written = 0;
    for await (const chunk of pixels.read()) {
      written += chunk.byteLength;
      yield chunk;
    }
    if (written !== dataBytes)
      throw new AstroJobsError('corrupt_image', 'The image has fewer pixels than it claims');
    yield Buffer.alloc(paddedBytes(dataBytes) - dataBytes);
  }
  return {
    name: `${source.filename.replace(/(?:\.[A-Za-z]{1,5}){1,2}$/, '') || 'image'}-solved.fits`,
    contentType: 'application/fits',
    size: header.byteLength + paddedBytes(dataBytes),
    read,
  };
}

/** The cards of the solver's WCS, as it wrote them. */
function wcsCards(file: Buffer): string[] {
  const cards: string[] = [];
  for (let at = 0; at + CARD_BYTES <= file.length; at += CARD_BYTES) {
    const card = file.toString('latin1', at, at + CARD_BYTES);
    const keyword = card.slice(0, 8).trimEnd();
    if (keyword === 'END') break;
    if (WCS_KEYWORD.test(keyword)) cards.push(card);
  }
  return cards;
}

function keptCards(header: FitsHeader, asStored: boolean): string[] {
  return header.cards
    .filter(({ keyword }) => !WCS_KEYWORD.test(keyword) && !STRUCTURE.test(keyword))
    .filter(({ keyword }) => asStored || !SCALING.test(keyword))
    .flatMap(({ keyword, value, comment }) => formatCards(keyword, value, comment));
}

/** What the EXIF data said, in the words of FITS. */
function captureCards(capture: Capture | undefined): string[] {
  if (!capture) return [];
  const cards: [string, string | number | undefined, string][] = [
    ['DATE-OBS', capture.datetime_utc?.replace(/Z$/, ''), 'UTC'],
    ['EXPTIME', capture.exposure, '[s]'],
    ['INSTRUME', capture.camera_model, ''],
    ['FOCALLEN', capture.focal_length_mm, '[mm]'],
    ['ISOSPEED', capture.iso, ''],
    ['SITELAT', capture.gps?.lat, '[deg] north'],
    ['SITELONG', capture.gps?.lon, '[deg] east'],
  ];
  return cards.flatMap(([keyword, value, comment]) =>
    value === undefined ? [] : formatCards(keyword, value, comment),
  );
}
