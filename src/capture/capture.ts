import type { OpenedImage } from '../image/image.js';
import type { Capture } from '../job/capture.js';
import { recordExif } from './exif.js';
import { readExifTags } from './exif-tags.js';
import { recordFits } from './fits-keywords.js';
import { CaptureRecord } from './record.js';

function recordSize({ kind, width, height, part, fitsHeader }: OpenedImage, record: CaptureRecord): void {
  if (part !== undefined) record.source('image', part);
  if (width < 1 || height < 1) return;
  const [x, y] =
    kind === 'fits'
      ? ['FITS NAXIS1', 'FITS NAXIS2']
      : kind === 'source-list'
        ? fitsHeader?.number('IMAGEW') === width
          ? ['FITS IMAGEW', 'FITS IMAGEH']
          : ['parameter image_width', 'parameter image_height']
        : ['image', 'image'];
  record.set('image_width', width, x);
  record.set('image_height', height, y);
}

/**
 * When, where and with what an image was taken, from its EXIF or its FITS header. A field that is not known is
 * absent; `capture.sources` says where each of the others came from, and `capture.notes` what was left out and why.
 * Never throws for damaged metadata: they cost a note.
 */
export async function readCapture(image: OpenedImage): Promise<Capture> {
  const record = new CaptureRecord();
  recordSize(image, record);
  if (image.fitsHeader) recordFits(image.fitsHeader, record);
  try {
    const exif = await readExifTags(image, record);
    if (exif) recordExif(exif, image, record);
  } catch (thrown) {
    record.note('EXIF', '', thrown instanceof Error ? thrown.message : String(thrown));
  }
  return record.capture();
}
