import type { FitsHeader } from '../fits/header.js';
import { separation } from '../wcs/sphere.js';
import { commentUnit } from './comment-unit.js';
import { equinoxOf } from './equinox.js';
import { type Card, candidate, cardsOf, keyOf, secondKey } from './fits-card.js';
import { precessToJ2000 } from './precess.js';
import type { Reading } from './reading.js';
import { CaptureRecord } from './record.js';
import { type RaUnit, type RightAscension, readRightAscension } from './right-ascension.js';
import { parseAngle } from './sexagesimal.js';
import { isPlaceholder, UNKNOWN } from './text.js';
import { convert, unitOf } from './units.js';

/** Best first: what the mount said, then what it was sent to. */
export const POINTINGS: readonly (readonly [ra: string, dec: string])[] = [
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
  ['FOVRA', 'FOVDEC'],
];

/** The D of their names stands for degrees. */
const NAMED_IN_DEGREES = new Set(['RA_D', 'RA-D', 'RADEG']);
/** Programs that write right ascension under RA in degrees, also where they do not say so. */
const DEGREES_UNDER_RA =
  /N\.I\.N\.A|Sequence Generator Pro|ASI ?(?:AIR|IMG|Studio)|Seestar|SharpCap|Siril|PixInsight|K?Stars|Ekos|INDI\b/i;
/** DWARF telescopes write decimal hours under RA; programs that stack their pictures write degrees. */
const HOURS_UNDER_RA = /\bDWARF/i;
const INSTRUMENT_KEYWORDS = ['INSTRUME', 'TELESCOP', 'CAMERA', 'ORIGIN'];
const PROGRAM_KEYWORDS = ['CREATOR', 'SWCREATE', 'PROGRAM', 'SOFTWARE', 'SWMODIFY'];

/** Two keywords of one header that are this close name the same place; hours and degrees are further apart. */
const SAME_PLACE_DEG = 5;

function customaryUnit(header: FitsHeader, keyword: string): RaUnit | undefined {
  if (NAMED_IN_DEGREES.has(keyword)) return 'degrees';
  if (keyword !== 'RA') return undefined;
  const texts = (keywords: readonly string[]) => keywords.map((name) => header.string(name) ?? '').join(' ');
  const [instrument, program] = [texts(INSTRUMENT_KEYWORDS), texts(PROGRAM_KEYWORDS)];
  if (HOURS_UNDER_RA.test(`${instrument} ${program}`)) {
    const other = program.trim() !== '' && !HOURS_UNDER_RA.test(program);
    return other ? undefined : 'hours';
  }
  return DEGREES_UNDER_RA.test(`${instrument} ${program}`) ? 'degrees' : undefined;
}

function readDeclination({ value, comment }: Card): Reading<number> {
  if (typeof value === 'string' && isPlaceholder(value)) return { why: UNKNOWN };
  const angle = typeof value === 'string' ? parseAngle(value) : undefined;
  const number = typeof value === 'number' ? value : angle?.value;
  if (number === undefined) return { why: 'no angle' };
  const stated = commentUnit('angle', comment);
  if (stated && 'why' in stated) return stated;
  const sexagesimal = angle !== undefined && (angle.parts > 1 || angle.unit !== undefined);
  if (stated?.value.name === 'h' && !sexagesimal) return { why: 'a declination is not in hours' };
  const degrees = unitOf('angle', 'deg');
  const dec = stated && degrees && !sexagesimal ? convert(number, stated.value, degrees) : number;
  return Math.abs(dec) <= 90 ? { value: dec + 0 } : { why: 'no declination' };
}

/** A place that a pair of keywords names. */
interface Claim {
  source: string;
  written: string;
  comment: string;
  ra: RightAscension;
  dec: number;
}

/** The places that a header names, the best first; unset ones and those that cannot be read are noted. */
function claimsOf(header: FitsHeader, record: CaptureRecord): Claim[] {
  return POINTINGS.flatMap(([raKeyword, decKeyword]) => {
    const [raCard] = cardsOf(header, [raKeyword]);
    const [decCard] = cardsOf(header, [decKeyword]);
    if (!raCard || !decCard) return [];
    const unit = customaryUnit(header, raKeyword);
    const ra = record.read(candidate(raCard, (card) => readRightAscension(card, unit)));
    const dec = record.read(candidate(decCard, readDeclination));
    if (!ra || !dec) return [];
    const source = `${keyOf(raCard)}${ra.value.decimalHours ? ' [h]' : ''}, ${secondKey(decCard)}`;
    const written = `${raCard.value} ${decCard.value}`;
    if (ra.value.degrees[0] === 0 && dec.value === 0) {
      record.note(source, written, 'the mount was never told where it points');
      return [];
    }
    return [{ source, written, comment: raCard.comment, ra: ra.value, dec: dec.value }];
  });
}

