import { kindOf, MOVING_KINDS } from '../catalog/kinds.js';
import type { AstroObject, Subject } from '../job/astrometry.js';
import type { Size } from '../wcs/display.js';
import type { Box, SkyView } from '../wcs/view.js';
import type { LabelRequest, PlacedLabel } from './labels.js';
import type { Lettering, Weight } from './lettering.js';
import { isFaint, type Marker } from './markers.js';
import { isSubject, lineOf, nameOf } from './names.js';
import type { Halo, Palette } from './palette.js';
import { n } from './svg.js';

/** So many of the most prominent objects are named wherever there is space for it. */
export const MUST_BE_NAMED = 10;

/** What is written beside a marker. */
export interface ObjectLabel {
  marker: Marker;
  title: string;
  detail: string;
  size: number;
  weight: Weight;
  opacity: number;
  /** What it takes, in the unit of `size`. */
  extent: Size;
}

/** As much as what moves counts at least, beside the prominence of what stands. */
const MOVING_RANK = 0.6;

const DETAIL = 0.74;
const LINE = 1.25;

/** The most important first: the subject, then by prominence, then by brightness. */
export function byImportance(subject: Subject | undefined) {
  const rank = (object: AstroObject) => {
    if (isSubject(object, subject)) return 2;
    const { prominence = 0, type } = object;
    // Whoever gives elements wants to see what they lead to.
    return MOVING_KINDS.has(kindOf(type)) ? Math.max(MOVING_RANK, prominence) : prominence;
  };
  return (a: AstroObject, b: AstroObject) =>
    rank(b) - rank(a) || (a.magnitude ?? 99) - (b.magnitude ?? 99) || a.sep_arcmin - b.sep_arcmin;
}

/**
 * A label for a type size; smaller where it would be wider than `space`. `written` holds the common names that stand in the picture
 * already: each part of a group is called by its number, and one of them by the name of the group.
 */
export function labelOf(
  marker: Marker,
  size: number,
  space: number,
  written: Set<string>,
  lettering: Lettering,
): ObjectLabel {
  const { title, detail: common = '' } = nameOf(marker.object);
  const detail = written.has(common) ? '' : common;
  written.add(common);
  const faint = isFaint(marker.object);
  const weight = detail !== '' && !faint && marker.kind !== 'star' ? 'bold' : 'regular';
  const wanted = size * (faint ? 0.78 : marker.kind === 'star' ? 0.86 : 1);
  const width = Math.max(
    lettering.width(title, wanted, weight),
    lettering.width(detail, wanted * DETAIL, 'regular'),
  );
  const shrunk = Math.min(1, space / width);
  const height = wanted * (detail === '' ? 1 : 1 + DETAIL * LINE);
  return {
    marker,
    title,
    detail,
    size: wanted * shrunk,
    weight,
    opacity: faint ? 0.75 : 1,
    extent: { width: width * shrunk, height: height * shrunk },
  };
}

export function requestOf(label: ObjectLabel, size: number, leader: boolean): LabelRequest {
  return { ...label.marker.anchor, ...label.extent, gap: size * 0.4, leader };
}

export function drawLabel(
  label: ObjectLabel,
  box: PlacedLabel,
  palette: Palette,
  lettering: Lettering,
): string {
  const { marker, title, detail, size, weight, opacity } = label;
  const color = palette.kinds[marker.kind];
  // Set towards the marker.
  const anchor = box.x + box.width / 2 < marker.anchor.at[0] - size ? 'end' : 'start';
  const x = anchor === 'end' ? box.x + box.width : box.x;
  const baseline = box.y + (size + lettering.capHeight(size)) / 2;
  return (
    drawLeader(box, size, color, palette.halo) +
    lettering.write(title, x, baseline, { size, color, anchor, weight, opacity }) +
    (detail === ''
      ? ''
      : lettering.write(detail, x, baseline + size * DETAIL * LINE, {
          size: size * DETAIL,
          color,
          anchor,
          opacity: 0.8,
        }))
  );
}

function drawLeader({ leader }: PlacedLabel, size: number, color: string, halo: Halo): string {
  if (!leader) return '';
  const [[x1, y1], [x2, y2]] = leader;
  const line = (ink: string, width: number, opacity: number) =>
    `<path d="M${n(x1)} ${n(y1)}L${n(x2)} ${n(y2)}" stroke="${ink}" stroke-width="${n(width)}" stroke-opacity="${opacity}"/>`;
  return line(halo.color, size * 0.2, halo.opacity * 0.6) + line(color, size * 0.06, 0.8);
}

/** What a pointer over the object tells. */
export const toldOf = ({ object }: Marker): string => lineOf(nameOf(object));

/** The part of a view in which labels stand. */
export const labelBounds = ({ visible }: SkyView, size: number): Box => ({
  x: visible.x + size * 0.4,
  y: visible.y + size * 0.4,
  width: Math.max(1, visible.width - size * 0.8),
  height: Math.max(1, visible.height - size * 0.8),
});
