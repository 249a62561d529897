import { readFileSync } from 'node:fs';
import { Engine } from '../../src/engine/engine.js';
import { PackagedStars } from '../../src/engine/packaged-stars.js';

/** The star file of the package. */
export function packagedBytes(): Uint8Array {
  return readFileSync(new URL('../../data/stars.bin', import.meta.url));
}

/** The package's own stars, with an engine that searches them. */
export function packagedEngine(): { stars: PackagedStars; engine: Engine } {
  const stars = new PackagedStars(packagedBytes());
  return { stars, engine: new Engine([stars]) };
}
