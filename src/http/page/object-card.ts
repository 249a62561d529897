import { nameOf } from '../../annotate/names.js';
import type { AstroObject } from '../../client/index.js';
import { formatAngle, formatDec, formatRa } from '../../wcs/angles.js';
import { h } from './dom.js';
import { trim } from './format.js';
import { skyLinks } from './sky-links.js';

/** What is known of an object, and the ways to more. */
export function objectCard(object: AstroObject): HTMLElement {
  const { title, detail } = nameOf(object);
  const { type, magnitude, size_arcmin, axes_arcmin, axis_pa_deg, ra_deg, dec_deg } = object;
  const aliases = (object.names ?? []).filter((name) => name !== title && name !== detail);
  const size = axes_arcmin
    ? `${formatAngle(axes_arcmin[0] / 60)} × ${formatAngle(axes_arcmin[1] / 60)}`
    : size_arcmin && formatAngle(size_arcmin / 60);
  const facts = [
    type,
    magnitude !== undefined && `magnitude ${trim(magnitude, 1)}`,
    size,
    axis_pa_deg !== undefined && `position angle ${trim(axis_pa_deg, 0)}°`,
  ];
  const placed = ra_deg !== undefined && dec_deg !== undefined;
  return h(
    'div',
    { class: 'object-card' },
    h('h3', {}, title, detail !== undefined && h('span', {}, ` ${detail}`)),
    h('p', {}, facts.filter(Boolean).join(' · ')),
    placed && h('p', { class: 'figures' }, `${formatRa(ra_deg)}  ${formatDec(dec_deg)}`),
    aliases.length > 0 && h('p', { class: 'muted' }, aliases.slice(0, 8).join(' · ')),
    placed &&
      skyLinks({
        ra: ra_deg,
        dec: dec_deg,
        field: Math.max(0.2, ((size_arcmin ?? 0) / 60) * 3),
        name: title,
      }),
  );
}
