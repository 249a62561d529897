import { anySignal } from '../async/any-signal.js';
import { HttpError } from './errors.js';
import { type GuardedRequest, guardedRequest } from './guarded-fetch.js';
import type { UrlFetchOptions } from './options.js';

export interface FetchedImage {
  filename: string;
  bytes: AsyncIterable<Uint8Array>;
}

export type FetchImage = (url: string, signal: AbortSignal) => Promise<FetchedImage>;

/** How this handler fetches images by URL; undefined where it is not allowed to. */
export function createFetchImage(
  allowed: UrlFetchOptions | boolean | undefined,
  maxUploadBytes: number,
  resolve?: GuardedRequest['resolve'],
): FetchImage | undefined {
  if (!allowed) return undefined;
  const options = allowed === true ? {} : allowed;
  const maxBytes = options.maxBytes ?? maxUploadBytes;
  const seconds = options.timeoutSeconds ?? 60;
  return async (url, signal) => {
    const limit = anySignal(signal, AbortSignal.timeout(seconds * 1000));
    const response = await guardedRequest(url, {
      signal: limit,
      allowPrivateAddresses: options.allowPrivateAddresses ?? false,
      maxRedirects: options.maxRedirects ?? 5,
      resolve,
    });
    const tooLarge = () => new HttpError('image_too_large', `The URL gives more than ${maxBytes} bytes`);
    if (response.statusCode !== 200) {
      response.destroy();
      throw new HttpError('url_failed', `The URL answered with HTTP ${response.statusCode}`);
    }
    if (Number(response.headers['content-length'] ?? 0) > maxBytes) {
      response.destroy();
      throw tooLarge();
    }
    async function* bytes(): AsyncGenerator<Uint8Array> {
      let total = 0;
      try {
        for await (const chunk of response as AsyncIterable<Uint8Array>) {
          total += chunk.byteLength;
          if (total > maxBytes) throw tooLarge();
          yield chunk;
        }
      } catch (error) {
        if (error instanceof HttpError) throw error;
        throw new HttpError(
          'url_failed',
          `The URL ended early, after ${total} bytes`,
          {},
          limit.aborted ? 504 : undefined,
        );
      } finally {
        response.destroy();
      }
    }
    return { filename: nameFromUrl(url), bytes: bytes() };
  };
}

function nameFromUrl(url: string): string {
  const last = new URL(url).pathname.split('/').pop() ?? '';
  try {
    return decodeURIComponent(last) || 'image';
  } catch {
    return last;
  }
}
