// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays.
import { type ArraySpec, arrayOffsets, CacheFileError, encodeArrays, readWords } from './array-file.js';
import { StarCatalog } from './star-catalog.js';

/** Changes with anything that changes the unpacked stars: their order, cells, layout. */
export const CATALOG_VERSION = 1;
const WORDS = 4;

/**
 * Packs an unpacked catalogue: pieces to be written one after another. Unpacking the star file takes a third of a second; reading these
 * arrays back takes hardly longer than reading their bytes.
 * @param source what tells the star file from others: its checksum
 */
export function encodeCatalog({ data }: StarCatalog, source: number): Uint8Array[] {
  const { count, vectors, magnitudes, cellStart, cellStars } = data;
  const words = [CATALOG_VERSION, source, count, cellStart.length];
  return encodeArrays(words, specsOf(count, cellStart.length), [vectors, magnitudes, cellStart, cellStars]);
}

/**
 * Unpacks it onto the bytes themselves.
 * @param bytes begin at a multiple of eight in their buffer
 * @throws CacheFileError when it is not of this version and this star file
 */
export function decodeCatalog(bytes: Uint8Array, source: number): StarCatalog {
  const [version, from, count, cells] = readWords(bytes, WORDS) as [number, number, number, number];
  if (version !== CATALOG_VERSION || from !== source)
    throw new CacheFileError('The cached catalogue is of another version or other stars');
  const specs = specsOf(count, cells);
  const offsets = arrayOffsets(bytes, WORDS, specs);
  const { buffer } = bytes;
  const catalog = new StarCatalog({
    count,
    vectors: new Float32Array(buffer, offsets[0], specs[0].length),
    magnitudes: new Float32Array(buffer, offsets[1], specs[1].length),
    cellStart: new Uint32Array(buffer, offsets[2], specs[2].length),
    cellStars: new Uint32Array(buffer, offsets[3], specs[3].length),
  });
  check(catalog);
  return catalog;
}

function specsOf(count: number, cells: number) {
  return [
    { element: 'f32', length: 3 * count },
    { element: 'f32', length: count },
    { element: 'u32', length: cells },
    { element: 'u32', length: count },
  ] as const satisfies readonly ArraySpec[];
}

/** A search trusts these numbers: none may lead outside the arrays. */
function check({ data: { count, cellStart, cellStars } }: StarCatalog): void {
  let isSound =
    cellStart.length === StarCatalog.cellCount + 1 && cellStart[0] === 0 && cellStart.at(-1) === count;
  for (let i = 1; i < cellStart.length; i++) if (cellStart[i]! < cellStart[i - 1]!) isSound = false;
  for (let i = 0; i < cellStars.length; i++) if (cellStars[i]! >= count) isSound = false;
  if (!isSound) throw new CacheFileError('The cached catalogue is damaged');
}
