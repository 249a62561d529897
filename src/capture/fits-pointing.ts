import type { FitsHeader } from '../fits/header.js';
import { precessToJ2000 } from './precess.js';
import type { CaptureRecord } from './record.js';
import { parseAngle } from './sexagesimal.js';

/** Best first: what the mount said, then what it was sent to. */
const FAMILIES: readonly (readonly [string, string])[] = [
  ['RA', 'DEC'],
  ['OBJCTRA', 'OBJCTDEC'],
  ['RA_D', 'DEC_D'],
  ['RA-D', 'DEC-D'],
  ['RADEG', 'DECDEG'],
  ['TELRA', 'TELDEC'],
  ['RA_TEL', 'DEC_TEL'],
  ['RA-MNT', 'DEC-MNT'],
  ['MNTRA', 'MNTDEC'],
  ['CENTRA', 'CENTDEC'],
  ['RA_OBJ', 'DEC_OBJ'],
  ['RA-OBJ', 'DEC-OBJ'],
  ['RA_TARG', 'DEC_TARG'],
  ['OBJRA', 'OBJDEC'],
];

/** Names under which a right ascension is always h m s, also where it is one decimal number. */
const IN_HOURS = new Set(['OBJCTRA']);

type Unit = 'hours' | 'degrees' | undefined;

function commentUnit(header: FitsHeader, keyword: string): Unit {
  const comment = header.all(keyword)[0]?.comment ?? '';
  if (/\bdeg(?:rees?)?\b|°/i.test(comment)) return 'degrees';
  return /\bhours?\b|\bhrs?\b|\bh[ :]m|\bhh?[ :]mm/i.test(comment) ? 'hours' : undefined;
}

function writtenBy(header: FitsHeader, name: RegExp): boolean {
  return ['INSTRUME', 'TELESCOP', 'CREATOR', 'ORIGIN', 'CAMERA', 'SWCREATE'].some((keyword) =>
    name.test(header.string(keyword) ?? ''),
  );
}

/** Right ascension in degrees. */
function rightAscension(header: FitsHeader, keyword: string): number | undefined {
  const decimal = header.number(keyword);
  const written = decimal === undefined ? parseAngle(header.string(keyword) ?? '') : undefined;
  const value = decimal ?? written?.value;
  if (value === undefined) return undefined;
  const sexagesimal = written !== undefined && written.parts > 1;
  // Dwarf telescopes write decimal hours under RA, without saying so.
  const customary =
    sexagesimal || IN_HOURS.has(keyword) || writtenBy(header, /\bDWARF/i) ? 'hours' : 'degrees';
  const unit = written?.unit ?? (sexagesimal ? undefined : commentUnit(header, keyword)) ?? customary;
  return unit === 'hours' && Math.abs(value) < 24.0001 ? value * 15 : value;
}

function declination(header: FitsHeader, keyword: string): number | undefined {
  return header.number(keyword) ?? parseAngle(header.string(keyword) ?? '')?.value;
}

/** The year of the frame, when it is not J2000. */
function equinoxOf(header: FitsHeader): number | undefined {
  for (const keyword of ['EQUINOX', 'EPOCH', 'OBJEPOCH', 'OBJCTEQ']) {
    const text = header.string(keyword);
    const year =
      header.number(keyword) ??
      (text && /^[JB]\s*\d{4}/i.test(text) ? Number.parseFloat(text.slice(1)) : undefined);
    if (year !== undefined && year >= 1800 && year <= 2200) return year;
  }
  return undefined;
}

/** What the mount claimed, carried to J2000; not what a plate solution in the header says. */
export function recordPointing(header: FitsHeader, record: CaptureRecord): void {
  for (const [raKeyword, decKeyword] of FAMILIES) {
    const ra = rightAscension(header, raKeyword);
    const dec = declination(header, decKeyword);
    if (ra === undefined || dec === undefined) {
      if (header.string(raKeyword) !== undefined && header.string(decKeyword) !== undefined) {
        record.note(`FITS ${raKeyword}, ${decKeyword} cannot be read as a position; they are left out`);
      }
      continue;
    }
    // A mount that was never connected.
    if (ra === 0 && dec === 0) continue;
    if (ra < -180 || ra > 360 || Math.abs(dec) > 90) {
      record.note(`FITS ${raKeyword} ${ra}, ${decKeyword} ${dec} is no place on the sky; it is left out`);
      continue;
    }
    const equinox = equinoxOf(header) ?? 2000;
    const j2000 = Math.abs(equinox - 2000) < 0.01;
    const [ra2000, dec2000] = j2000 ? [ra < 0 ? ra + 360 : ra % 360, dec] : precessToJ2000(ra, dec, equinox);
    const carried = j2000 ? '' : ` (equinox ${equinox})`;
    record.set('pointing', { ra: ra2000, dec: dec2000 }, `FITS ${raKeyword}, ${decKeyword}${carried}`);
    return;
  }
}
