import { closeSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { STAR_FILE_HEAD_BYTES, starFileHead } from '../../engine/star-file.js';
import { packageFile } from '../../package-files.js';

/** A file of stars that npm has installed. */
export interface PackagedStarFile {
  path: string;
  checksum: number;
  /** How many stars it says it has. */
  count: number;
}

/** Where the package's own stars are. */
export const ownStarFile = () => packageFile('data', 'stars.bin');
/** A package with more stars, that may be installed beside this one. */
const DENSE = 'astro-jobs-stars-dense/stars.bin';

/**
 * The stars to solve with: of the dense package where it is installed, else the package's own.
 * @throws Error of `node:fs`, StarFileError when the package's own cannot be read
 */
export function packagedStarFile(): PackagedStarFile {
  found ??= findStarFile();
  return found;
}

/** Of this process, which holds the stars in memory too. */
let found: PackagedStarFile | undefined;

function findStarFile(): PackagedStarFile {
  const dense = densePath();
  if (dense === undefined) return describe(ownStarFile());
  try {
    return describe(dense);
  } catch {
    return describe(ownStarFile());
  }
}

function densePath(): string | undefined {
  try {
    return createRequire(packageFile('package.json')).resolve(DENSE);
  } catch {
    return undefined;
  }
}

function describe(path: string): PackagedStarFile {
  const file = openSync(path, 'r');
  try {
    const head = new Uint8Array(STAR_FILE_HEAD_BYTES);
    readSync(file, head, 0, head.length, 0);
    return { path, ...starFileHead(head) };
  } finally {
    closeSync(file);
  }
}
