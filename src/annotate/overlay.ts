import { OBJECT_KINDS, type ObjectKind } from '../catalog/kinds.js';
import type { AstroObject, SolvedResult } from '../job/result.js';
import { type DisplayOptions, displaySize } from '../wcs/display.js';
import { equatorialGrid } from '../wcs/grid.js';
import { type Box, createView, type SkyView } from '../wcs/view.js';
import type { Wcs } from '../wcs/wcs.js';
import { captionOf } from './captions.js';
import { capHeight, textWidth, type Weight } from './font.js';
import { bandHeight, drawFurniture } from './furniture.js';
import { gridLabelBox, placeLabels } from './labels.js';
import { drawMarker, importance, type Marker, markerOf, voiceOf } from './markers.js';
import { GRID_COLOR, KIND_COLORS, STRIP } from './palette.js';
import { escapeXml, n, polyline, text } from './svg.js';

export interface OverlayOptions {
  /** Row order and EXIF orientation of the image: how its pixels become what a person sees. */
  display: DisplayOptions;
  /** Pixels of the overlay; the height follows. @default the width of the image as it is shown */
  width?: number;
  /** Only objects of these kinds. @default all */
  kinds?: readonly ObjectKind[];
  /** Equatorial grid. @default true */
  grid?: boolean;
  /** Caption, scale bar and compass: in a band below the picture, inside it, or not at all. @default 'inside' */
  caption?: 'below' | 'inside' | 'none';
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
 * The overlay of a solved image: objects circled at their true size and named, equatorial grid, caption, scale bar and
 * compass. Every kind of thing is a group of its own (`#grid`, `#objects-galaxy`, … `#caption`, `#scale`, `#compass`;
 * class `objects`), so that a page can switch it on and off.
 */
export function overlaySvg(result: SolvedResult, wcs: Wcs, options: OverlayOptions): Overlay {
  const view = createView(
    wcs,
    options.display,
    Math.round(options.width ?? displaySize(wcs, options.display).width),
  );
  const size = typeSize(view.width, view.height);
  const caption = options.caption ?? 'inside';
  const band = caption === 'below' ? bandHeight(size) : 0;
  const furniture: Box | undefined =
    caption === 'none'
      ? undefined
      : {
          x: 0,
          y: view.height - (caption === 'inside' ? bandHeight(size) : 0),
          width: view.width,
          height: bandHeight(size),
        };
  const taken: Box[] = caption === 'inside' && furniture ? [furniture] : [];

  const grid = options.grid === false ? '' : drawGrid(view, size, taken);
  const wanted = new Set(options.kinds ?? OBJECT_KINDS);
  const objects = drawObjects(result.astrometry.objects, view, size, taken, wanted);
  const rest = furniture ? drawFurniture(view, furniture, captionOf(result), size) : '';
  const strip =
    band > 0 ? `<rect y="${view.height}" width="${view.width}" height="${band}" fill="${STRIP}"/>` : '';
  const total = view.height + band;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${view.width}" height="${total}" viewBox="0 0 ${view.width} ${total}">`,
    `<clipPath id="picture"><rect width="${view.width}" height="${view.height}"/></clipPath>`,
    `<g clip-path="url(#picture)">`,
    grid,
    objects,
    '</g>',
    strip,
    rest,
    '</svg>',
  ]
    .filter((part) => part !== '')
    .join('\n');
  return { svg, width: view.width, height: view.height, band };
}

/** The lines, and their labels at the edge where there is space; the labels' boxes are added to `taken`. */
function drawGrid(view: SkyView, size: number, taken: Box[]): string {
  const lines = equatorialGrid(view);
  const d = lines.flatMap(({ pieces }) => pieces.map((piece) => polyline(piece))).join('');
  const style = { size: size * 0.74, color: GRID_COLOR, opacity: 0.9 };
  const labels = lines.flatMap((line) => {
    const extent = { width: textWidth(line.label, style.size), height: style.size * 1.1 };
    const box = gridLabelBox(view, line, extent, style.size * 0.5, taken);
    if (!box) return [];
    taken.push(box);
    return text(line.label, box.x, box.y + (box.height + capHeight(style.size)) / 2, style);
  });
  return `<g id="grid"><path d="${d}" fill="none" stroke="${GRID_COLOR}" stroke-width="${n(size * 0.055)}" stroke-opacity="0.38"/>${labels.join('')}</g>`;
}

