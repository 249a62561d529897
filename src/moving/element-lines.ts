import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

/** One line of a file, without its end: bytes `start` to `end` of `bytes`, which is used again after the call. */
export type OnLine = (bytes: Buffer, start: number, end: number, number: number) => void;

/** Small enough that the lines of one piece take a few milliseconds. */
const PIECE = 128 * 1024;
/** No line of elements is as long; what has longer ones is no text. */
const LONGEST_LINE = 4096;
const NEWLINE = 10;
const RETURN = 13;

/** Pieces of a file as it is, or unpacked where it was packed by gzip. */
async function* piecesOf(handle: FileHandle): AsyncGenerator<Buffer> {
  const head = Buffer.alloc(2);
  const { bytesRead } = await handle.read(head, 0, 2, 0);
  const file = handle.createReadStream({ start: 0, highWaterMark: PIECE, autoClose: false });
  if (bytesRead < 2 || head.readUInt16BE(0) !== 0x1f8b) {
    yield* file;
    return;
  }
  const unpacked = createGunzip({ chunkSize: PIECE });
  file.on('error', (error) => unpacked.destroy(error));
  yield* file.pipe(unpacked);
}

/**
 * Reads a text line by line as a stream: no more of it than a piece is in memory, and other work of this thread goes on between two pieces.
 * @throws Error of the file system, or of gzip; RangeError where a line is longer than any text's; the signal's reason
 */
export async function readLines(path: string, signal: AbortSignal, onLine: OnLine): Promise<void> {
  const handle = await open(path);
  try {
    let rest: Buffer = Buffer.alloc(0);
    let number = 0;
    for await (const piece of piecesOf(handle)) {
      signal.throwIfAborted();
      const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
      let start = 0;
      for (;;) {
        const newline = bytes.indexOf(NEWLINE, start);
        if (newline < 0) break;
        number++;
        onLine(
          bytes,
          start,
          bytes[newline - 1] === RETURN && newline > start ? newline - 1 : newline,
          number,
        );
        start = newline + 1;
      }
      rest = Buffer.from(bytes.subarray(start));
      if (rest.length > LONGEST_LINE)
        throw new RangeError(`line ${number + 1} is longer than ${LONGEST_LINE} bytes`);
    }
    if (rest.length > 0) onLine(rest, 0, rest.length, number + 1);
  } finally {
    await handle.close();
  }
}
