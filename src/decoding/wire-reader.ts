import { defaultIsolation } from '../defaults.js';
import { DecoderPool } from './child/decoder-pool.js';
import type { ImageReader } from './image-reader.js';
import { IsolatedReader } from './isolated-reader.js';
import { LocalReader } from './local-reader.js';

/** The children of this process serve everything that reads images in it. */
const pool = new DecoderPool();

/** What reads images, by the option `isolation`. */
export function wireReader(isolation: 'process' | 'none' = defaultIsolation()): ImageReader {
  return isolation === 'process' ? new IsolatedReader(pool) : new LocalReader();
}
