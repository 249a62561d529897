import type { Drawing } from '../../annotate/draw-lines.js';
import { placeLabels } from '../../annotate/labels.js';
import type { Lettering } from '../../annotate/lettering.js';
import { drawMarker, type Marker, markerOf } from '../../annotate/markers.js';
import { drawLabel, labelBounds, labelOf, requestOf } from '../../annotate/object-labels.js';
import { type Palette, type PaletteName, paletteOf } from '../../annotate/palette.js';
import { drawBar, drawCompass, scaleBar } from '../../annotate/scale-and-compass.js';
import { type DrawnObject, drawSky, SIGN } from '../../annotate/sky-drawing.js';
import { constellationsIn } from '../../annotate/sky-lines.js';
import { n } from '../../annotate/svg.js';
import type { ConstellationFigure } from '../../catalog/figure.js';
import type { AstroObject } from '../../client/index.js';
import type { Subject } from '../../job/astrometry.js';
import type { Point, Size } from '../../wcs/display.js';
import type { Box, SkyView } from '../../wcs/view.js';
import { isShown, type Layer } from './layers.js';

export interface PageScene {
  objects: readonly AstroObject[];
  subject: Subject | undefined;
  layers: ReadonlySet<Layer>;
  palette: PaletteName;
  figures: ReadonlyMap<string, ConstellationFigure>;
  /** Whether the whole picture is wide enough for constellations. */
  wide: boolean;
}

/** What lies over the picture, as it was last drawn. */
export interface Overlay {
  /** In pixels of the screen. */
  svg: string;
  /** The object whose sign, outline or name is at a point. */
  at(point: Point, reach: number): AstroObject | undefined;
  /** An object ringed and named over all others. */
  highlight(object: AstroObject): string;
}

/** Type size, pixels of the screen. */
const SIZE = 14;
/** Of the subject and of what stands out most. */
const LARGE = 17;
/** Lower right corner, where scale and compass are. */
const CORNER = { width: 210, height: 88 };

/**
 * Draws over the picture what files have over it, by the same code, at the size of the screen.
 * @param buttons the upper left corner that they take
 */
export function drawOverlay(scene: PageScene, view: SkyView, lettering: Lettering, buttons: Size): Overlay {
  const { layers, subject } = scene;
  const palette = paletteOf(scene.palette);
  const lines = (['grid', 'ecliptic', 'equator', 'galactic'] as const).filter((layer) => layers.has(layer));
  const drawing: Drawing = { view, size: SIZE, large: LARGE, palette, lettering, layers: new Set(lines) };
  const corner: Box = { x: view.width - CORNER.width, y: view.height - CORNER.height, ...CORNER };
  const sky = drawSky(
    {
      objects: scene.objects.filter((object) => isShown(object, layers)),
      subject,
      figures: layers.has('constellations')
        ? constellationsIn(view, scene.figures, { subject, wide: scene.wide })
        : [],
      covered: [corner, { x: 0, y: 0, ...buttons }],
    },
    drawing,
  );
  const { x, y, width, height } = view.visible;
  const bar = scaleBar(view);
  return {
    svg: [
      `<clipPath id="visible-sky"><rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}"/></clipPath>`,
      `<g clip-path="url(#visible-sky)">${[...sky.lines, ...sky.marks].join('')}</g>`,
      `<g id="scale">${drawBar(bar, [view.width - 96 - bar.length, view.height - 26], drawing)}</g>`,
      `<g id="compass">${drawCompass([view.width - 46, view.height - 44], 40, drawing)}</g>`,
    ].join(''),
    at: (point, reach) => objectAt(sky.objects, point, reach),
    highlight: (object) => drawHighlight(object, sky.objects, sky.taken, drawing),
  };
}

/** Distance of a point from what is drawn of an object, pixels. */
function distanceTo({ label: { marker }, box }: DrawnObject, [x, y]: Point): number {
  if (box && x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height) return 0;
  const { at, radius, outline } = marker;
  const away = Math.hypot(at[0] - x, at[1] - y);
  const fromRim = outline
    ? Math.min(...outline.map((point) => Math.hypot(point[0] - x, point[1] - y)))
    : Math.abs(away - radius);
  return Math.min(away, fromRim);
}

function objectAt(drawn: readonly DrawnObject[], point: Point, reach: number): AstroObject | undefined {
  const nearest = (candidates: readonly (readonly [DrawnObject, number])[]) =>
    candidates.toSorted(([, one], [, other]) => one - other)[0]?.[0].label.marker.object;
  const inReach = drawn
    .map((one) => [one, distanceTo(one, point)] as const)
    .filter(([, away]) => away <= reach);
  if (inReach.length > 0) return nearest(inReach);
  // The smallest of those around the point.
  const around = drawn.filter(({ label: { marker } }) => {
    const away = Math.hypot(marker.at[0] - point[0], marker.at[1] - point[1]);
    return marker.sized && away < marker.radius;
  });
  return nearest(around.map((one) => [one, one.label.marker.radius] as const));
}

function drawHighlight(
  object: AstroObject,
  drawn: readonly DrawnObject[],
  taken: readonly Box[],
  drawing: Drawing,
): string {
  const { view, size, palette, lettering } = drawing;
  const known = drawn.find(({ label }) => label.marker.object === object);
  const marker = known?.label.marker ?? markerOf(object, view, size * SIGN);
  if (!marker) return '';
  const bounds = labelBounds(view, size);
  const label = labelOf(marker, 'lesser', bounds.width, new Set(), drawing);
  const strong = { ...(known?.label ?? label), weight: 'bold', opacity: 1 } as const;
  const [box] = known?.box
    ? [known.box]
    : placeLabels([requestOf(label, size, true)], { bounds, taken, avoid: [] });
  return [
    `<g class="highlight">`,
    drawMarker(marker, view, size * 0.2, palette),
    ticks(marker, palette),
    box ? drawLabel(strong, box, palette, lettering) : '',
    '</g>',
  ].join('');
}

/** Four short lines that point at a marker. */
function ticks({ at: [x, y], radius }: Marker, { ink, halo }: Palette): string {
  const d = [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ]
    .map(([dx = 0, dy = 0]) => {
      const [from, to] = [radius + 4, radius + 15];
      return `M${n(x + dx * from)} ${n(y + dy * from)}L${n(x + dx * to)} ${n(y + dy * to)}`;
    })
    .join('');
  return `<path d="${d}" stroke="${halo.color}" stroke-width="4.5" stroke-opacity="${halo.opacity}"/><path d="${d}" stroke="${ink}" stroke-width="2"/>`;
}
