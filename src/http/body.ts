import { HttpError } from './errors.js';
import type { HandlerLimits } from './options.js';

type BodyLimits = Pick<
  HandlerLimits,
  'maxUploadBytes' | 'bodyIdleSeconds' | 'bodySeconds' | 'bodyBytesPerSecond' | 'bodyRateSeconds'
>;

const megabytes = (bytes: number) => `${Math.max(1, Math.floor(bytes / 1024 ** 2))} MB`;

/**
 * The bytes of a request, with an end to waiting and to size, whatever server the handler is mounted in.
 * @throws HttpError 408 `slow_body`, 413 `image_too_large`, 400 `incomplete_body`
 */
export async function* requestBytes(request: Request, limits: BodyLimits): AsyncGenerator<Uint8Array> {
  const claimed = Number(request.headers.get('content-length') ?? Number.NaN);
  const tooLarge = () =>
    new HttpError('image_too_large', `The request is larger than ${megabytes(limits.maxUploadBytes)}`);
  if (claimed > limits.maxUploadBytes) throw tooLarge();
  if (!request.body) return;
  const reader = request.body.getReader();
  const end = Date.now() + limits.bodySeconds * 1000;
  const rate = rateFloor(limits);
  let total = 0;
  let finished = false;
  try {
    for (;;) {
      const patience = Math.min(limits.bodyIdleSeconds * 1000, end - Date.now());
      const asked = performance.now();
      const { done, value } = await within(patience, reader.read());
      if (done) break;
      rate.add(value.byteLength, (performance.now() - asked) / 1000);
      total += value.byteLength;
      if (total > limits.maxUploadBytes) throw tooLarge();
      yield value;
    }
    finished = true;
  } finally {
    if (!finished) await reader.cancel().catch(() => {});
  }
  if (total < claimed) throw new HttpError('incomplete_body', `Expected ${claimed} bytes, got ${total}`);
}

const tooSlow = () => new HttpError('slow_body', 'The request body came too slowly', { connection: 'close' });

/** Watches that a body comes fast enough. Only the time counts in which the client is waited for, not what the server needs. */
function rateFloor({ bodyBytesPerSecond, bodyRateSeconds }: BodyLimits) {
  let waited = 0;
  let came = 0;
  return {
    /** @throws HttpError 408 `slow_body` */
    add(bytes: number, seconds: number): void {
      waited += seconds;
      came += bytes;
      if (waited < bodyRateSeconds) return;
      if (came < bodyBytesPerSecond * waited) throw tooSlow();
      waited = 0;
      came = 0;
    },
  };
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow()), Math.max(0, milliseconds));
  });
  try {
    return await Promise.race([work, late]).catch((error) => {
      throw error instanceof HttpError
        ? error
        : new HttpError('incomplete_body', 'The connection ended before the request did');
    });
  } finally {
    clearTimeout(timer);
  }
}

/** A small body as text. */
export async function bodyText(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of source) {
    total += chunk.byteLength;
    if (total > maxBytes) throw new HttpError('too_large', `At most ${maxBytes} bytes are read here`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
