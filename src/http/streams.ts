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