/** A place that is certain, from a plate solution or from another pair of keywords. */
function reference(header: FitsHeader, claims: readonly Claim[]): [number, number] | undefined {
  const sure = claims.find(({ ra }) => ra.doubt === undefined);
  if (sure?.ra.degrees[0] !== undefined) return [sure.ra.degrees[0], sure.dec];
  const [ra, dec] = [header.number('CRVAL1'), header.number('CRVAL2')];
  const celestial = header.string('CTYPE1')?.startsWith('RA-');
  return celestial && ra !== undefined && dec !== undefined ? [ra, dec] : undefined;
}

/** Of several values the one that another keyword confirms. */
function confirmed({ ra, dec }: Claim, place: [number, number] | undefined): number[] {
  if (ra.doubt === undefined || !place) return ra.degrees;
  const near = ra.degrees.filter((degrees) => separation(degrees, dec, ...place) < SAME_PLACE_DEG);
  return near.length === 1 ? near : ra.degrees;
}

export interface Place {
  ra: number;
  dec: number;
  source: string;
}

/** Where a header says that the telescope pointed. */
export interface Pointing {
  /** J2000 degrees; absent where it is not known whether right ascension is in hours or degrees. */
  stated?: Place;
  /** The stated place; without one, all that the best pair of keywords can mean. */
  possible: Place[];
}

/** Carried to J2000, or `undefined` when the equinox is the one of the date, and that is not known. */
function toJ2000(
  header: FitsHeader,
  ra: number,
  { dec, source, comment }: Claim,
  year?: number,
): Place | undefined {
  const equinox = equinoxOf(header, comment) === 'of date' ? year : equinoxOf(header, comment);
  if (typeof equinox !== 'number') return undefined;
  if (Math.abs(equinox - 2000) < 0.01) return { ra, dec, source };
  const [ra2000, dec2000] = precessToJ2000(ra, dec, equinox);
  return { ra: ra2000, dec: dec2000, source: `${source} (equinox ${Number(equinox.toFixed(2))})` };
}

/**
 * What the mount claimed, carried to J2000; not what a plate solution in the header says. A pair of keywords whose unit
 * is in doubt counts only when another place in the header confirms one of its meanings.
 *
 * @param year of the exposure, for a header whose equinox is the one of the date.
 */
export function readPointing(
  header: FitsHeader,
  year?: number,
  record: CaptureRecord = new CaptureRecord(),
): Pointing {
  const claims = claimsOf(header, record);
  const place = reference(header, claims);
  for (const claim of claims) {
    const [ra, ...others] = confirmed(claim, place);
    const doubtful = claim.ra.doubt !== undefined && claim.ra.degrees.length === 1;
    if (ra === undefined || others.length > 0 || doubtful) continue;
    const stated = toJ2000(header, ra, claim, year);
    if (stated) return { stated, possible: [stated] };
    record.note(claim.source, claim.written, 'it is of the equinox of a date that is not known');
    return { possible: [{ ra, dec: claim.dec, source: claim.source }] };
  }
  const [best] = claims;
  if (!best) return { possible: [] };
  record.note(best.source, best.written, best.ra.doubt ?? '');
  const possible = best.ra.degrees.map((ra) => ({
    ...(toJ2000(header, ra, best, year) ?? { ra, dec: best.dec, source: best.source }),
    source: `${best.source}, where ${best.ra.doubt}`,
  }));
  return { possible };
}

const J2000_MS = Date.UTC(2000, 0, 1, 12);
const JULIAN_YEAR_MS = 365.25 * 86_400_000;

/** The Julian year of the day of an exposure. */
export function exposureYear(datetime: string | undefined): number | undefined {
  return datetime === undefined
    ? undefined
    : 2000 + (Date.parse(datetime.slice(0, 10)) - J2000_MS) / JULIAN_YEAR_MS;
}

export function recordPointing(header: FitsHeader, record: CaptureRecord): void {
  const { datetime } = record.capture();
  const { stated } = readPointing(header, exposureYear(datetime), record);
  if (stated) record.set('pointing', { ra: stated.ra, dec: stated.dec }, stated.source);
}
