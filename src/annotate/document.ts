import type { Size } from '../wcs/display.js';
import type { Box } from '../wcs/view.js';
import type { Drawing } from './draw-lines.js';
import { bandHeight, drawFurniture, type Furniture } from './furniture.js';
import type { Lettering } from './lettering.js';

/** Where caption, scale bar and compass are: in a band below the picture, or inside it. */
export type CaptionPlace = 'below' | 'inside';

export interface Overlay {
  /** A whole SVG document: paths only, no text elements, no fonts. */
  svg: string;
  /** Pixels of the picture, and of the band below it (0 unless asked for). */
  width: number;
  height: number;
  band: number;
}

/** A capital of large type is so high, of the longer side: 9 pixels in a picture of 400. */
const LARGE_CAPITAL = 9 / 400;

/**
 * Type sizes for a picture, pixels: the plain one is legible when the whole of it is looked at; the large one where it is shown at a
 * quarter of its size, too, if its longer side is 1600 pixels or more.
 */
export function typeSizes({ width, height }: Size, lettering: Lettering): { size: number; large: number } {
  const size = Math.max(11, Math.sqrt(width * height) * 0.0118);
  const capital = Math.max(width, height) * LARGE_CAPITAL;
  return { size, large: Math.max(size, capital / lettering.capHeight(1)) };
}

/** What the furniture takes of a picture, or of the ground below it; undefined where no caption is asked for. */
export function furnitureBox(furniture: Furniture, drawing: Drawing, place: CaptionPlace): Box | undefined {
  const { view, layers } = drawing;
  if (!layers.has('caption')) return undefined;
  const height = bandHeight(furniture, drawing);
  return { x: 0, y: view.height - (place === 'inside' ? height : 0), width: view.width, height };
}

/** SVG groups, clipped to the picture, and the furniture as a document. A `ground` is laid under them. */
export function documentOf(
  groups: readonly string[],
  furniture: Furniture,
  drawing: Drawing,
  { place, ground }: { place: CaptionPlace; ground?: string },
): Overlay {
  const { view, palette } = drawing;
  const { width, height } = view;
  const box = furnitureBox(furniture, drawing, place);
  const band = box && place === 'below' ? box.height : 0;
  const total = height + band;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}">`,
    `<clipPath id="picture"><rect width="${width}" height="${height}"/></clipPath>`,
    ground === undefined ? '' : `<rect width="${width}" height="${height}" fill="${ground}"/>`,
    `<g clip-path="url(#picture)">`,
    ...groups,
    '</g>',
    band > 0 ? `<rect y="${height}" width="${width}" height="${band}" fill="${palette.strip}"/>` : '',
    box ? drawFurniture(drawing, box, furniture) : '',
    '</svg>',
  ]
    .filter((part) => part !== '')
    .join('\n');
  return { svg, width, height, band };
}
