import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { CATALOG_VERSION, decodeCatalog, encodeCatalog } from '../../engine/catalog-file.js';
import { decodeLevel, encodeLevel, levelFileName } from '../../engine/level-file.js';
import { buildLevel, levelSizes } from '../../engine/quad-builder.js';
import type { QuadLevelData } from '../../engine/quad-level.js';
import { StarCatalog } from '../../engine/star-catalog.js';
import { EngineCache } from './engine-cache.js';
import type { Prepare, Prepared } from './messages.js';
import { packagedStarFile } from './packaged-star-file.js';

// Prepares what all threads of the engine share: reads it from the cache, or makes it and keeps it there.

const shared = (bytes: number) => new SharedArrayBuffer(bytes);

function tell(message: Prepared): void {
  parentPort?.postMessage(message);
}

/** What a cached file gives, or undefined where it is missing or unusable. */
function fromCache<T>(cache: EngineCache, name: string, decode: (bytes: Uint8Array) => T): T | undefined {
  const bytes = cache.read(name);
  try {
    return bytes && decode(bytes);
  } catch {
    return undefined;
  }
}

function prepareCatalog(cache: EngineCache): StarCatalog {
  const { path, checksum } = packagedStarFile();
  const name = `stars-${CATALOG_VERSION}-${checksum.toString(16)}.bin`;
  const known = fromCache(cache, name, (bytes) => decodeCatalog(bytes, checksum));
  if (known) return known;
  const catalog = StarCatalog.decode(readFileSync(path), shared);
  cache.write(name, encodeCatalog(catalog, checksum));
  return catalog;
}

function prepareLevel(cache: EngineCache, catalog: StarCatalog, size_deg: number): QuadLevelData {
  const name = levelFileName(catalog, size_deg);
  const known = fromCache(cache, name, (bytes) => decodeLevel(catalog, size_deg, bytes));
  if (known) return known;
  const level = buildLevel(catalog, size_deg, undefined, shared);
  cache.write(name, encodeLevel(catalog, size_deg, level));
  return level;
}

function prepare({ cacheFolders, catalog: known, sizes }: Prepare): void {
  const cache = new EngineCache(cacheFolders);
  const catalog = known ? new StarCatalog(known) : prepareCatalog(cache);
  if (!known) {
    const cached = levelSizes(catalog.count).filter((size) => cache.has(levelFileName(catalog, size)));
    tell({ kind: 'catalog', catalog: catalog.data, cached });
  }
  for (const size_deg of sizes)
    tell({ kind: 'level', size_deg, level: prepareLevel(cache, catalog, size_deg) });
  tell({ kind: 'done' });
}

parentPort?.on('message', (message: Prepare) => {
  try {
    prepare(message);
  } catch (error) {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
