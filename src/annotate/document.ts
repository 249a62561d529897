import type { Box } from '../wcs/view.js';
import type { Drawing } from './draw-lines.js';
import { bandHeight, drawFurniture, type Furniture } from './furniture.js';

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

/** Type size for a picture, pixels: legible when the whole of it is looked at. */
export const typeSize = (width: number, height: number) => Math.max(11, Math.sqrt(width * height) * 0.0118);

/** What the furniture takes of a picture, or of the ground below it; undefined where no caption is asked for. */
export function furnitureBox({ view, size, layers }: Drawing, place: CaptionPlace): Box | undefined {
  if (!layers.has('caption')) return undefined;
  const height = bandHeight(size);
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
  const box = furnitureBox(drawing, place);
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
