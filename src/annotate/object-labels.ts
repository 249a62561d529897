import { kindOf, MOVING_KINDS } from '../catalog/kinds.js';
import type { AstroObject, Subject } from '../job/astrometry.js';
import type { Size } from '../wcs/display.js';
import type { Box, SkyView } from '../wcs/view.js';
import type { Drawing } from './draw-lines.js';
import type { LabelRequest, PlacedLabel } from './labels.js';
import { baselineOf, type Lettering, LINE_HEIGHT, type Weight } from './lettering.js';
import { isFaint, type Marker } from './markers.js';
import { isSubject, lineOf, nameOf } from './names.js';
import type { Halo, Palette } from './palette.js';
import { n } from './svg.js';

/** So many of the most prominent objects are named wherever there is space for it. */
export const MUST_BE_NAMED = 10;

/** So many, the subject among them, are named in large type, if they are of this importance. */
const PROMINENT = { most: 6, importance: 0.5 };
/** Their type, of that of the subject. */
const PROMINENT_TYPE = 0.84;

/** What is written beside a marker. */
export interface ObjectLabel {
  marker: Marker;
  standing: Standing;
  title: string;
  detail: string;
  size: number;
  /** What it takes, in the unit of `size`. */
  extent: Size;
  /** Of what stands out, where there is space for it. */
  larger?: { size: number; extent: Size };
  weight: Weight;
  opacity: number;
}

/** How an object stands among all that are marked: how large its name is and how thick its outline. */
export type Standing = 'subject' | 'prominent' | 'lesser';

/** As much as what moves counts at least, beside the prominence of what stands. */
const MOVING_RANK = 0.6;

/** Between a marker and its name, in type sizes. */
const GAP = 0.3;
const DETAIL = 0.74;
const LINE = 1.25;

function importanceOf(object: AstroObject, subject: Subject | undefined): number {
  if (isSubject(object, subject)) return 2;
  const { prominence = 0, type } = object;
  // Whoever gives elements wants to see what they lead to.
  return MOVING_KINDS.has(kindOf(type)) ? Math.max(MOVING_RANK, prominence) : prominence;
}

/** The most important first: the subject, then by prominence, then by brightness. */
export function byImportance(subject: Subject | undefined) {
  return (a: AstroObject, b: AstroObject) =>
    importanceOf(b, subject) - importanceOf(a, subject) ||
    (a.magnitude ?? 99) - (b.magnitude ?? 99) ||
    a.sep_arcmin - b.sep_arcmin;
}

/** How the object stands of which `rank` others are more important. */
export function standingOf(object: AstroObject, subject: Subject | undefined, rank: number): Standing {
  if (isSubject(object, subject)) return 'subject';
  return rank < PROMINENT.most && importanceOf(object, subject) >= PROMINENT.importance
    ? 'prominent'
    : 'lesser';
}

/**
 * A label in the type of its standing; smaller where it would be wider than `space`. `written` holds the common names that stand in the picture
 * already: each part of a group is called by its number, and one of them by the name of the group.
 */
export function labelOf(
  marker: Marker,
  standing: Standing,
  space: number,
  written: Set<string>,
  { size, large, lettering }: Pick<Drawing, 'size' | 'large' | 'lettering'>,
): ObjectLabel {
  const { title, detail: common = '' } = nameOf(marker.object);
  const detail = written.has(common) ? '' : common;
  written.add(common);
  const faint = isFaint(marker.object);
  const isBold = standing === 'subject' || (detail !== '' && !faint && marker.kind !== 'star');
  const weight = isBold ? 'bold' : 'regular';
  const at = (wanted: number) => {
    const width = Math.max(
      lettering.width(title, wanted, weight),
      lettering.width(detail, wanted * DETAIL, 'regular'),
    );
    const type = wanted * Math.min(1, space / width);
    const lines = detail === '' ? LINE_HEIGHT : LINE_HEIGHT + DETAIL * LINE;
    return { size: type, extent: { width: (width * type) / wanted, height: type * lines } };
  };
  const plain = size * (faint ? 0.78 : marker.kind === 'star' ? 0.86 : 1);
  return {
    marker,
    standing,
    title,
    detail,
    ...at(standing === 'subject' ? large : plain),
    ...(standing === 'prominent' && { larger: at(large * PROMINENT_TYPE) }),
    weight,
    opacity: faint && standing !== 'subject' ? 0.75 : 1,
  };
}

export function requestOf(label: ObjectLabel, size: number, leader: boolean): LabelRequest {
  const { marker, standing, extent, larger } = label;
  return {
    ...marker.anchor,
    ...extent,
    ...(larger && { larger: { ...larger.extent, gap: larger.size * GAP } }),
    gap: GAP * (standing === 'subject' ? label.size : size),
    leader,
  };
}

export function drawLabel(
  label: ObjectLabel,
  box: PlacedLabel,
  palette: Palette,
  lettering: Lettering,
): string {
  const { marker, title, detail, weight, opacity } = label;
  const { size } = (box.larger && label.larger) ?? label;
  const color = palette.kinds[marker.kind];
  // Set towards the marker.
  const anchor = box.x + box.width / 2 < marker.anchor.at[0] - size ? 'end' : 'start';
  const x = anchor === 'end' ? box.x + box.width : box.x;
  const baseline = box.y + baselineOf(lettering, size);
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
