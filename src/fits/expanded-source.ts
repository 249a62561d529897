import { BZIP2_MAX_RATIO, expandBzip2 } from '../compression/bzip2/bunzip2.js';
import { DamagedStream } from '../compression/errors.js';
import { expandGzip } from '../compression/gunzip.js';
import { expandZstd, ZSTD_MAX_RATIO } from '../compression/zstd/zstd.js';
import { AstroJobsError } from '../job/errors.js';
import type { ByteSource } from './byte-source.js';

/** A compression that FITS files are found in as a whole. */
interface Compression {
  name: string;
  /** What its files begin with, Latin-1. */
  magic: string;
  /** The most that a byte can expand to. */
  ratio: number;
  expand(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

const COMPRESSIONS: readonly Compression[] = [
  { name: 'gzip', magic: '\x1f\x8b', ratio: 1032, expand: expandGzip },
  { name: 'bzip2', magic: 'BZh', ratio: BZIP2_MAX_RATIO, expand: expandBzip2 },
  { name: 'Zstandard', magic: '\x28\xb5\x2f\xfd', ratio: ZSTD_MAX_RATIO, expand: expandZstd },
];
export const MAGIC_BYTES = 4;
const READ_CHUNK_BYTES = 1 << 20;

/** How a file that begins with these bytes is compressed. */
export function compressionOf(head: Buffer): Compression | undefined {
  const begin = head.toString('latin1');
  return COMPRESSIONS.find(({ magic }) => begin.startsWith(magic));
}

async function* chunksOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let offset = 0; ; ) {
    const chunk = Buffer.allocUnsafe(READ_CHUNK_BYTES);
    const filled = await source.read(chunk, offset);
    if (filled === 0) return;
    offset += filled;
    yield chunk.subarray(0, filled);
  }
}

/**
 * What a compressed file expands to, as it is needed: nothing is kept, reading on goes forward in the stream, and reading
 * back starts it again. Expanding more than the limit is refused, whatever was claimed.
 */
export class ExpandedSource implements ByteSource {
  readonly size = undefined;
  readonly compression: string;
  readonly #packed: ByteSource;
  readonly #expand: Compression['expand'];
  /** More than the file can hold, however well it is compressed. */
  readonly #most: number;
  readonly #limit: number;
  #chunks: AsyncIterator<Uint8Array> | undefined;
  #rest: Uint8Array = new Uint8Array();
  /** Where in the expanded bytes `#rest` starts. */
  #position = 0;

  constructor(packed: ByteSource, { name, ratio, expand }: Compression, limit: number) {
    this.#packed = packed;
    this.compression = name;
    this.#expand = expand;
    this.#most = ((packed.size ?? 0) + 64) * ratio;
    this.#limit = limit;
  }

  require(bytes: number): void {
    this.#requireAllowed(bytes);
    if (bytes > this.#most)
      throw new AstroJobsError(
        'corrupt_image',
        `FITS: the headers claim ${bytes} bytes, and the file cannot hold so many`,
      );
  }

  #requireAllowed(bytes: number): void {
    if (bytes <= this.#limit) return;
    throw new AstroJobsError(
      'image_too_large',
      `FITS: this ${this.compression} file expands to more than the ${this.#limit} bytes that are allowed; raise the limit if you trust it`,
    );
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    this.#requireAllowed(offset + target.byteLength);
    if (!this.#chunks || offset < this.#position) await this.#restart();
    let filled = 0;
    while (filled < target.byteLength) {
      const skipped = Math.min(this.#rest.byteLength, offset + filled - this.#position);
      const piece = this.#rest.subarray(skipped, skipped + target.byteLength - filled);
      target.set(piece, filled);
      filled += piece.byteLength;
      this.#position += skipped + piece.byteLength;
      this.#rest = this.#rest.subarray(skipped + piece.byteLength);
      if (filled < target.byteLength && !(await this.#more())) break;
    }
    return filled;
  }

  async close(): Promise<void> {
    await this.#chunks?.return?.();
    await this.#packed.close();
  }

  async #more(): Promise<boolean> {
    try {
      const next = await this.#chunks?.next();
      if (!next || next.done) return false;
      this.#rest = next.value;
      return true;
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
      throw new AstroJobsError('corrupt_image', `FITS: the file cannot be expanded (${error.message})`, {
        cause: error,
      });
    }
  }

  async #restart(): Promise<void> {
    await this.#chunks?.return?.();
    this.#chunks = this.#expand(chunksOf(this.#packed))[Symbol.asyncIterator]();
    this.#rest = new Uint8Array();
    this.#position = 0;
  }
}
