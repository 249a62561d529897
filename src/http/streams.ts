/**
 * Bytes as a web stream that reads nothing before it is asked. `Readable.toWeb` counts chunks where it should count bytes
 * (Node 20), and so buffers a whole upload; this one holds a single chunk.
 */
export function toWebStream(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await iterator.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          controller.error(error);
        }
      },
      cancel() {
        // Not awaited: a generator that waits for bytes which never come would not return either.
        iterator.return?.(undefined).catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );
}

/** Read before an answer begins, so that what cannot be read at all is refused and does not break off. */
const AHEAD_BYTES = 256 * 1024;

/** The same bytes, the first of them read already. @throws what `source` throws within them */
export async function readAhead(source: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const iterator = source[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let ended = false;
  try {
    for (let bytes = 0; bytes < AHEAD_BYTES; ) {
      const { done, value } = await iterator.next();
      if (done) {
        ended = true;
        break;
      }
      head.push(value);
      bytes += value.byteLength;
    }
  } catch (error) {
    await iterator.return?.();
    throw error;
  }
  return (async function* () {
    try {
      yield* head;
      if (!ended) yield* { [Symbol.asyncIterator]: () => iterator };
    } finally {
      await iterator.return?.();
    }
  })();
}
