import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { AstroJobsError, toAstroJobsError } from '../job/errors.js';

/** Bytes that can be read at any place, a bounded piece at a time. */
export interface ByteSource {
  /** Undefined where only reading to the end would tell (gzip). */
  readonly size: number | undefined;
  /**
   * To be asked before memory is taken for what a header claims.
   * @throws AstroJobsError `corrupt_image` when it is known that there are fewer than `bytes`; `image_too_large` when
   *   that many may not be expanded.
   */
  require(bytes: number): void;
  /** Fills `target` from `offset` on, and says how much of it: less only where the bytes end. */
  read(target: Uint8Array, offset: number): Promise<number>;
  close(): Promise<void>;
}

export interface SourceOptions {
  /**
   * How many bytes a gzip file may expand to before it is refused.
   * @default 2 GiB
   */
  maxExpandedBytes?: number;
}

const DEFAULT_MAX_EXPANDED_BYTES = 2 ** 31;
const READ_CHUNK_BYTES = 1 << 20;

function isGzip(head: Uint8Array): boolean {
  return head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b;
}

function requireSize(size: number, bytes: number): void {
  if (bytes <= size) return;
  throw new AstroJobsError(
    'corrupt_image',
    `FITS: the headers claim ${bytes} bytes, and the file has ${size}`,
  );
}

function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.byteLength,
    require: (wanted) => requireSize(bytes.byteLength, wanted),
    async read(target, offset) {
      const piece = bytes.subarray(offset, offset + target.byteLength);
      target.set(piece);
      return piece.byteLength;
    },
    async close() {},
  };
}

/** Opens without waiting, so that a FIFO is recognised and not listened to. */
async function fileSource(path: string): Promise<ByteSource> {
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new AstroJobsError('image_not_found', 'FITS: the file does not exist', { cause: error });
    }
    throw toAstroJobsError(error, 'Opening a FITS file');
  }
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new AstroJobsError('unsupported_image', 'FITS: not a regular file');
    return {
      size: stat.size,
      require: (wanted) => requireSize(stat.size, wanted),
      async read(target, offset) {
        let filled = 0;
        while (filled < target.byteLength) {
          const { bytesRead } = await handle.read(
            target,
            filled,
            target.byteLength - filled,
            offset + filled,
          );
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return filled;
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw toAstroJobsError(error, 'Opening a FITS file');
  }
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
 * What a gzip file expands to, as it is needed: nothing is kept, reading on goes forward in the stream, and reading
 * back starts it again. Expanding more than the limit is refused, whatever was claimed.
 */
class GzipSource implements ByteSource {
  readonly size = undefined;
  readonly #packed: ByteSource;
  readonly #limit: number;
  #stream: Gunzip | undefined;
  #chunks: AsyncIterator<Buffer> | undefined;
  #rest: Uint8Array = new Uint8Array();
  /** Where in the expanded bytes `#rest` starts. */
  #position = 0;

  constructor(packed: ByteSource, limit: number) {
    this.#packed = packed;
    this.#limit = limit;
  }

  require(bytes: number): void {
    if (bytes <= this.#limit) return;
    throw new AstroJobsError(
      'image_too_large',
      `FITS: this gzip file expands to more than the ${this.#limit} bytes that are allowed; raise the limit if you trust it`,
    );
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    this.require(offset + target.byteLength);
    if (!this.#chunks || offset < this.#position) this.#restart();
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
    this.#stream?.destroy();
    await this.#packed.close();
  }

  async #more(): Promise<boolean> {
    try {
      const next = await this.#chunks?.next();
      if (!next || next.done) return false;
      this.#rest = next.value;
      return true;
    } catch (error) {
      if (!(error as NodeJS.ErrnoException).code?.startsWith('Z_'))
        throw toAstroJobsError(error, 'Reading a gzip file');
      throw new AstroJobsError('corrupt_image', 'FITS: the gzip data are damaged or cut off', {
        cause: error,
      });
    }
  }

  #restart(): void {
    this.#stream?.destroy();
    this.#stream = createGunzip({ chunkSize: READ_CHUNK_BYTES });
    const packed = Readable.from(chunksOf(this.#packed), { objectMode: false });
    packed.on('error', (error) => this.#stream?.destroy(error));
    this.#stream.on('close', () => packed.destroy());
    packed.pipe(this.#stream);
    this.#chunks = this.#stream[Symbol.asyncIterator]();
    this.#rest = new Uint8Array();
    this.#position = 0;
  }
}

/**
 * A file (only read, in pieces) or bytes in memory; what is gzip inside, whatever its name, is expanded on the fly.
 * @throws AstroJobsError `image_not_found`; `unsupported_image` when it is no regular file.
 */
export async function openSource(
  input: string | Uint8Array,
  options: SourceOptions = {},
): Promise<ByteSource> {
  const source = typeof input === 'string' ? await fileSource(input) : memorySource(input);
  const head = new Uint8Array(2);
  try {
    await source.read(head, 0);
  } catch (error) {
    await source.close();
    throw toAstroJobsError(error, 'Reading a FITS file');
  }
  if (!isGzip(head)) return source;
  return new GzipSource(source, options.maxExpandedBytes ?? DEFAULT_MAX_EXPANDED_BYTES);
}
