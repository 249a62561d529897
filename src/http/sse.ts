import type { Call } from './services.js';

export interface ServerEvent {
  event: string;
  data: unknown;
}

const encoder = new TextEncoder();
const KEEP_ALIVE_MS = 15_000;
/** Events that a client may leave unread before it is taken for gone. */
const MAX_UNREAD = 1_000;

/**
 * Events as they come, with a sign of life between them so that no proxy takes the stream for dead. Ends when the source
 * does, when the client goes, and when the handler closes.
 */
export function eventStream(call: Call, open: (signal: AbortSignal) => AsyncIterable<ServerEvent>): Response {
  const leave = call.streams.enter(call.grant.caller);
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, call.request.signal, call.closing]);
  let cancelled = false;
  let keepAlive: NodeJS.Timeout | undefined;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (text: string) => {
        if ((controller.desiredSize ?? 0) < -MAX_UNREAD) gone.abort(new Error('The client does not read'));
        else controller.enqueue(encoder.encode(text));
      };
      send('retry: 2000\n\n');
      keepAlive = setInterval(() => send(':\n\n'), KEEP_ALIVE_MS);
      void pump(send).finally(() => {
        clearInterval(keepAlive);
        leave();
        if (!cancelled) controller.close();
      });
    },
    cancel() {
      cancelled = true;
      gone.abort();
      clearInterval(keepAlive);
    },
  });
  async function pump(send: (text: string) => void) {
    try {
      for await (const { event, data } of open(signal)) {
        if (signal.aborted) return;
        send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      }
    } catch (error) {
      if (!signal.aborted) call.logger.warn({ err: error }, 'An event stream ended early');
    }
  }
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    },
  });
}

/** Whatever comes first from any of them, until all have ended. */
export async function* merge<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const next = (iterator: AsyncIterator<T>) => iterator.next().then((result) => ({ iterator, result }));
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const pending = new Map(iterators.map((iterator) => [iterator, next(iterator)]));
  try {
    while (pending.size > 0) {
      const { iterator, result } = await Promise.race(pending.values());
      if (result.done) {
        pending.delete(iterator);
      } else {
        pending.set(iterator, next(iterator));
        yield result.value;
      }
    }
  } finally {
    await Promise.allSettled([...pending.keys()].map((iterator) => iterator.return?.()));
  }
}
