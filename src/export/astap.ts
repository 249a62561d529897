import type { FitsCard } from '../fits/card.js';
import { formatCards } from '../fits/write-card.js';
import { card, emptyPrimary, withoutStructure } from '../fits/write-header.js';
import { isWcsKeyword, wcsCards } from '../wcs/cards.js';
import { DEG } from '../wcs/sphere.js';
import type { Wcs } from '../wcs/wcs.js';

// The files that ASTAP leaves, as its source (write_ini of unit_command_line_general.pas) and its documentation describe them.

/** What an `.ini` says beside the solution. */
export interface AstapRemarks {
  /** The command line that was given. */
  command: string;
  /** Why there is no solution, in ASTAP's words. */
  error?: string | undefined;
  warning?: string | undefined;
}

/** Scale and rotation of each axis, which ASTAP gives beside the CD matrix. Degrees. */
interface AxisTerms {
  cdelt: [number, number];
  crota: [number, number];
}

/** CDELT1 is negative for a picture as the sky is seen; `cd = R(crota)·cdelt` axis by axis. */
function axisTerms({ cd: [[cd11, cd12], [cd21, cd22]] }: Wcs): AxisTerms {
  const parity = cd11 * cd22 - cd12 * cd21 < 0 ? -1 : 1;
  return {
    cdelt: [parity * Math.hypot(cd11, cd12), Math.hypot(cd21, cd22)],
    crota: [Math.atan2(-cd12, parity * cd11) * DEG, Math.atan2(parity * cd21, cd22) * DEG],
  };
}

/** `-3.3335109550123448E-003`, a blank in the place of a plus. */
function scientific(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(16).split('e');
  const sign = exponent.startsWith('-') ? '-' : '+';
  return `${value < 0 ? '' : ' '}${mantissa}E${sign}${exponent.slice(1).padStart(3, '0')}`;
}

const oneLine = (text: string) => text.replace(/[\r\n]+/g, ' ');

/**
 * ASTAP's `.ini` of a solution about the centre of the image, or of none.
 * @param wcs rows counted as ASTAP counts them, see `rowsFromLast`
 */
export function astapIni(wcs: Wcs | undefined, { command, error, warning }: AstapRemarks): string {
  const lines = wcs ? ['PLTSOLVD=T', ...solutionLines(wcs)] : ['', 'PLTSOLVD=F'];
  lines.push(`CMDLINE=${oneLine(command)}`);
  if (error !== undefined) lines.push(`ERROR=${oneLine(error)}`);
  if (warning !== undefined) lines.push(`WARNING=${oneLine(warning)}`);
  return `${lines.join('\n')}\n`;
}

function solutionLines(wcs: Wcs): string[] {
  const { cdelt, crota } = axisTerms(wcs);
  const pair = (name: string, [first, second]: [number, number]): [string, number][] => [
    [`${name}1`, first],
    [`${name}2`, second],
  ];
  const values = [
    ...pair('CRPIX', wcs.crpix),
    ...pair('CRVAL', wcs.crval),
    ...pair('CDELT', cdelt),
    ...pair('CROTA', crota),
    ...pair('CD1_', wcs.cd[0]),
    ...pair('CD2_', wcs.cd[1]),
  ];
  return values.map(([key, value]) => `${key}=${scientific(value)}`);
}

/** The cards of ASTAP's `.wcs`: those of the image, without those of an earlier solution, and the solution. */
function astapCards(
  wcs: Wcs,
  { command, warning }: AstapRemarks,
  ofImage: readonly FitsCard[] = [],
): FitsCard[] {
  const { cdelt, crota } = axisTerms(wcs);
  const kept = withoutStructure(ofImage).filter(
    ({ keyword }) => !isWcsKeyword(keyword) && keyword !== 'PLTSOLVD' && keyword !== 'WARNING',
  );
  return [
    ...kept,
    ...wcsCards(wcs),
    card('CDELT1', cdelt[0], '[deg] X pixel size'),
    card('CDELT2', cdelt[1], '[deg] Y pixel size'),
    card('CROTA1', crota[0], '[deg] image twist of X axis'),
    card('CROTA2', crota[1], '[deg] image twist of Y axis'),
    card('PLTSOLVD', true, 'Astro Jobs'),
    ...(warning === undefined ? [] : [card('WARNING', oneLine(warning))]),
    card('COMMENT', `cmdline:${oneLine(command)}`),
  ];
}

/** ASTAP's `.wcs` with `-wcs`: a FITS header in blocks. */
export function astapWcs(wcs: Wcs, remarks: AstapRemarks, ofImage?: readonly FitsCard[]): Buffer {
  return emptyPrimary(astapCards(wcs, remarks, ofImage));
}

/** ASTAP's `.wcs` without `-wcs`: a card a line. */
export function astapWcsText(wcs: Wcs, remarks: AstapRemarks, ofImage?: readonly FitsCard[]): string {
  const structure = [card('SIMPLE', true, 'FITS header'), card('BITPIX', 8), card('NAXIS', 0)];
  const text = `${formatCards([...structure, ...astapCards(wcs, remarks, ofImage)])}${'END'.padEnd(80)}`;
  return text.replace(/.{80}/gs, (line) => `${line}\n`);
}
