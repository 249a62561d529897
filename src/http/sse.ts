import { setMaxListeners } from 'node:events';
import { anySignal } from '../async/any-signal.js';
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
 * does, when the client goes, when its key is valid no longer, and when the handler closes.
 */
export function eventStream(call: Call, open: (signal: AbortSignal) => AsyncIterable<ServerEvent>): Response {
  const leave = call.streams.enter(call.grant.caller);
  const gone = new AbortController();
  const signal = call.access.ending(call.grant, anySignal(gone.signal, call.request.signal, call.closing));
  let keepAlive: NodeJS.Timeout | undefined;
  let cancelled = false;

  async function pump(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const send = (text: string) => {
      if (signal.aborted) return;
      if ((controller.desiredSize ?? 0) < -MAX_UNREAD) gone.abort(new Error('The client does not read'));
      else controller.enqueue(encoder.encode(text));
    };
    send('retry: 2000\n\n');
    keepAlive = setInterval(() => send(':\n\n'), KEEP_ALIVE_MS);
    try {
      for await (const { event, data } of open(signal)) {
        if (signal.aborted) return;
        send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      }
    } catch (error) {
      if (!signal.aborted) call.logger.warn({ err: error }, 'An event stream ended early');
    } finally {
      clearInterval(keepAlive);
      leave();
      if (!cancelled) controller.close();
    }
  }

  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      pump(controller).catch((error) => call.logger.error({ err: error }, 'An event stream was not closed'));
    },
    cancel() {
      cancelled = true;
      clearInterval(keepAlive);
      gone.abort(new Error('The client has gone'));
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    },
  });
}

/**
 * Whatever comes first from any of the sources, until all have ended. They share a signal, which is aborted when `signal` is,
 * when one of them fails and when the reader leaves: no source keeps the others waiting.
 */
export async function* merge<T>(
  signal: AbortSignal,
  sources: readonly ((signal: AbortSignal) => AsyncIterable<T>)[],
): AsyncGenerator<T> {
  const left = new AbortController();
  const either = anySignal(signal, left.signal);
  // Each source listens, and there may be a hundred.
  setMaxListeners(0, either);
  const next = (iterator: AsyncIterator<T>) => {
    const step = iterator.next().then((result) => ({ iterator, result }));
    // It may be rejected while the reader holds an item and awaits no step, or has left.
    step.catch(() => {});
    return step;
  };
  const iterators = sources.map((open) => open(either)[Symbol.asyncIterator]());
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
    left.abort(new Error('The reader has left'));
    await Promise.allSettled([...pending.keys()].map((iterator) => iterator.return?.()));
  }
}
