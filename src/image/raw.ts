import type { Tiff, TiffDirectory } from './tiff.js';

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

async function holdsSensorData(tiff: Tiff, directory: TiffDirectory): Promise<boolean> {
  const [compression] = await tiff.uints(directory.entries.get(COMPRESSION), 1);
  const [photometric] = await tiff.uints(directory.entries.get(PHOTOMETRIC), 1);
  return (
    (compression !== undefined && RAW_COMPRESSIONS.has(compression)) ||
    (photometric !== undefined && RAW_PHOTOMETRICS.has(photometric))
  );
}

/**
 * Whether a TIFF structure is camera raw (DNG, NEF, ARW, PEF, …). A TIFF decoder would show its first
 * directory, which is a thumbnail. Directories that lead in a circle are visited once.
 */
export async function isCameraRaw(tiff: Tiff): Promise<boolean> {
  const queue = [tiff.first];
  const visited = new Set<number>();
  for (const offset of queue) {
    if (visited.size >= MAX_DIRECTORIES) break;
    if (offset === 0 || visited.has(offset)) continue;
    const isFirst = visited.size === 0;
    visited.add(offset);
    const directory = await tiff.directory(offset);
    if (!directory) continue;
    const subDirectories = await tiff.uints(directory.entries.get(SUB_IFDS));
    if (isFirst) {
      if (directory.entries.has(DNG_VERSION)) return true;
      const [subfileType = 0] = await tiff.uints(directory.entries.get(NEW_SUBFILE_TYPE), 1);
      const isThumbnail = (subfileType & 1) === 1;
      if (isThumbnail && subDirectories.length > 0 && directory.entries.has(MAKE)) return true;
    }
    if (await holdsSensorData(tiff, directory)) return true;
    queue.push(...subDirectories, directory.next);
  }
  return false;
}
