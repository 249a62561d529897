import { readdir, readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
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
  svg: 'image/svg+xml',
};

interface Asset {
  bytes: Buffer;
  type: string;
  etag: string;
}

/** The folder of the package that stands below `/assets`: modules import one another by the same relative paths. */
const rootOf = () => pathToFileURL(packageFile('dist', '/'));
const IMPORT = /^(?:import|export)\b(?:[^'";]*\bfrom)?\s*['"](\.\.?\/[^'"]+)['"]/gm;

/** The page's own files, and every module that they import, from whatever folder of the package. */
async function loadAssets(): Promise<Map<string, Asset>> {
  const assets = new Map<string, Asset>();
  const root = rootOf();
  const page = new URL('http/page/', root);
  const wanted = (await readdir(page)).map((name) => new URL(name, page));
  for (const url of wanted) {
    const path = `/assets/${url.href.slice(root.href.length)}`;
    const type = TYPES[url.pathname.split('.').pop() ?? ''];
    if (type === undefined || assets.has(path)) continue;
    const bytes = await readFile(url);
    assets.set(path, { bytes, type, etag: tagOf(bytes) });
    if (url.pathname.endsWith('.js'))
      for (const [, target = ''] of bytes.toString().matchAll(IMPORT)) wanted.push(new URL(target, url));
  }
  return assets;
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
  const asset = assets.get(call.path === '/' ? '/assets/http/page/index.html' : call.path);
  if (!asset) return undefined;
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': asset.type,
    'content-security-policy': PAGE_CSP,
    'cache-control': 'no-cache',
    etag: asset.etag,
    'content-length': String(asset.bytes.byteLength),
  };
  if (matchesTag(call.request, asset.etag)) return new Response(null, { status: 304, headers });
  return new Response(new Uint8Array(asset.bytes), { headers });
}
