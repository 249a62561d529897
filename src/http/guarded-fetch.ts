import type { LookupAddress } from 'node:dns';
import { lookup as resolve } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { abortable } from '../async/abortable.js';
import { isPublicAddress } from './addresses.js';
import { HttpError } from './errors.js';

export interface GuardedRequest {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** From the first look-up on, redirects included. */
  signal: AbortSignal;
  allowPrivateAddresses: boolean;
  maxRedirects: number;
  /** Stands in for DNS in tests. */
  resolve?: (host: string) => Promise<LookupAddress[]>;
}

const tooLate = () => new HttpError('url_failed', 'The URL took too long', {}, 504);
const refused = (message: string) => new HttpError('url_refused', message);

/**
 * A request to an address that a stranger named. The name is looked up once, every address that it has is checked, and the
 * connection goes to a checked one: nothing can change in between. Each redirect is checked the same way.
 *
 * @throws HttpError 400 `url_refused` for what will not be fetched, 502 `url_failed` for what could not be
 */
export async function guardedRequest(target: string, options: GuardedRequest): Promise<IncomingMessage> {
  let url = target;
  for (let hop = 0; hop <= options.maxRedirects; hop++) {
    const { parsed, addresses } = await checkTarget(url, options);
    const response = await connect(parsed, addresses, options);
    const location = response.headers.location;
    const status = response.statusCode ?? 0;
    if (status < 300 || status > 399 || location === undefined) return response;
    response.destroy();
    if (!URL.canParse(location, parsed.href))
      throw new HttpError('url_failed', 'The URL redirects to what is no URL');
    url = new URL(location, parsed).href;
  }
  throw refused(`The URL redirects more than ${options.maxRedirects} times`);
}

async function checkTarget(target: string, options: GuardedRequest) {
  if (!URL.canParse(target)) throw refused('Expected a URL such as https://example.org/image.jpg');
  const parsed = new URL(target);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw refused('Only http: and https: URLs are fetched');
  }
  if (parsed.username || parsed.password) throw refused('A URL with a user name or password is not fetched');
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  const find = options.resolve ?? ((name: string) => resolve(name, { all: true }));
  const addresses = isIP(host)
    ? [{ address: host, family: isIP(host) }]
    : await abortable(find(host), options.signal).catch(() => {
        throw options.signal.aborted
          ? tooLate()
          : new HttpError('url_failed', 'The host of the URL is not known');
      });
  const hidden = addresses.some(({ address }) => !isPublicAddress(address));
  if (addresses.length === 0 || (hidden && !options.allowPrivateAddresses)) {
    throw refused('The URL leads to a private or local address, which is not fetched');
  }
  return { parsed, addresses };
}

function connect(url: URL, addresses: LookupAddress[], options: GuardedRequest): Promise<IncomingMessage> {
  const pinned: LookupFunction = (_host, asked, callback) => {
    const [first] = addresses;
    if (asked.all || !first) callback(null, addresses);
    else callback(null, first.address, first.family);
  };
  const settings: RequestOptions = {
    method: options.method ?? 'GET',
    headers: { 'user-agent': 'astro-jobs', accept: '*/*', 'accept-encoding': 'identity', ...options.headers },
    lookup: pinned,
    signal: options.signal,
    agent: false,
    maxHeaderSize: 16_384,
  };
  return new Promise((resolvePromise, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, settings, resolvePromise);
    const failed = (why: string) =>
      reject(
        options.signal.aborted
          ? tooLate()
          : new HttpError('url_failed', `The URL could not be fetched (${why})`),
      );
    request.on('error', (cause) => failed(codeOf(cause)));
    // An answer that changes the protocol ends without an error.
    request.on('close', () => failed('no answer'));
    request.end(options.body);
  });
}

function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? 'connection failed';
}
