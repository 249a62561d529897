import { exifBlockOf } from '../exif-block.js';
import { type ByteReader, partReader } from '../file.js';
import { Tiff, type TiffDirectory } from '../tiff.js';
import { directoriesOf, holdsSensorData } from './directories.js';
import { jpegAt } from './jpeg.js';
import { olympusPreview } from './olympus.js';
import type { RawContent } from './preview.js';

const WIDTH = 256;
const HEIGHT = 257;
const COMPRESSION = 259;
const STRIP_OFFSETS = 273;
const ORIENTATION = 274;
const STRIP_BYTES = 279;
const JPEG_OFFSET = 513;
const JPEG_BYTES = 514;
const JPEGS = new Set([6, 7]);
/** Panasonic's own tags: the borders of the picture on the sensor, and a whole JPEG as the value of one. */
const PANASONIC = { top: 4, left: 5, bottom: 6, right: 7, jpeg: 0x2e } as const;

type Place = readonly [offset: number, length: number];

/** Where a directory says that a JPEG is. */
async function placesIn(tiff: Tiff, { entries }: TiffDirectory): Promise<Place[]> {
  const places: Place[] = [];
  const add = async (offsetTag: number, bytesTag: number) => {
    const [offset, second] = await tiff.uints(entries.get(offsetTag), 2);
    const [bytes] = await tiff.uints(entries.get(bytesTag), 1);
    // One in several strips is none that can be cut out.
    if (offset !== undefined && bytes !== undefined && second === undefined) places.push([offset, bytes]);
  };
  await add(JPEG_OFFSET, JPEG_BYTES);
  const [compression = 1] = await tiff.uints(entries.get(COMPRESSION), 1);
  if (JPEGS.has(compression)) await add(STRIP_OFFSETS, STRIP_BYTES);
  const whole = entries.get(PANASONIC.jpeg);
  if (whole?.type === 7) places.push([whole.offset, whole.bytes]);
  return places;
}

async function sizeIn(tiff: Tiff, { entries }: TiffDirectory): Promise<[number, number] | undefined> {
  const number = async (tag: number) => (await tiff.uints(entries.get(tag), 1))[0] ?? 0;
  const { top, left, bottom, right } = PANASONIC;
  const [width, height] = entries.has(WIDTH)
    ? [await number(WIDTH), await number(HEIGHT)]
    : [(await number(right)) - (await number(left)), (await number(bottom)) - (await number(top))];
  return width > 0 && height > 0 ? [width, height] : undefined;
}

/** The EXIF of Panasonic's JPEG, which alone has the sensitivity and the equivalent focal length. */
async function panasonicExif(file: ByteReader, { entries }: TiffDirectory): Promise<Tiff | undefined> {
  const whole = entries.get(PANASONIC.jpeg);
  const jpeg = whole?.type === 7 ? await jpegAt(file, whole.offset, whole.bytes) : undefined;
  return jpeg?.exifAt === undefined ? undefined : Tiff.open(partReader(file, jpeg.exifAt));
}

/**
 * Previews, EXIF and size of the raw files that are built like TIFF: CR2, NEF, ARW, DNG, ORF, RW2, PEF, SRW.
 * `undefined` when they do not begin so.
 */
export async function tiffRawContent(file: ByteReader, name: string): Promise<RawContent | undefined> {
  const tiff = await Tiff.open(file);
  const first = await tiff?.directory(tiff.first);
  if (!tiff || !first) return undefined;
  const places: Place[] = [];
  let sensor: [number, number] | undefined;
  for await (const directory of directoriesOf(tiff)) {
    places.push(...(await placesIn(tiff, directory)));
    const size = (await holdsSensorData(tiff, directory)) ? await sizeIn(tiff, directory) : undefined;
    if (size && (!sensor || size[0] > sensor[0])) sensor = size;
  }
  places.push(...(await olympusPreview(file, tiff, first)));
  // Where no directory says that its data are the sensor's, the first one is about them: ORF and RW2.
  sensor ??= JPEGS.has((await tiff.uints(first.entries.get(COMPRESSION), 1))[0] ?? 1)
    ? undefined
    : await sizeIn(tiff, first);
  const [orientation] = await tiff.uints(first.entries.get(ORIENTATION), 1);
  const exif = await exifBlockOf(tiff, await panasonicExif(file, first));
  return { name, places, sensor, exif, orientation: isOrientation(orientation) };
}

/** Where it is one. */
export const isOrientation = (value: number | undefined): number | undefined =>
  value !== undefined && value >= 1 && value <= 8 ? value : undefined;
