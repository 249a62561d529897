import { IndexFileError } from './error.js';
import type { Header } from './header.js';
import type { HealpixCell } from './healpix.js';

/** Which quads an index file holds, and of which part of the sky: what a search chooses files by. */
export interface IndexCoverage {
  /** Stars in a quad. */
  dimQuads: 3 | 4 | 5;
  /** Diameters of the quads, the distance of A and B, radians. */
  quadSize_rad: {
    /** The smallest. */
    low: number;
    /** The largest. */
    high: number;
  };
  /** The part of the sky that it holds; absent when it holds all of it. */
  cell?: HealpixCell;
}

/**
 * @param primary the file's first header, see `readPrimary`.
 * @throws IndexFileError `corrupt`, `unsupported`.
 */
export function readCoverage(primary: Header): IndexCoverage {
  const dimQuads = primary.count('DIMQUADS', 0, 4);
  if (dimQuads !== 3 && dimQuads !== 4 && dimQuads !== 5)
    throw new IndexFileError('unsupported', `The quads have ${dimQuads} stars; index files have 3, 4 or 5`);
  const [low, high] = [primary.number('SCALE_L'), primary.number('SCALE_U')];
  if (low === undefined || high === undefined || low < 0 || high < low)
    throw new IndexFileError('corrupt', 'The header has no usable SCALE_L and SCALE_U');
  const cell = readCell(primary);
  return { dimQuads, quadSize_rad: { low, high }, ...(cell && { cell }) };
}

function readCell(primary: Header): IndexCoverage['cell'] {
  const healpix = primary.count('HEALPIX', -1, -1);
  if (healpix < 0) return undefined;
  const nside = primary.count('HPNSIDE', 1, 1);
  if (healpix >= 12 * nside ** 2)
    throw new IndexFileError('corrupt', `There is no HEALPix cell ${healpix} of nside ${nside}`);
  return { nside, healpix };
}
