import readExif from 'exif-reader';
import { read as readJpegExif } from 'fast-exif';
import { exifBlockOf } from '../image/exif-block.js';
import { bytesReader, withImageFile } from '../image/file.js';
import type { OpenedImage } from '../image/image.js';
import { Tiff, type TiffDirectory } from '../image/tiff.js';
import type { CaptureRecord } from './record.js';

type Tags = Readonly<Record<string, unknown>>;

/** EXIF by the names of its tags, whichever library has read it. */
export interface ExifTags {
  image: Tags;
  photo: Tags;
  gps: Tags;
  /**
   * Text as written, by tag number, of the picture and the exposure: of dates the libraries keep only what they take
   * for one, and bytes are no text to them.
   */
  text(tag: number): string | undefined;
  /** The same of the place. */
  gpsText(tag: number): string | undefined;
}

const EXIF_HEADER = 'Exif\0\0';
const EXIF_IFD = 0x8769;
const GPS_IFD = 0x8825;
const MAX_TEXT_BYTES = 2000;
/** fast-exif looks for the marker in this many bytes. */
const FAST_EXIF_BYTES = 512;

/** The bare TIFF structure of an EXIF block. */
function withoutHeader(block: Uint8Array): Buffer {
  const buffer = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  return buffer.toString('latin1', 0, 6) === EXIF_HEADER ? buffer.subarray(6) : buffer;
}

/** The directories that tell about the capture. */
interface Directories {
  tiff: Tiff;
  /** Of the picture and of the exposure. */
  own: TiffDirectory[];
  gps?: TiffDirectory;
  /** Something is cut off, or a pointer leads nowhere. */
  damaged: boolean;
}

async function readDirectories(block: Buffer): Promise<Directories | undefined> {
  const tiff = await Tiff.open(bytesReader(block));
  const image = await tiff?.directory(tiff.first);
  if (!tiff || !image) return undefined;
  const pointed = async (pointer: number) => {
    const [offset] = await tiff.uints(image.entries.get(pointer), 1);
    return offset === undefined ? undefined : tiff.directory(offset);
  };
  const [photo, gps] = [await pointed(EXIF_IFD), await pointed(GPS_IFD)];
  const broken = (pointer: number, directory: TiffDirectory | undefined) =>
    image.entries.has(pointer) && (directory?.damaged ?? true);
  return {
    tiff,
    own: photo ? [image, photo] : [image],
    ...(gps && { gps }),
    damaged: image.damaged || broken(EXIF_IFD, photo) || broken(GPS_IFD, gps),
  };
}

/** Text is of type ASCII by the standard, UTF-8 since EXIF 3.0, and of bytes in what some programs write. */
const TEXT_TYPES = new Set([1, 2, 7, 129]);

/** ASCII by the standard, UTF-8 or Latin-1 in fact; up to the first NUL. */
function decoded(bytes: Buffer): string {
  const utf8 = bytes.toString('utf8');
  return (utf8.includes('\ufffd') ? bytes.toString('latin1') : utf8).replace(/\0.*$/s, '');
}

async function readTexts(tiff: Tiff, directories: readonly TiffDirectory[]): Promise<Map<number, string>> {
  const texts = new Map<number, string>();
  for (const { entries } of directories) {
    for (const entry of entries.values()) {
      if (!TEXT_TYPES.has(entry.type) || texts.has(entry.tag)) continue;
      texts.set(entry.tag, decoded(await tiff.bytes(entry, MAX_TEXT_BYTES)));
    }
  }
  return texts;
}

/**
 * fast-exif takes the first `FF E1` for EXIF, and believes every count in it. It is asked only where that is
 * right: the marker is the one of this block, and the block is whole and its values do not overlap.
 */
async function fastExifWouldFind(
  image: OpenedImage,
  block: Buffer,
  { own, gps, damaged }: Directories,
): Promise<boolean> {
  if (image.kind !== 'jpeg' || damaged) return false;
  const claimed = [...own, ...(gps ? [gps] : [])]
    .flatMap(({ entries }) => [...entries.values()])
    .reduce((sum, { bytes }) => sum + bytes, 0);
  if (claimed > 2 * block.length) return false;
  const head = await withImageFile(image.path, (file) => file.read(0, FAST_EXIF_BYTES + 26));
  const marker = head.indexOf('\xff\xe1', 0, 'latin1');
  if (marker < 0 || marker > FAST_EXIF_BYTES - 4) return false;
  const found = head.subarray(marker + 4, marker + 26);
  return found.equals(Buffer.concat([Buffer.from(EXIF_HEADER, 'latin1'), block.subarray(0, 16)]));
}

type Read = Omit<ExifTags, 'text' | 'gpsText'>;

async function readFast(path: string): Promise<Read | undefined> {
  try {
    const tags = await readJpegExif(path);
    return tags?.image ? { image: tags.image, photo: tags.exif ?? {}, gps: tags.gps ?? {} } : undefined;
  } catch {
    return undefined;
  }
}

function readBlock(block: Uint8Array): Read | undefined {
  try {
    const { Image, Photo, GPSInfo } = readExif(Buffer.from(block));
    return { image: Image ?? {}, photo: Photo ?? {}, gps: GPSInfo ?? {} };
  } catch {
    return undefined;
  }
}

/** The image's EXIF, or `undefined` with a note about why there is none when it has a block. */
export async function readExifTags(image: OpenedImage, record: CaptureRecord): Promise<ExifTags | undefined> {
  if (!image.exif) return undefined;
  const block = withoutHeader(image.exif);
  const directories = await readDirectories(block);
  if (!directories) {
    record.note('EXIF', '', 'the block is damaged from its start; nothing was read from it');
    return undefined;
  }
  if (directories.damaged)
    record.note('EXIF', '', 'the block is damaged; only what is whole was read from it');
  const { tiff, own, gps } = directories;
  const [texts, gpsTexts] = [await readTexts(tiff, own), await readTexts(tiff, gps ? [gps] : [])];
  const fast = (await fastExifWouldFind(image, block, directories)) ? await readFast(image.path) : undefined;
  // Written anew, the block has no directory, count or pointer that leads astray.
  const clean = fast ? undefined : await exifBlockOf(tiff);
  const tags = fast ?? (clean && readBlock(clean));
  return tags && { ...tags, text: (tag) => texts.get(tag), gpsText: (tag) => gpsTexts.get(tag) };
}
