import { defaultIsolation } from '../defaults.js';
import { decoders } from './child/this-process.js';
import type { ImageReader } from './image-reader.js';
import { IsolatedReader } from './isolated-reader.js';
import { LocalReader } from './local-reader.js';

/** What reads images, by the options of these names. */
export function wireReader({
  isolation = defaultIsolation(),
  scratchDir,
}: {
  isolation?: 'process' | 'none' | undefined;
  scratchDir?: string | undefined;
}): ImageReader {
  return isolation === 'process' ? new IsolatedReader(decoders, scratchDir) : new LocalReader();
}
