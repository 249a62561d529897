import { createInflate } from 'node:zlib';
import { DamagedStream } from '../../compression/errors.js';
import { decodeLz4Block, LZ4_MAX_RATIO } from '../../compression/lz4.js';
import { decodeZstd, ZSTD_MAX_RATIO } from '../../compression/zstd/zstd.js';
import { AstroJobsError } from '../../job/errors.js';
import { corruptImage, unsupportedImage } from '../errors.js';
import type { ByteReader } from '../file.js';
import type { XmlElement } from './xml.js';

const ADVICE = 'save it as a monolithic XISF, or as FITS, in PixInsight';

/** A data block (XISF 1.0, 10): where its bytes are, and how they are compressed. */
export interface XisfBlock {
  place: { offset: number; length: number } | { bytes: Buffer };
  compression?: Compression;
}

interface Compression {
  codec: Codec;
  /** Of the whole block. */
  expanded: number;
  /** Size of the values whose bytes are shuffled; 1 where they are not. */
  itemBytes: number;
  /** Stored and expanded bytes of its parts, in their order; one for a block in one piece. */
  parts: [stored: number, expanded: number][];
}

type Expand = (stored: Buffer, output: Buffer) => void | Promise<void>;

/** By the names that the format gives them; `ratio` is the most that a stored byte can expand to. */
const CODECS = {
  zlib: { ratio: 1032, expand: inflateInto },
  lz4: { ratio: LZ4_MAX_RATIO, expand: decodeLz4Block },
  lz4hc: { ratio: LZ4_MAX_RATIO, expand: decodeLz4Block },
  zstd: { ratio: ZSTD_MAX_RATIO, expand: decodeZstd },
} as const satisfies Readonly<Record<string, { ratio: number; expand: Expand }>>;
type Codec = keyof typeof CODECS;

const isCodec = (name: string): name is Codec => Object.hasOwn(CODECS, name);

/** zlib in its own thread, never more than was announced. */
async function inflateInto(stored: Buffer, output: Buffer): Promise<void> {
  const stream = createInflate();
  stream.end(stored);
  let filled = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (filled + chunk.length > output.length)
        throw new DamagedStream('zlib: more data than were announced');
      chunk.copy(output, filled);
      filled += chunk.length;
    }
  } catch (thrown) {
    throw thrown instanceof DamagedStream
      ? thrown
      : new DamagedStream('zlib: the data are damaged', { cause: thrown });
  } finally {
    stream.destroy();
  }
  if (filled !== output.length) throw new DamagedStream(`zlib: ${filled} of ${output.length} bytes`);
}

const whole = (text: string | undefined): number =>
  /^\d{1,15}$/.test(text ?? '') ? Number(text) : Number.NaN;

function compressionOf(element: XmlElement, stored: number): Compression | undefined {
  const text = element.attributes.get('compression');
  if (text === undefined || text === '') return undefined;
  const [name = '', size, item] = text.split(':');
  const shuffled = name.endsWith('+sh');
  const codec = shuffled ? name.slice(0, -3) : name;
  if (!isCodec(codec)) throw unsupportedImage(`an XISF compressed with ${codec.slice(0, 40)}`, ADVICE);
  const [expanded, itemBytes] = [whole(size), shuffled ? whole(item) : 1];
  const parts = (element.attributes.get('subblocks') ?? `${stored},${expanded}`)
    .split(':')
    .map((part): [number, number] => {
      const [from, to] = part.split(',');
      return [whole(from), whole(to)];
    });
  const sums = parts.reduce(([a, b], [from, to]) => [a + from, b + to], [0, 0]);
  // NaN fails all of these.
  const sound =
    expanded > 0 && itemBytes >= 1 && itemBytes <= 16 && sums[0] === stored && sums[1] === expanded;
  if (!sound) throw corruptImage('the compression of its XISF data makes no sense');
  return { codec, expanded, itemBytes, parts };
}

function decodedText(text: string, encoding: string | undefined): Buffer {
  if (encoding === 'base64') return Buffer.from(text, 'base64');
  if (encoding === 'hex') return Buffer.from(text.replace(/\s+/g, ''), 'hex');
  throw corruptImage(`its XISF data are in an unknown encoding (${(encoding ?? 'none').slice(0, 40)})`);
}

/**
 * The data block that an element names; no byte of it is read yet.
 * @throws AstroJobsError `corrupt_image` when it lies outside the file, `unsupported_image` for another file or an unknown codec.
 */
