import { CARD_BYTES, type FitsCard } from '../fits/card.js';
import type { FitsHeader } from '../fits/header.js';
import { card, headerBytes, paddingBytes, withoutStructure } from '../fits/write-header.js';
import { openImage } from '../image/open.js';
import type { Capture } from '../job/capture.js';
import { AstroJobsError } from '../job/errors.js';
import { isWcsKeyword } from '../wcs/cards.js';
import { assertPixels } from './assert-pixels.js';
import type { ExportOptions } from './export-source.js';
import { type FitsSource, type MadeFile, requiredFile } from './exported-file.js';
import { openPixels } from './pixels.js';

const SCALING = ['BZERO', 'BSCALE', 'BLANK'];

/**
 * The image as a FITS file of one unit, its solution in the header. A FITS image keeps its pixels, bit for bit, and all that
 * its header says, but for an earlier WCS. Other images keep their rows in the order of the file (the solution is about
 * these), colour becomes a cube of three planes, 16 bits stay 16 bits.
 *
 * @throws AstroJobsError `not_found` for a job without a solution or without pixels; what `openImage` throws
 */
export async function exportNewFits(source: FitsSource, { signal }: ExportOptions): Promise<MadeFile> {
  const wcs = wcsCards(await requiredFile(source, 'solution.wcs'));
  const image = await openImage(source.imagePath, { extension: source.extension });
  assertPixels(image.kind, 'to put the solution into');
  const pixels = await openPixels(image, signal);
  const header = headerBytes(
    [
      card('SIMPLE', true, 'FITS standard'),
      card('BITPIX', pixels.bitpix),
      card('NAXIS', pixels.axes.length),
      ...pixels.axes.map((length, index) => card(`NAXIS${index + 1}`, length)),
      ...(pixels.bzero === undefined ? [] : [card('BZERO', pixels.bzero), card('BSCALE', 1)]),
      ...(image.fitsHeader ? keptCards(image.fitsHeader, pixels.asStored) : captureCards(source.capture)),
      card('HISTORY', 'Plate solution by Astro Jobs with astrometry.net'),
    ],
    wcs,
  );
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
    yield paddingBytes(dataBytes);
  }
  return {
    size: header.byteLength + dataBytes + paddingBytes(dataBytes).length,
    read,
  };
}

/** The cards of the solver's WCS, as it wrote them. */
function wcsCards(file: Buffer): string {
  let cards = '';
  for (let at = 0; at + CARD_BYTES <= file.length; at += CARD_BYTES) {
    const text = file.toString('latin1', at, at + CARD_BYTES);
    const keyword = text.slice(0, 8).trimEnd();
    if (keyword === 'END') break;
    if (isWcsKeyword(keyword)) cards += text;
  }
  return cards;
}

function keptCards(header: FitsHeader, asStored: boolean): FitsCard[] {
  const scaling = asStored ? SCALING.flatMap((keyword) => header.all(keyword)) : [];
  const others = withoutStructure(header.cards).filter(({ keyword }) => !isWcsKeyword(keyword));
  return [...scaling, ...others];
}

/** What the EXIF data said, in the words of FITS. */
function captureCards(capture: Capture | undefined): FitsCard[] {
  const cards = [
    card('DATE-OBS', capture?.datetime_utc?.replace(/Z$/, ''), 'UTC'),
    card('EXPTIME', capture?.exposure, '[s]'),
    card('INSTRUME', capture?.camera_model),
    card('FOCALLEN', capture?.focal_length_mm, '[mm]'),
    card('ISOSPEED', capture?.iso),
    card('SITELAT', capture?.gps?.lat, '[deg] north'),
    card('SITELONG', capture?.gps?.lon, '[deg] east'),
  ];
  return cards.filter(({ value }) => value !== undefined);
}
