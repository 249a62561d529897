import { DecoderPool } from './decoder-pool.js';

/** The children of this process that read images: they serve everything that reads images in it. */
export const decoders = new DecoderPool();