export function blockOf(element: XmlElement, fileBytes: number): XisfBlock {
  const location = element.attributes.get('location') ?? '';
  const [kind, first, second] = location.split(':');
  if (kind === 'attachment') {
    const [offset, length] = [whole(first), whole(second)];
    if (!(offset + length <= fileBytes)) throw corruptImage('its XISF data are cut off');
    return withCompression({ offset, length }, length, element);
  }
  if (kind === 'inline' || kind === 'embedded') {
    const data = kind === 'inline' ? element : element.children.find(({ name }) => name === 'Data');
    const bytes = decodedText(data?.text ?? '', kind === 'inline' ? first : data?.attributes.get('encoding'));
    return withCompression({ bytes }, bytes.length, data ?? element);
  }
  if (kind === 'url' || location.startsWith('url(') || location.startsWith('path('))
    throw unsupportedImage('an XISF whose pixels are in another file', ADVICE);
  throw corruptImage('its XISF header does not say where the pixels are');
}

function withCompression(place: XisfBlock['place'], stored: number, element: XmlElement): XisfBlock {
  const compression = compressionOf(element, stored);
  return compression ? { place, compression } : { place };
}

/** Bytes that the block has when it is expanded. */
export function blockBytes({ place, compression }: XisfBlock): number {
  return compression?.expanded ?? ('bytes' in place ? place.bytes.length : place.length);
}

/** Reads parts of a block's values, from 0; what is shuffled is put in order. */
export type BlockReader = (offset: number, length: number) => Promise<Buffer>;

/**
 * Access to the bytes of a block. One that is not compressed stays in the file; a compressed one is expanded, its bytes still
 * shuffled, so that it is held once.
 * @param maxBytes that a block may expand to.
 * @throws AstroJobsError `corrupt_image`, `image_too_large`
 */
export async function openBlock(
  file: ByteReader,
  { place, compression }: XisfBlock,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<BlockReader> {
  const read: BlockReader = async (offset, length) =>
    'bytes' in place
      ? place.bytes.subarray(offset, offset + length)
      : file.read(place.offset + offset, Math.min(length, place.length - offset));
  if (!compression) return read;
  const { codec, expanded, itemBytes, parts } = compression;
  if (expanded > maxBytes) {
    throw new AstroJobsError(
      'image_too_large',
      `XISF: the data expand to ${expanded} bytes; at most ${maxBytes} are allowed: shrink the image, or raise maxBytes`,
    );
  }
  const { ratio, expand } = CODECS[codec];
  // Before memory is taken for what the header claims.
  if (parts.some(([stored, size]) => size > (stored + 16) * ratio))
    throw corruptImage('its XISF data are too few for what they are said to expand to');
  const bytes = Buffer.alloc(expanded);
  let [from, to] = [0, 0];
  for (const [stored, size] of parts) {
    signal?.throwIfAborted();
    try {
      await expand(await read(from, stored), bytes.subarray(to, to + size));
    } catch (thrown) {
      if (!(thrown instanceof DamagedStream)) throw thrown;
      throw corruptImage(`its XISF data cannot be expanded (${thrown.message})`, thrown);
    }
    from += stored;
    to += size;
  }
  if (itemBytes === 1) return async (offset, length) => bytes.subarray(offset, offset + length);
  return async (offset, length) => inOrder(bytes, itemBytes, offset, length);
}

/** Values whose first bytes stand together, then their second ones, and so on; what is left over at the end is not shuffled. */
function inOrder(bytes: Buffer, itemBytes: number, offset: number, length: number): Buffer {
  const items = Math.floor(bytes.length / itemBytes);
  const end = Math.min(offset + length, bytes.length);
  const ordered = Buffer.alloc(Math.max(0, end - offset));
  const shuffled = Math.min(end, items * itemBytes);
  for (let byte = 0; byte < itemBytes; byte++) {
    // From the first item whose byte of this number is not before `offset`.
    let item = Math.ceil((offset - byte) / itemBytes);
    for (let at = item * itemBytes + byte; at < shuffled; at += itemBytes)
      ordered[at - offset] = bytes[byte * items + item++] ?? 0;
  }
  for (let at = Math.max(offset, shuffled); at < end; at++) ordered[at - offset] = bytes[at] ?? 0;
  return ordered;
}
