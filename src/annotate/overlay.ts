import { constellationFigures } from '../catalog/figures.js';
import { layerOf } from '../catalog/layers.js';
import type { AstroObject } from '../job/astrometry.js';
import type { SolvedResult } from '../job/result.js';
import { type DisplayOptions, displaySize } from '../wcs/display.js';
import { type Box, createView } from '../wcs/view.js';
import type { Wcs } from '../wcs/wcs.js';
import { captionOf } from './captions.js';
import { type DrawingOptions, type Layer, layersOf } from './drawing-options.js';
import { bandHeight, drawFurniture } from './furniture.js';
import { isSubject } from './names.js';
import { OUTLINES } from './outlines.js';
import { PALETTES } from './palette.js';
import { drawSky } from './sky-drawing.js';
import { constellationsIn, isWide } from './sky-lines.js';

export interface OverlayOptions extends DrawingOptions {
  /** Row order and EXIF orientation of the image: how its pixels become what a person sees. */
  display: DisplayOptions;
  /** Where caption, scale bar and compass are: in a band below the picture, or inside it. @default 'inside' */
  caption?: 'below' | 'inside';
}

export interface Overlay {
  /** A whole SVG document without a background: paths only, no text elements, no fonts. */
  svg: string;
  /** Pixels of the picture, and of the band below it (0 unless asked for). */
  width: number;
  height: number;
  band: number;
}

/** Type size for a picture, pixels: legible when the whole of it is looked at. */
const typeSize = (width: number, height: number) => Math.max(11, Math.sqrt(width * height) * 0.0118);

/**
 * The overlay of a solved image: objects marked at their true size and named, constellations, equatorial grid, caption, scale bar
 * and compass. Every layer is a group of its own (`#grid`, `#constellations`, `#objects-messier`, … `#caption`, `#scale`,
 * `#compass`; class `objects`), so that a page can switch it on and off.
 */
export function overlaySvg(result: SolvedResult, wcs: Wcs, options: OverlayOptions): Overlay {
  const view = createView(
    wcs,
    options.display,
    Math.round(options.width ?? displaySize(wcs, options.display).width),
  );
  const size = typeSize(view.width, view.height);
  const palette = PALETTES[options.palette ?? 'standard'];
  const drawing = { view, size, palette, lettering: OUTLINES, layers: layersOf(options) };
  const inside = options.caption !== 'below';
  const captioned = drawing.layers.has('caption');
  const band = captioned && !inside ? bandHeight(size) : 0;
  const furniture: Box = {
    x: 0,
    y: view.height - (inside ? bandHeight(size) : 0),
    width: view.width,
    height: bandHeight(size),
  };
  const { subject } = result.astrometry;
  const { groups } = drawSky(
    {
      objects: drawnObjects(result, drawing.layers, options),
      subject,
      figures: drawing.layers.has('constellations')
        ? constellationsIn(view, constellationFigures(), { subject, wide: isWide(view) })
        : [],
      covered: captioned && inside ? [furniture] : [],
    },
    drawing,
  );
  const total = view.height + band;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${view.width}" height="${total}" viewBox="0 0 ${view.width} ${total}">`,
    `<clipPath id="picture"><rect width="${view.width}" height="${view.height}"/></clipPath>`,
    `<g clip-path="url(#picture)">`,
    ...groups,
    '</g>',
    band > 0
      ? `<rect y="${view.height}" width="${view.width}" height="${band}" fill="${palette.strip}"/>`
      : '',
    captioned ? drawFurniture(drawing, furniture, captionOf(result)) : '',
    '</svg>',
  ]
    .filter((part) => part !== '')
    .join('\n');
  return { svg, width: view.width, height: view.height, band };
}

/** Where hardly anything is to be named: the subject and what stands out as much. */
const PROMINENT = 0.5;

function drawnObjects(
  { astrometry: { objects, subject } }: SolvedResult,
  layers: ReadonlySet<Layer>,
  { layers: asked, style }: DrawingOptions,
): AstroObject[] {
  return objects.filter((object) => {
    if (asked === undefined && isSubject(object, subject)) return true;
    if (style === 'minimal' && (object.prominence ?? 0) < PROMINENT) return false;
    return layers.has(layerOf(object));
  });
}
