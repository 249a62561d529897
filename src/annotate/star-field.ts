import type { Sharp } from 'sharp';
import sharp from '../image/sharp.js';
import type { StarTable } from '../image/star-columns.js';
import { type DisplayOptions, displayFrame, type Size } from '../wcs/display.js';
import { n } from './svg.js';

/** So many magnitudes below the brightest star the dots are smallest. */
const SPAN_MAG = 6;
/** Radius of the dot of the brightest star, of the picture's longer side. */
const LARGEST = 0.0055;

/** The picture of a list of stars, which has no pixels: white dots on black, by their brightness. `stored` is the size of the image. */
export function starField(display: DisplayOptions, stars: StarTable, stored: Size, size: Size): Sharp {
  const frame = displayFrame(stored, display);
  const brightest = stars.flux.reduce((most, flux) => Math.max(most, flux), 0);
  const largest = LARGEST * Math.max(size.width, size.height);
  const dots = stars.x.map((x, i) => {
    // The columns of a table are of one length.
    const [left, top] = frame.toPicture(x, stars.y[i] ?? Number.NaN);
    const flux = stars.flux[i] ?? 0;
    const fainter = flux > 0 ? 2.5 * Math.log10(brightest / flux) : SPAN_MAG / 2;
    const radius = largest * Math.max(0.16, 1 - fainter / SPAN_MAG);
    return `<circle cx="${n((left * size.width) / frame.width)}" cy="${n((top * size.height) / frame.height)}" r="${n(radius)}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}"><rect width="100%" height="100%" fill="#000"/><g fill="#fff">${dots.join('')}</g></svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().toColourspace('srgb');
}
