import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeXml } from '../annotate/svg.js';
import { packageFile } from '../package-files.js';
import { matchesTag, tagOf } from './conditional.js';
import { SECURITY_HEADERS } from './responses.js';
import type { Call } from './services.js';

/** What the page may do: its own files, its own server, pictures made in it; nothing from anywhere else, nothing inline. */
const PAGE_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
};

interface Asset {
  bytes: Buffer;
  type: string;
  etag: string;
}

/** Files of the page stand below this path. */
const ASSETS = '/assets/http/page/';
/** Of the package's data, what the page asks for where it needs it. */
const DATA = ['constellations.json'];

async function loadAssets(): Promise<Map<string, Asset>> {
  const folder = packageFile('dist', 'http', 'page');
  const assets = new Map<string, Asset>();
  const add = async (address: string, file: string) => {
    const type = TYPES[file.split('.').pop() ?? ''];
    if (type === undefined) return;
    const bytes = await readFile(file);
    assets.set(address, { bytes, type, etag: tagOf(bytes) });
  };
  for (const name of await readdir(folder)) await add(ASSETS + name, join(folder, name));
  for (const name of DATA) await add(`/assets/data/${name}`, packageFile('data', name));
  return assets;
}

/**
 * The document with what its caller may do (as `GET /api/v1/caller` tells it) in `data-caller`: one request less before anything is
 * seen. A caller who has yet to show a key gets it without.
 */
async function forCaller(call: Call, page: Asset | undefined): Promise<Asset | undefined> {
  if (!page) return undefined;
  const caller = await call.access.admit(call.request, 'identify', call.peer).catch(() => undefined);
  if (!caller) return page;
  const { scopes, key } = caller;
  const known = escapeXml(JSON.stringify({ scopes, ...(key && { key }) }));
  const bytes = Buffer.from(
    page.bytes.toString('utf8').replace('<html', () => `<html data-caller="${known}"`),
  );
  return { ...page, bytes, etag: tagOf(bytes) };
}

let loaded: Promise<Map<string, Asset>> | undefined;

/** The page and its files, all in memory: a request only ever picks one by its whole name. */
export async function pageAnswer(call: Call): Promise<Response | undefined> {
  if (call.request.method !== 'GET' && call.request.method !== 'HEAD') return undefined;
  loaded ??= loadAssets();
  const assets = await loaded;
  if (call.path === '/' && !call.url.pathname.endsWith('/')) {
    // Its links are relative: without the slash they would lead beside it.
    return new Response(null, {
      status: 308,
      headers: { location: `${call.url.pathname}/${call.url.search}` },
    });
  }
  const asset =
    call.path === '/' ? await forCaller(call, assets.get(`${ASSETS}index.html`)) : assets.get(call.path);
  if (!asset) return undefined;
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': asset.type,
    'content-security-policy': PAGE_CSP,
    'cache-control': 'private, no-cache',
    etag: asset.etag,
    'content-length': String(asset.bytes.byteLength),
  };
  if (matchesTag(call.request, asset.etag)) return new Response(null, { status: 304, headers });
  return new Response(new Uint8Array(asset.bytes), { headers });
}
