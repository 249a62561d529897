/*
 * Plain arrays as a cache keeps them: a header of 32-bit words, then the arrays one after another, each from a multiple of eight bytes on,
 * in the byte order of the machine that wrote them. What a cache holds can be made again at any time, so whatever does not fit is refused:
 * another version, other stars, another machine's byte order, a cut file.
 */
const MAGIC = 0x414a5131;
const ALIGN = 8;

/** A cached file that cannot be used: its contents must be made again. */
export class CacheFileError extends Error {
  /** The name of the class. */
  override readonly name = 'CacheFileError';
}

/** What an array of a file is made of, and how many elements it has. */
export interface ArraySpec {
  element: 'u8' | 'u16' | 'u32' | 'f32';
  length: number;
}

const BYTES = { u8: 1, u16: 2, u32: 4, f32: 4 } as const;

interface Layout {
  starts: number[];
  bytes: number;
}

function layoutOf(words: number, specs: readonly ArraySpec[]): Layout {
  const padded = (bytes: number) => ALIGN * Math.ceil(bytes / ALIGN);
  let bytes = padded(4 * (words + 1));
  const starts = specs.map(({ element, length }) => {
    const start = bytes;
    bytes += padded(length * BYTES[element]);
    return start;
  });
  return { starts, bytes };
}

/** The pieces of a file, to be written one after another: nothing large is copied. */
export function encodeArrays(
  words: readonly number[],
  specs: readonly ArraySpec[],
  arrays: readonly ArrayBufferView[],
): Uint8Array[] {
  const { starts, bytes } = layoutOf(words.length, specs);
  const head = new Uint8Array(starts[0] ?? bytes);
  new Uint32Array(head.buffer, 0, words.length + 1).set([MAGIC, ...words]);
  const pieces: Uint8Array[] = [head];
  for (const [i, array] of arrays.entries()) {
    pieces.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    const gap = (starts[i + 1] ?? bytes) - (starts[i] ?? 0) - array.byteLength;
    if (gap > 0) pieces.push(new Uint8Array(gap));
  }
  return pieces;
}

/**
 * The header of a file.
 * @param bytes begin at a multiple of eight in their buffer
 * @throws CacheFileError for what is no such file
 */
export function readWords(bytes: Uint8Array, count: number): number[] {
  if (bytes.byteOffset % ALIGN !== 0) throw new RangeError('The bytes must begin at a multiple of eight');
  if (bytes.length < 4 * (count + 1)) throw new CacheFileError('The cached file is cut off in its header');
  const [magic, ...words] = new Uint32Array(bytes.buffer, bytes.byteOffset, count + 1);
  if (magic !== MAGIC) throw new CacheFileError('The cached file is none, or of another byte order');
  return words;
}

/**
 * Where the arrays of a file lie in its bytes; nothing is copied.
 * @throws CacheFileError when the file is not as long as its arrays
 */
export function arrayOffsets(bytes: Uint8Array, words: number, specs: readonly ArraySpec[]): number[] {
  const layout = layoutOf(words, specs);
  if (layout.bytes !== bytes.length)
    throw new CacheFileError(`The cached file has ${bytes.length} bytes instead of ${layout.bytes}`);
  return layout.starts.map((start) => bytes.byteOffset + start);
}
