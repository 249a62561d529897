import { type FitsFile, type FitsHdu, integerCard } from '../fits/hdu.js';
import { type FitsHeader, inheritHeader } from '../fits/header.js';
import { pixelDecoder, plainReader } from '../fits/pixels.js';
import { AstroJobsError } from '../job/errors.js';

const MAX_SIDE = 2 ** 31 - 1;
/** Files with more pictures than this hold a series, whose first ones are as good as any. */
const MAX_CANDIDATES = 64;
/** Rows that are looked at to tell a picture from an empty one or a mask. */
const SAMPLED_ROWS = 16;
const MAX_SAMPLED_ROW_BYTES = 1 << 22;
/** A mask holds a few values, a picture of the sky many. */
const FEW_VALUES = 4;
/** A thumbnail has less than this share of the pixels of the picture beside it. */
const THUMBNAIL_SHARE = 0.25;

/** Names of extensions that stand beside a picture and tell about its pixels. */
const BESIDE_THE_PICTURE =
  /^(?:DQ|DQF|MASK|BPM|BADPIX|FLAGS?|ERR|ERROR|SIGMA|NOISE|VAR|VARIANCE|UNC(?:ERT(?:AINTY)?)?|WHT|WEIGHT|WGT|CTX|CON|SAMP|TIME|EXP(?:MAP)?|BKG|BACK(?:GROUND)?|SKY|THUMB(?:NAIL)?|PREVIEW|PSF|CATALOG)\d*$/i;

/** The picture that a FITS file holds, recognised and measured; no pixel is read yet. */
export interface FitsImage {
  /** The image's header, and under it what only the primary header says. */
  header: FitsHeader;
  /** Which unit holds it. */
  hduIndex: number;
  width: number;
  height: number;
  /** 3 for colour. Other cubes count as their first plane. */
  planes: 1 | 3;
  /** The colours of a pixel stand side by side: the first axis counts them. */
  colourFirst?: true;
  /** `ZCMPTYPE` of a tile-compressed image. */
  compression?: string;
  /** Which of several pictures it is, or in which extension, for a person: `extension 2 (SCI)`. */
  part?: string;
}

export interface FoundImage {
  image: FitsImage;
  hdu: FitsHdu;
}

function isCompressed(hdu: FitsHdu): boolean {
  return hdu.type === 'BINTABLE' && hdu.header.boolean('ZIMAGE') === true;
}

function imageAxes(hdu: FitsHdu): number[] {
  if (!isCompressed(hdu)) return hdu.type === 'PRIMARY' || hdu.type === 'IMAGE' ? hdu.axes : [];
  const naxis = integerCard(hdu.header, 'ZNAXIS', 0, 999);
  return Array.from({ length: naxis }, (_, i) => integerCard(hdu.header, `ZNAXIS${i + 1}`, 0, MAX_SIDE));
}

const nameOf = (header: FitsHeader) => header.string('EXTNAME') ?? '';

/** The picture in a unit, of whatever size; `undefined` when it has none. */
function pictureIn(hdu: FitsHdu, primary: FitsHeader): FitsImage | undefined {
  const axes = imageAxes(hdu);
  const [first, second, third = 1] = axes;
  if (first === undefined || second === undefined || axes.includes(0)) return undefined;
  const header = hdu.header === primary ? primary : inheritHeader(hdu.header, primary);
  const compression = isCompressed(hdu) ? (hdu.header.string('ZCMPTYPE') ?? 'unknown') : undefined;
  // Three columns are no picture; three colours of each pixel are (written by programs that think of rows of pixels).
  const colourFirst =
    axes.length === 3 && first === 3 && second > 3 && third > 3 && compression === undefined;
  const [width, height] = colourFirst ? [second, third] : [first, second];
  return {
    header,
    hduIndex: hdu.index,
    width,
    height,
    planes: !colourFirst && third === 3 ? 3 : 1,
    ...(colourFirst && { colourFirst }),
    ...(compression !== undefined && { compression }),
  };
}

/** Whether the pixels of a few rows have more values than a mask, a blank or a constant has. */
async function hasContent(file: FitsFile, { image, hdu }: FoundImage): Promise<boolean> {
  const { width, height, colourFirst, compression } = image;
  const rowValues = colourFirst ? 3 * width : width;
  // Tiles of compressed pictures are large; and only pictures are worth compressing.
  if (compression !== undefined || rowValues * hdu.bytesPerValue > MAX_SAMPLED_ROW_BYTES) return true;
  const rows = plainReader(file, hdu, rowValues, height, pixelDecoder(hdu.header));
  const values = new Set<number>();
  for (let i = 0; i < SAMPLED_ROWS; i++) {
    const row = Math.floor(((i + 0.5) * height) / SAMPLED_ROWS);
    for (const value of await rows(0, Math.min(row, height - 1), 1)) {
      if (!Number.isNaN(value)) values.add(value);
      if (values.size > FEW_VALUES) return true;
    }
  }
  return false;
}

