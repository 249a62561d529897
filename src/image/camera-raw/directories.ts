import type { Tiff, TiffDirectory } from '../tiff.js';

const NEW_SUBFILE_TYPE = 254;
const COMPRESSION = 259;
const PHOTOMETRIC = 262;
const MAKE = 271;
const SUB_IFDS = 330;
const DNG_VERSION = 50706;

/** Nikon, Sony, Pentax, Kodak and Samsung, and lossy DNG: codings that only camera raw files use. */
const RAW_COMPRESSIONS = new Set([32767, 32769, 32770, 34713, 34892, 65000, 65535]);
/** Colour filter array, and linear raw. */
const RAW_PHOTOMETRICS = new Set([32803, 34892]);
const MAX_DIRECTORIES = 24;

/** Whether the pixels of a directory are those of the sensor, before they are developed. */
export async function holdsSensorData(tiff: Tiff, directory: TiffDirectory): Promise<boolean> {
  const [compression] = await tiff.uints(directory.entries.get(COMPRESSION), 1);
  const [photometric] = await tiff.uints(directory.entries.get(PHOTOMETRIC), 1);
  return (
    (compression !== undefined && RAW_COMPRESSIONS.has(compression)) ||
    (photometric !== undefined && RAW_PHOTOMETRICS.has(photometric))
  );
}

/** The directories of a TIFF structure, those that others point to included. One that leads in a circle comes once. */
export async function* directoriesOf(tiff: Tiff): AsyncGenerator<TiffDirectory> {
  const queue = [tiff.first];
  const visited = new Set<number>();
  for (const offset of queue) {
    if (visited.size >= MAX_DIRECTORIES) return;
    if (offset === 0 || visited.has(offset)) continue;
    visited.add(offset);
    const directory = await tiff.directory(offset);
    if (!directory) continue;
    yield directory;
    queue.push(...(await tiff.uints(directory.entries.get(SUB_IFDS))), directory.next);
  }
}

/**
 * Whether a TIFF structure is camera raw (DNG, NEF, ARW, PEF, …). A TIFF decoder would show its first
 * directory, which is a thumbnail.
 */
export async function isCameraRaw(tiff: Tiff): Promise<boolean> {
  let isFirst = true;
  for await (const directory of directoriesOf(tiff)) {
    if (isFirst) {
      if (directory.entries.has(DNG_VERSION)) return true;
      const [subfileType = 0] = await tiff.uints(directory.entries.get(NEW_SUBFILE_TYPE), 1);
      const isThumbnail = (subfileType & 1) === 1;
      if (isThumbnail && directory.entries.has(SUB_IFDS) && directory.entries.has(MAKE)) return true;
    }
    isFirst = false;
    if (await holdsSensorData(tiff, directory)) return true;
  }
  return false;
}
