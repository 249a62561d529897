import { constellationFigures } from '../catalog/figures.js';
import { layerOf } from '../catalog/layers.js';
import type { AstroObject, Subject } from '../job/astrometry.js';
import type { SolvedResult } from '../job/result.js';
import { type DisplayOptions, displaySize } from '../wcs/display.js';
import { createView, type SkyView } from '../wcs/view.js';
import type { Wcs } from '../wcs/wcs.js';
import { captionOf } from './captions.js';
import { type CaptionPlace, documentOf, furnitureBox, type Overlay, typeSizes } from './document.js';
import { type DrawingOptions, groundOf, type Layer, layersOf } from './drawing-options.js';
import { isSubject } from './names.js';
import { outlines } from './outlines.js';
import { paletteOf } from './palette.js';
import { drawSky } from './sky-drawing.js';
import { constellationsIn, type DrawnConstellation, isWide } from './sky-lines.js';

export interface OverlayOptions extends DrawingOptions {
  /** Row order and EXIF orientation of the image: how its pixels become what a person sees. */
  display: DisplayOptions;
  /** Where caption, scale bar and compass are: in a band below the picture, or inside it. @default 'inside' */
  caption?: CaptionPlace;
}

/**
 * The overlay of a solved image, without a background: objects marked at their true size and named, constellations, equatorial grid,
 * caption, scale bar and compass. Every layer is a group of its own (`#grid`, `#constellations`, `#objects-messier`, … `#caption`,
 * `#scale`, `#compass`; class `objects`), so that a page can switch it on and off.
 */
export function overlaySvg(result: SolvedResult, wcs: Wcs, options: OverlayOptions): Overlay {
  const { display, caption: place = 'inside' } = options;
  const view = createView(wcs, display, Math.round(options.width ?? displaySize(wcs, display).width));
  const palette = paletteOf(options.palette, groundOf(options));
  const lettering = outlines(palette.halo);
  const drawing = { view, ...typeSizes(view, lettering), palette, lettering, layers: layersOf(options) };
  const { subject } = result.astrometry;
  const furniture = { caption: captionOf(result) };
  const box = furnitureBox(furniture, drawing, place);
  const { lines, marks } = drawSky(
    {
      objects: drawnObjects(result, drawing.layers, options),
      subject,
      figures: drawnFigures(view, subject, options),
      covered: box && place === 'inside' ? [box] : [],
    },
    drawing,
  );
  return documentOf([...lines, ...marks], furniture, drawing, { place });
}

/** The constellations of a wide picture; one that is the subject in any, unless layers were named. */
export function drawnFigures(
  view: SkyView,
  subject: Subject | undefined,
  options: DrawingOptions,
): DrawnConstellation[] {
  const all = layersOf(options).has('constellations');
  if (!all && options.layers !== undefined) return [];
  return constellationsIn(view, constellationFigures(), { subject, wide: all && isWide(view) });
}

/** Where hardly anything is to be named: the subject and what stands out as much. */
const PROMINENT = 0.5;

/** Those of a result that the options ask for. */
export function drawnObjects(
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
