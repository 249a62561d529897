import { extname } from 'node:path';

/**
 * How files of pictures are called, for a caller who looks through a folder. What a file that was named holds is told by its
 * content, and its name plays no part.
 */
const EXTENSIONS: readonly string[] = [
  ...['jpg', 'jpeg', 'jpe', 'png', 'tif', 'tiff', 'webp', 'avif', 'heif', 'heic', 'jxl', 'gif', 'bmp'],
  ...['pgm', 'ppm', 'pnm', 'pfm', 'fit', 'fits', 'fts', 'xisf', 'ser'],
  ...['cr2', 'cr3', 'nef', 'nrw', 'arw', 'dng', 'orf', 'raf', 'rw2', 'pef', 'srw', 'erf'],
];
const COMPRESSED = /\.(?:fz|gz|bz2|zst)$/i;
const FITS = /\.(?:fits?|fts)$/i;

/** Whether a file is called like a picture, FITS compressed as a whole included. */
export function isPictureName(name: string): boolean {
  if (COMPRESSED.test(name)) return FITS.test(name.replace(COMPRESSED, ''));
  return EXTENSIONS.includes(extname(name).slice(1).toLowerCase());
}
