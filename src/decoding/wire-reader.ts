import { defaultIsolation } from '../defaults.js';
import { DecoderPool } from './child/decoder-pool.js';
import type { ImageReader } from './image-reader.js';
import { IsolatedReader } from './isolated-reader.js';
import { LocalReader } from './local-reader.js';

/** The children of this process serve everything that reads images in it. */
const pool = new DecoderPool();

/** What reads images, by the options of these names. */
export function wireReader({
  isolation = defaultIsolation(),
  scratchDir,
}: {
  isolation?: 'process' | 'none' | undefined;
  scratchDir?: string | undefined;
}): ImageReader {
  return isolation === 'process' ? new IsolatedReader(pool, scratchDir) : new LocalReader();
}
