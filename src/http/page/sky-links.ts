import { formatDec, formatRa } from '../../wcs/angles.js';
import { h } from './dom.js';

export interface Place {
  /** Degrees, J2000. */
  ra: number;
  dec: number;
  /** Width of the field to be shown, degrees. */
  field: number;
  /** A designation that other programs know, such as `M 42`. */
  name?: string;
}

const signed = (value: number) => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(6)}`;

/** A script of Stellarium that turns it to the place: its one way in by coordinates. */
function stellariumScript({ ra, dec, field }: Place): string {
  const code = `core.moveToRaDecJ2000("${ra.toFixed(6)}", "${dec.toFixed(6)}", 1);\nStelMovementMgr.zoomTo(${Math.max(0.01, field).toFixed(4)}, 1);\n`;
  return `data:text/plain;charset=utf-8,${encodeURIComponent(code)}`;
}

/** The same place elsewhere: other people's pictures of it, what is known there, and the sky tonight. */
export function skyLinks(place: Place): HTMLElement {
  const { ra, dec, field, name } = place;
  const at = encodeURIComponent(`${ra.toFixed(6)} ${signed(dec)}`);
  const radius = Math.min(120, Math.max(0.5, field * 30)).toFixed(1);
  const aladin = `https://aladin.cds.unistra.fr/AladinLite/?target=${at}&fov=${Math.min(180, Math.max(0.02, field)).toFixed(3)}&survey=P%2FDSS2%2Fcolor`;
  const simbad = `https://simbad.cds.unistra.fr/simbad/sim-coo?Coord=${at}&CooFrame=ICRS&Radius=${radius}&Radius.unit=arcmin`;
  const outside = (text: string, href: string) =>
    h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, text);
  return h(
    'p',
    { class: 'sky-links', role: 'group', 'aria-label': `${formatRa(ra)} ${formatDec(dec)} elsewhere` },
    outside('Aladin', aladin),
    outside('SIMBAD', simbad),
    name !== undefined &&
      outside(
        'Stellarium Web',
        `https://stellarium-web.org/skysource/${encodeURIComponent(name.replaceAll(' ', ''))}?fov=${Math.min(180, Math.max(0.1, field)).toFixed(2)}`,
      ),
    h(
      'a',
      {
        href: stellariumScript(place),
        download: 'go-there.ssc',
        title: 'A script: put it into Stellarium’s folder of scripts, or open it there',
      },
      'Stellarium script',
    ),
  );
}