interface Label {
  marker: Marker;
  name: string;
  detail: string;
  size: number;
  weight: Weight;
  opacity: number;
}

const DETAIL = 0.74;
const LINE = 1.25;

/** `named` holds the names that are written already: the second part of a group is called by its number. */
function labelOf(marker: Marker, size: number, named: Set<string>): Label {
  const { object, kind } = marker;
  const designations = (object.names ?? []).filter((name) =>
    /^(M|NGC|IC|C|Sh2|B|LDN|RCW|vdB|Abell)[ -]/.test(name),
  );
  const name = named.has(object.name) ? (designations[0] ?? object.name) : object.name;
  named.add(object.name);
  const detail = kind === 'star' || designations.includes(name) ? '' : designations.slice(0, 2).join(' · ');
  const voice = voiceOf(object);
  const weight = voice === 'named' && kind !== 'star' && name === object.name ? 'bold' : 'regular';
  const scale = voice === 'survey' ? 0.78 : kind === 'star' ? 0.86 : 1;
  return {
    marker,
    name,
    detail,
    size: size * scale,
    weight,
    opacity: voice === 'survey' ? 0.75 : 1,
  };
}

/** A cloud that only a survey knows, and of which hardly more than an arc would cross the picture. */
function onlyClutter({ object, radius }: Marker, view: SkyView): boolean {
  return voiceOf(object) === 'survey' && radius > 0.4 * Math.min(view.width, view.height);
}

function drawObjects(
  objects: readonly AstroObject[],
  view: SkyView,
  size: number,
  taken: readonly Box[],
  wanted: ReadonlySet<ObjectKind>,
): string {
  const markers = objects
    .map((object) => markerOf(object, view, size * 0.6))
    .filter((marker) => marker !== undefined)
    .filter((marker) => wanted.has(marker.kind) && !onlyClutter(marker, view))
    .sort((a, b) => importance(a.object) - importance(b.object));
  const named = new Set<string>();
  const labels = markers.map((marker) => labelOf(marker, size, named));
  const boxes = placeLabels(
    labels.map(({ marker, name, detail, size: own, weight }) => ({
      at: marker.anchor.at,
      radius: marker.anchor.radius,
      width: Math.max(textWidth(name, own, weight), textWidth(detail, own * DETAIL)),
      height: own * (detail === '' ? 1 : 1 + DETAIL * LINE),
      gap: size * 0.4,
    })),
    {
      bounds: {
        x: size * 0.4,
        y: size * 0.4,
        width: view.width - size * 0.8,
        height: view.height - size * 0.8,
      },
      taken,
      avoid: markers.map(({ anchor }) => anchor),
    },
  );
  return OBJECT_KINDS.map((kind) => {
    const drawn = labels.map((label, i) => {
      const box = boxes[i];
      // A star without a name beside it says nothing; a nebula's circle still does.
      if (label.marker.kind !== kind || (!box && !label.marker.sized)) return '';
      return `<g><title>${escapeXml(label.name)}</title>${drawMarker(label.marker, view, size * 0.085)}${box ? drawLabel(label, box) : ''}</g>`;
    });
    const content = drawn.filter((part) => part !== '').join('\n');
    return content === '' ? '' : `<g id="objects-${kind}" class="objects">\n${content}\n</g>`;
  })
    .filter((group) => group !== '')
    .join('\n');
}

function drawLabel({ marker, name, detail, size, weight, opacity }: Label, box: Box): string {
  const color = KIND_COLORS[marker.kind];
  // Set towards the marker.
  const anchor = box.x + box.width / 2 < marker.anchor.at[0] - size ? 'end' : 'start';
  const x = anchor === 'end' ? box.x + box.width : box.x;
  const baseline = box.y + (size + capHeight(size)) / 2;
  return (
    text(name, x, baseline, { size, color, anchor, weight, opacity }) +
    (detail === ''
      ? ''
      : text(detail, x, baseline + size * DETAIL * LINE, {
          size: size * DETAIL,
          color,
          anchor,
          opacity: 0.8,
        }))
  );
}
