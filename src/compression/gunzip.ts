import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DamagedStream } from './errors.js';

const PIECE_BYTES = 1 << 20;

/**
 * Expands a gzip stream as it comes.
 * @throws DamagedStream; what `chunks` throws
 */
export async function* expandGzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = createGunzip({ chunkSize: PIECE_BYTES });
  const packed = Readable.from(chunks, { objectMode: false });
  packed.on('error', (error) => stream.destroy(error));
  packed.pipe(stream);
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (thrown) {
    if (!(thrown as NodeJS.ErrnoException).code?.startsWith('Z_')) throw thrown;
    throw new DamagedStream('gzip: the data are damaged or cut off', { cause: thrown });
  } finally {
    stream.destroy();
    packed.destroy();
  }
}
