import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
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

/**
 * What the page is made of → where it stands below `/assets`. Its modules import one another, the client and what the client
 * shares with browsers by the same relative paths.
 */
const FOLDERS: readonly { url: URL; name: string; files: RegExp }[] = [
  { url: new URL('./page/', import.meta.url), name: 'http/page', files: /./ },
  { url: new URL('../client/', import.meta.url), name: 'client', files: /./ },
  { url: new URL('../wcs/', import.meta.url), name: 'wcs', files: /^(?:tan-sip|sphere)\.js$/ },
  {
    url: new URL('../job/', import.meta.url),
    name: 'job',
    files: /^(?:error-codes|param-table|scale-units)\.js$/,
  },
  { url: new URL('../catalog/', import.meta.url), name: 'catalog', files: /^kinds\.js$/ },
];

async function loadAssets(): Promise<Map<string, Asset>> {
  const assets = new Map<string, Asset>();
  for (const { url, name, files } of FOLDERS) {
    for (const file of await readdir(url)) {
      const type = TYPES[file.split('.').pop() ?? ''];
      if (type === undefined || !files.test(file)) continue;
      const bytes = await readFile(new URL(file, url));
      const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
      assets.set(`/assets/${name}/${file}`, { bytes, type, etag });
    }
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
  };
  if (call.request.headers.get('if-none-match') === asset.etag)
    return new Response(null, { status: 304, headers });
  return new Response(new Uint8Array(asset.bytes), { headers });
}
