import { MOVING_KINDS } from '../catalog/kinds.js';
import { layerOf, OBJECT_LAYERS } from '../catalog/layers.js';
import type { SolvedResult } from '../job/result.js';
import { type DisplayOptions, displaySize } from '../wcs/display.js';
import { type Box, createView, type SkyView } from '../wcs/view.js';
import type { Wcs } from '../wcs/wcs.js';
import { captionOf } from './captions.js';
import {
  constellationSize,
  type Drawing,
  drawConstellations,
  drawGreatCircle,
  drawGrid,
} from './draw-lines.js';
import { type DrawingOptions, layersOf } from './drawing-options.js';
import { textWidth } from './font.js';
import { bandHeight, drawFurniture } from './furniture.js';
import { type LabelRequest, type PlacedLabel, placeLabels } from './labels.js';
import { drawMarker, isFaint, type Marker, markerOf } from './markers.js';
import { drawMoving, spaceOfMoving } from './moving.js';
import { isSubject } from './names.js';
import {
  byImportance,
  drawLabel,
  labelBounds,
  labelOf,
  MUST_BE_NAMED,
  type ObjectLabel,
  requestOf,
  toldOf,
} from './object-labels.js';
import { PALETTES } from './palette.js';
import { constellationsIn, type DrawnConstellation } from './sky-lines.js';
import { escapeXml } from './svg.js';

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
  const drawing = { view, size, palette, layers: layersOf(options) };
  const inside = options.caption !== 'below';
  const captioned = drawing.layers.has('caption');
  const band = captioned && !inside ? bandHeight(size) : 0;
  const furniture: Box = {
    x: 0,
    y: view.height - (inside ? bandHeight(size) : 0),
    width: view.width,
    height: bandHeight(size),
  };
  const sky = drawSky(result, drawing, options, captioned && inside ? [furniture] : []);
  const total = view.height + band;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${view.width}" height="${total}" viewBox="0 0 ${view.width} ${total}">`,
    `<clipPath id="picture"><rect width="${view.width}" height="${view.height}"/></clipPath>`,
    `<g clip-path="url(#picture)">`,
    ...sky,
    '</g>',
    band > 0
      ? `<rect y="${view.height}" width="${view.width}" height="${band}" fill="${palette.strip}"/>`
      : '',
    captioned ? drawFurniture(view, furniture, captionOf(result), size, palette) : '',
    '</svg>',
  ]
    .filter((part) => part !== '')
    .join('\n');
  return { svg, width: view.width, height: view.height, band };
}

/**
 * All groups that lie over the picture, lowest first. Names of objects are laid down before those of constellations, and those of
 * lines last.
 */
function drawSky(result: SolvedResult, drawing: Drawing, options: DrawingOptions, covered: Box[]): string[] {
  const { view, layers } = drawing;
  const { subject } = result.astrometry;
  const figures = layers.has('constellations') ? constellationsIn(view, subject) : [];
  const labels = objectLabels(result, drawing, options);
  const { boxes, names } = placeNames(labels, figures, subject?.id, drawing, covered);
  const taken = [...covered, ...[...boxes, ...names].filter((box) => box !== undefined)];
  const circles = (['equator', 'ecliptic', 'galactic'] as const).filter((layer) => layers.has(layer));
  return [
    layers.has('grid') ? drawGrid(drawing, taken) : '',
    ...circles.map((layer) => drawGreatCircle(layer, drawing, taken)),
    drawConstellations(figures, names, drawing),
    ...drawObjects(labels, boxes, drawing),
  ];
}

/** A cloud that few look for, and of which hardly more than an arc would cross the picture. */
function onlyClutter({ object, radius }: Marker, view: SkyView): boolean {
  return isFaint(object) && radius > 0.4 * Math.min(view.width, view.height);
}

/** Where hardly anything is to be named: the subject and what stands out as much. */
const PROMINENT = 0.5;

function objectLabels(
  { astrometry: { objects, subject } }: SolvedResult,
  { view, size, layers }: Drawing,
  { layers: asked, style }: DrawingOptions,
): ObjectLabel[] {
  const written = new Set<string>();
  return objects
    .filter((object) => {
      if (asked === undefined && isSubject(object, subject)) return true;
      if (style === 'minimal' && (object.prominence ?? 0) < PROMINENT) return false;
      return layers.has(layerOf(object));
    })
    .toSorted(byImportance(subject))
    .flatMap((object) => markerOf(object, view, size * 0.6) ?? [])
    .filter((marker) => isSubject(marker.object, subject) || !onlyClutter(marker, view))
    .map((marker) => labelOf(marker, size, labelBounds(view, size).width, written));
}

function placeNames(
  labels: readonly ObjectLabel[],
  figures: readonly DrawnConstellation[],
  subject: string | undefined,
  { view, size }: Drawing,
  taken: readonly Box[],
): { boxes: (PlacedLabel | undefined)[]; names: (PlacedLabel | undefined)[] } {
  const bounds = labelBounds(view, size);
  const figureRequest = ({ name, symbol, middle }: DrawnConstellation): LabelRequest => {
    const type = constellationSize(size);
    return {
      at: middle,
      radius: 0,
      width: textWidth(name, type),
      height: type,
      gap: size * 0.4,
      leader: symbol === subject,
    };
  };
  // The constellation that is the subject comes before all objects.
  const first = figures.filter(({ symbol }) => symbol === subject);
  const rest = figures.filter(({ symbol }) => symbol !== subject);
  const requests = [
    ...first.map(figureRequest),
    ...labels.map((label, i) => requestOf(label, size, i < MUST_BE_NAMED)),
    ...rest.map(figureRequest),
  ];
  const placed = placeLabels(requests, {
    bounds,
    taken,
    avoid: labels.flatMap(({ marker }) => [
      marker.anchor,
      ...(MOVING_KINDS.has(marker.kind) ? spaceOfMoving(marker, view) : []),
    ]),
  });
  const ofFigures = new Map([
    ...first.map((figure, i) => [figure, placed[i]] as const),
    ...rest.map((figure, i) => [figure, placed[first.length + labels.length + i]] as const),
  ]);
  return {
    boxes: placed.slice(first.length, first.length + labels.length),
    names: figures.map((figure) => ofFigures.get(figure)),
  };
}

function drawObjects(
  labels: readonly ObjectLabel[],
  boxes: readonly (PlacedLabel | undefined)[],
  { view, size, palette }: Drawing,
): string[] {
  return OBJECT_LAYERS.flatMap((layer) => {
    const drawn = labels.flatMap((label, i) => {
      const box = boxes[i];
      // A star without a name beside it says nothing; a nebula's circle still does.
      const moves = layer === 'moving';
      if (layerOf(label.marker.object) !== layer || (!box && !label.marker.sized && !moves)) return [];
      const draw = moves ? drawMoving : drawMarker;
      const marker = draw(label.marker, view, size * 0.085, palette);
      return `<g><title>${escapeXml(toldOf(label.marker))}</title>${marker}${box ? drawLabel(label, box, palette) : ''}</g>`;
    });
    return drawn.length === 0 ? [] : `<g id="objects-${layer}" class="objects">\n${drawn.join('\n')}\n</g>`;
  });
}
