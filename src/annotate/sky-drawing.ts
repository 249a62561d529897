import { kindOf, MOVING_KINDS } from '../catalog/kinds.js';
import { layerOf, OBJECT_LAYERS } from '../catalog/layers.js';
import type { AstroObject, Subject } from '../job/astrometry.js';
import type { Box, SkyView } from '../wcs/view.js';
import { type Drawing, drawConstellations, drawGreatCircle, drawGrid } from './draw-lines.js';
import { type LabelRequest, type PlacedLabel, placeLabels } from './labels.js';
import { LINE_HEIGHT } from './lettering.js';
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
  type Standing,
  standingOf,
  toldOf,
} from './object-labels.js';
import type { DrawnConstellation } from './sky-lines.js';
import { escapeXml } from './svg.js';

/** What a drawing shows. */
export interface Scene {
  objects: readonly AstroObject[];
  subject: Subject | undefined;
  figures: readonly DrawnConstellation[];
  /** Nothing is written over these. */
  covered: readonly Box[];
}

export interface DrawnObject {
  label: ObjectLabel;
  /** Where its name stands; undefined where there was no space. */
  box: PlacedLabel | undefined;
}

export interface SkyDrawing {
  /** Grid, great circles and constellations, as SVG groups, lowest first. */
  lines: string[];
  /** The objects over them, a group for each layer. */
  marks: string[];
  /** What is marked, the most important first. */
  objects: DrawnObject[];
  /** Where something is written, or covered. */
  taken: Box[];
}

/**
 * Draws objects, constellations and lines, in a file and on the page alike. Names of objects are laid down before those of
 * constellations, and those of lines last.
 */
export function drawSky(scene: Scene, drawing: Drawing): SkyDrawing {
  const { layers } = drawing;
  const { figures, covered } = scene;
  const labels = objectLabels(scene, drawing);
  const { boxes, names } = placeNames(labels, scene, drawing);
  const taken = [...covered, ...[...boxes, ...names].filter((box) => box !== undefined)];
  const objects = labels.flatMap((label, i): DrawnObject[] => {
    const box = boxes[i];
    // A star without a name beside it says nothing; a nebula's circle still does.
    return box || label.marker.sized || MOVING_KINDS.has(label.marker.kind) ? [{ label, box }] : [];
  });
  const circles = (['equator', 'ecliptic', 'galactic'] as const).filter((layer) => layers.has(layer));
  const lines = [
    layers.has('grid') ? drawGrid(drawing, taken) : '',
    ...circles.map((layer) => drawGreatCircle(layer, drawing, taken)),
    drawConstellations(figures, names, drawing),
  ].filter((group) => group !== '');
  return { lines, marks: drawObjects(objects, drawing), objects, taken };
}

/** A cloud that few look for, and of which hardly more than an arc would cross the picture. */
function onlyClutter({ object, radius }: Marker, view: SkyView): boolean {
  return isFaint(object) && radius > 0.4 * Math.min(view.width, view.height);
}

/** A star of unknown brightness is taken for a faint one. */
const UNKNOWN_MAG = 99;

/** Of a plain sign's radius, in type sizes. */
export const SIGN = 0.6;

/** Type size of the name of a constellation. */
const constellationSize = (size: number) => size * 1.05;

function objectLabels({ objects, subject }: Scene, drawing: Drawing): ObjectLabel[] {
  const { view, size, dotRadius } = drawing;
  const written = new Set<string>();
  const space = labelBounds(view, size).width;
  return objects
    .toSorted(byImportance(subject))
    .flatMap((object) => {
      const isDot = dotRadius !== undefined && kindOf(object.type) === 'star';
      return markerOf(object, view, isDot ? dotRadius(object.magnitude ?? UNKNOWN_MAG) : size * SIGN) ?? [];
    })
    .filter((marker) => isSubject(marker.object, subject) || !onlyClutter(marker, view))
    .map((marker, rank) =>
      labelOf(marker, standingOf(marker.object, subject, rank), space, written, drawing),
    );
}

function placeNames(
  labels: readonly ObjectLabel[],
  { figures, subject, covered }: Scene,
  { view, size, large, lettering }: Drawing,
): { boxes: (PlacedLabel | undefined)[]; names: (PlacedLabel | undefined)[] } {
  const bounds = labelBounds(view, size);
  const figureRequest = ({ name, symbol, middle }: DrawnConstellation): LabelRequest => {
    const type = symbol === subject?.id ? large : constellationSize(size);
    return {
      at: middle,
      radius: 0,
      width: lettering.width(name, type),
      height: type * LINE_HEIGHT,
      gap: size * 0.4,
      leader: symbol === subject?.id,
    };
  };
  // The constellation that is the subject comes before all objects.
  const first = figures.filter(({ symbol }) => symbol === subject?.id);
  const rest = figures.filter(({ symbol }) => symbol !== subject?.id);
  const requests = [
    ...first.map(figureRequest),
    ...labels.map((label, i) => requestOf(label, size, i < MUST_BE_NAMED)),
    ...rest.map(figureRequest),
  ];
  const placed = placeLabels(requests, {
    bounds,
    taken: covered,
    contains: view.contains,
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
  objects: readonly DrawnObject[],
  { view, size, large, palette, lettering, dotRadius }: Drawing,
): string[] {
  const plain = size * 0.085;
  const strokes: Record<Standing, number> = {
    subject: Math.max(plain, large * 0.07),
    prominent: Math.max(plain, large * 0.045),
    lesser: plain,
  };
  // What matters most comes last, over the outlines of all else.
  const rising = objects.toReversed();
  return OBJECT_LAYERS.toReversed().flatMap((layer) => {
    const drawn = rising.flatMap(({ label, box }) => {
      if (layerOf(label.marker.object) !== layer) return [];
      const draw = layer === 'moving' ? drawMoving : drawMarker;
      const isDot = dotRadius !== undefined && label.marker.kind === 'star';
      const marker = isDot ? '' : draw(label.marker, view, strokes[label.standing], palette);
      return `<g><title>${escapeXml(toldOf(label.marker))}</title>${marker}${box ? drawLabel(label, box, palette, lettering) : ''}</g>`;
    });
    return drawn.length === 0 ? [] : `<g id="objects-${layer}" class="objects">\n${drawn.join('\n')}\n</g>`;
  });
}