/** All pictures of a file that are not too large. What is damaged behind the first one is not looked at. */
async function picturesIn(
  file: FitsFile,
  maxPixels: number,
): Promise<{ found: FoundImage[]; tooLarge?: FitsImage }> {
  const found: FoundImage[] = [];
  let primary: FitsHeader | undefined;
  let tooLarge: FitsImage | undefined;
  try {
    for await (const hdu of file.hdus()) {
      primary ??= hdu.header;
      const image = pictureIn(hdu, primary);
      if (!image) continue;
      const { width, height } = image;
      if (width > MAX_SIDE || height > MAX_SIDE || width * height > maxPixels) tooLarge ??= image;
      else found.push({ image, hdu });
      // Looking further into a compressed file means expanding all of it.
      const enough = !file.seekable && !BESIDE_THE_PICTURE.test(nameOf(hdu.header));
      if (found.length === MAX_CANDIDATES || (found.length > 0 && enough)) break;
    }
  } catch (thrown) {
    if (found.length === 0 && !tooLarge) throw thrown;
  }
  return tooLarge ? { found, tooLarge } : { found };
}

/** The pictures in the order in which they are likely to be the one of the sky. */
function byLikelihood(found: readonly FoundImage[]): FoundImage[] {
  const pixels = ({ image }: FoundImage) => image.width * image.height;
  const largest = Math.max(...found.map(pixels));
  const demerits = (candidate: FoundImage) =>
    (BESIDE_THE_PICTURE.test(nameOf(candidate.hdu.header)) ? 2 : 0) +
    (pixels(candidate) < THUMBNAIL_SHARE * largest ? 1 : 0);
  return [...found].sort((a, b) => demerits(a) - demerits(b));
}

async function likeliest(file: FitsFile, found: readonly FoundImage[]): Promise<FoundImage | undefined> {
  const ordered = byLikelihood(found);
  if (ordered.length < 2 || !file.seekable) return ordered[0];
  for (const candidate of ordered) {
    // One that cannot be read to its end is no better than one without content.
    if (await hasContent(file, candidate).catch(() => false)) return candidate;
  }
  return ordered[0];
}

/** Whether a unit is the one that is asked for, by number or by EXTNAME. */
export function isUnit({ index, header }: FitsHdu, extension: number | string): boolean {
  return typeof extension === 'number'
    ? index === extension
    : nameOf(header).toUpperCase() === extension.trim().toUpperCase();
}

function wanted(found: readonly FoundImage[], extension: number | string): FoundImage {
  const match = found.find(({ hdu }) => isUnit(hdu, extension));
  if (match) return match;
  const known = found.map(({ image, hdu }) => partOf(image, hdu)).join(', ');
  throw new AstroJobsError(
    'unsupported_image',
    `FITS: extension ${extension} holds no picture; pictures are in ${known}`,
  );
}

function partOf({ hduIndex }: FitsImage, { header }: FitsHdu): string {
  const name = nameOf(header);
  return `${hduIndex === 0 ? 'the primary unit' : `extension ${hduIndex}`}${name === '' ? '' : ` (${name})`}`;
}

/**
 * The picture of the sky in a FITS file. Of several, the first that is no mask, no map of errors or weights, no thumbnail,
 * and not empty: told by EXTNAME, size and content.
 *
 * @param extension number of the unit (0 is the primary one) or EXTNAME, where the caller knows better.
 * @throws AstroJobsError `corrupt_image`; `image_too_large`; `unsupported_image` when there is none.
 */
export async function findImage(
  file: FitsFile,
  maxPixels: number,
  extension?: number | string,
): Promise<FoundImage> {
  const { found, tooLarge } = await picturesIn(file, maxPixels);
  const chosen =
    extension !== undefined && found.length > 0 ? wanted(found, extension) : await likeliest(file, found);
  if (chosen) {
    const alone = found.length === 1 && chosen.image.hduIndex === 0;
    return alone
      ? chosen
      : { hdu: chosen.hdu, image: { ...chosen.image, part: partOf(chosen.image, chosen.hdu) } };
  }
  if (tooLarge) {
    throw new AstroJobsError(
      'image_too_large',
      `FITS: the image claims ${tooLarge.width} by ${tooLarge.height} pixels, more than the ${maxPixels} that are allowed (maxPixels)`,
    );
  }
  throw new AstroJobsError('unsupported_image', 'FITS: the file holds no picture, only headers or tables');
}
