import type { OpenedImage } from '../image/image.js';
import type { Capture } from '../job/result.js';
import { recordExif } from './exif.js';
import { readExifTags } from './exif-tags.js';
import { recordFits } from './fits-keywords.js';
import { CaptureRecord } from './record.js';

export interface CaptureReading {
  capture: Capture;
  /** What was damaged or absurd and was left out, one line each; for a log. */
  notes: string[];
}

function recordSize({ kind, width, height }: OpenedImage, record: CaptureRecord): void {
  if (width < 1 || height < 1) return;
  const [x, y] =
    kind === 'fits'
      ? ['FITS NAXIS1', 'FITS NAXIS2']
      : kind === 'source-list'
        ? ['FITS IMAGEW', 'FITS IMAGEH']
        : ['image', 'image'];
  record.set('image_width', width, x);
  record.set('image_height', height, y);
}

/**
 * When, where and with what an image was taken, from its EXIF or its FITS header. A field that is not known is
 * absent; where each of the others came from stands in `capture.sources`. Never throws for damaged metadata:
 * they cost a note.
 */
export async function readCapture(image: OpenedImage): Promise<CaptureReading> {
  const record = new CaptureRecord();
  recordSize(image, record);
  if (image.fitsHeader) recordFits(image.fitsHeader, record);
  const exif = await readExifTags(image, record.notes);
  if (exif) recordExif(exif, image.width, image.height, record);
  return { capture: record.capture(), notes: record.notes };
}
