import type { FitsHeader } from '../fits/header.js';
import { AstroJobsError } from '../job/errors.js';
import { normalizeRa, RAD } from './sphere.js';
import type { ImageCircle, SipDistortion, Wcs } from './wcs.js';
import { ZENITHAL_CODES, type ZenithalCode } from './zenithal.js';

/** The highest order that the SIP convention knows. */
const MAX_SIP_ORDER = 9;

type Matrix = [[number, number], [number, number]];

function damaged(message: string): AstroJobsError {
  return new AstroJobsError('corrupt_image', `WCS: ${message}`);
}

function unsupported(message: string): AstroJobsError {
  return new AstroJobsError(
    'unsupported_image',
    `WCS: ${message}; only a zenithal one is read (RA---TAN, ARC, ZEA, STG or SIN with or without SIP, J2000)`,
  );
}

/** A number, or undefined when the keyword is absent; a keyword with anything else behind it is damage. */
function optional(header: FitsHeader, keyword: string): number | undefined {
  const value = header.number(keyword);
  if (value === undefined && header.has(keyword)) throw damaged(`${keyword} is not a finite number`);
  return value;
}

function required(header: FitsHeader, keyword: string): number {
  const value = optional(header, keyword);
  if (value === undefined) throw damaged(`${keyword} is missing`);
  return value;
}

interface Axes {
  code: ZenithalCode;
  /** They stand as Dec, RA instead of RA, Dec. */
  isSwapped: boolean;
}

function axesOf(header: FitsHeader): Axes {
  const types = [header.string('CTYPE1'), header.string('CTYPE2')];
  const [first, second] = types.map((type) => /^(RA-|DEC)--([A-Z]{3})(?:-SIP)?$/.exec(type ?? ''));
  const code = ZENITHAL_CODES.find((known) => known === first?.[2] && known === second?.[2]);
  if (code && first?.[1] === 'RA-' && second?.[1] === 'DEC') return { code, isSwapped: false };
  if (code && first?.[1] === 'DEC' && second?.[1] === 'RA-') return { code, isSwapped: true };
  throw unsupported(`the axes are ${types.map((type) => JSON.stringify(type ?? '')).join(' and ')}`);
}

function checkFrame(header: FitsHeader): void {
  for (const keyword of ['CUNIT1', 'CUNIT2']) {
    const unit = header.string(keyword);
    if (unit !== undefined && !/^deg(rees?)?$/i.test(unit))
      throw unsupported(`${keyword} is ${JSON.stringify(unit)}`);
  }
  const system = (header.string('RADESYS') ?? header.string('RADECSYS'))?.toUpperCase();
  if (system !== undefined && system !== 'ICRS' && system !== 'FK5')
    throw unsupported(`RADESYS is ${system}`);
  const equinox = header.number('EQUINOX');
  if (system !== 'ICRS' && equinox !== undefined && Math.abs(equinox - 2000) > 0.01) {
    throw unsupported(`EQUINOX is ${equinox}`);
  }
  const beyond = ['CPDIS1', 'CPDIS2', 'PV1_1', 'PV1_2', 'PV2_1', 'PV2_2'].find((keyword) =>
    header.number(keyword),
  );
  if (beyond !== undefined) throw unsupported(`it has ${beyond}`);
}

function cdMatrix(header: FitsHeader): Matrix {
  const element = (name: string, i: number, j: number) => optional(header, `${name}${i}_${j}`);
  const matrix = (name: string, diagonal: number): Matrix => [
    [element(name, 1, 1) ?? diagonal, element(name, 1, 2) ?? 0],
    [element(name, 2, 1) ?? 0, element(name, 2, 2) ?? diagonal],
  ];
  const has = (name: string) => ['1_1', '1_2', '2_1', '2_2'].some((suffix) => header.has(name + suffix));
  if (has('CD')) return matrix('CD', 0);
  const [scale1, scale2] = [required(header, 'CDELT1'), required(header, 'CDELT2')];
  if (has('PC')) {
    const [row1, row2] = matrix('PC', 1);
    return [
      [scale1 * row1[0], scale1 * row1[1]],
      [scale2 * row2[0], scale2 * row2[1]],
    ];
  }
  // The oldest form (AIPS): a rotation, written with the latitude axis.
  const rotation = (optional(header, axesOf(header).isSwapped ? 'CROTA1' : 'CROTA2') ?? 0) * RAD;
  const [sin, cos] = [Math.sin(rotation), Math.cos(rotation)];
  return [
    [scale1 * cos, -scale2 * sin],
    [scale1 * sin, scale2 * cos],
  ];
}

/** A native pole that is not the usual one only turns the plane: the turn is taken into the CD matrix. */
function turnToPole([[a, b], [c, d]]: Matrix, header: FitsHeader, dec0: number): Matrix {
  const turn = (optional(header, 'LONPOLE') ?? (dec0 >= 90 ? 0 : 180)) - 180;
  if (turn % 360 === 0) {
    return [
      [a, b],
      [c, d],
    ];
  }
  const [sin, cos] = [Math.sin(turn * RAD), Math.cos(turn * RAD)];
  return [
    [cos * a + sin * c, cos * b + sin * d],
    [cos * c - sin * a, cos * d - sin * b],
  ];
}

function polynomial(header: FitsHeader, name: string): number[][] | undefined {
  const order = optional(header, `${name}_ORDER`);
  if (order === undefined) return undefined;
  if (!Number.isInteger(order) || order < 0 || order > MAX_SIP_ORDER)
    throw damaged(`${name}_ORDER is ${order}`);
  return Array.from({ length: order + 1 }, (_, p) =>
    Array.from({ length: order + 1 - p }, (_, q) => optional(header, `${name}_${p}_${q}`) ?? 0),
  );
}

function sipDistortion(header: FitsHeader): SipDistortion | undefined {
  const [a, b] = [polynomial(header, 'A'), polynomial(header, 'B')];
  if (!a && !b) return undefined;
  if (!a || !b) throw damaged(`${a ? 'B' : 'A'}_ORDER is missing while its twin is there`);
  // What a solver writes when it was asked for no distortion.
  if ([...a, ...b].flat().every((coefficient) => coefficient === 0)) return undefined;
  const [ap, bp] = [polynomial(header, 'AP'), polynomial(header, 'BP')];
  return ap && bp ? { a, b, ap, bp } : { a, b };
}

function imageCircle(header: FitsHeader): ImageCircle | undefined {
  const [x, y, radius] = ['SKYCIRCX', 'SKYCIRCY', 'SKYCIRCR'].map((keyword) => optional(header, keyword));
  if (x === undefined || y === undefined || radius === undefined) return undefined;
  if (!(radius > 0)) throw damaged(`SKYCIRCR is ${radius}`);
  return { x, y, radius };
}

function imageSize(header: FitsHeader): { width: number; height: number } {
  const pairs: [string, string][] = [
    ['ZNAXIS1', 'ZNAXIS2'],
    ...(header.has('TFIELDS') ? [] : ([['NAXIS1', 'NAXIS2']] satisfies [string, string][])),
    ['IMAGEW', 'IMAGEH'],
  ];
  const found = pairs.find((keywords) => keywords.every((keyword) => header.has(keyword)));
  if (!found) throw damaged('the size of the image is missing (NAXIS1, NAXIS2 or IMAGEW, IMAGEH)');
  const [width, height] = [required(header, found[0]), required(header, found[1])];
  if (!(width >= 1 && height >= 1)) throw damaged(`the image is ${width} by ${height} pixels`);
  return { width, height };
}

/**
 * The plate solution that a FITS header holds, be it a solver's `.wcs` or an image that was solved before: a zenithal
 * projection with or without SIP, scale and rotation as CD, PC with CDELT, or CDELT with CROTA.
 * @throws AstroJobsError `corrupt_image` when keywords are missing or damaged, `unsupported_image` when it is another
 *   projection, frame or equinox than this library reckons with.
 */
export function parseWcs(header: FitsHeader): Wcs {
  const { code, isSwapped: swapped } = axesOf(header);
  checkFrame(header);
  const [first, second] = [required(header, 'CRVAL1'), required(header, 'CRVAL2')];
  const [ra, dec] = swapped ? [second, first] : [first, second];
  if (Math.abs(dec) > 90) throw damaged(`the reference declination is ${dec}`);
  const [row1, row2] = cdMatrix(header);
  const cd = turnToPole(swapped ? [row2, row1] : [row1, row2], header, dec);
  const det = cd[0][0] * cd[1][1] - cd[0][1] * cd[1][0];
  if (!Number.isFinite(det) || det === 0) throw damaged('the CD matrix has no inverse');
  const sip = sipDistortion(header);
  const circle = imageCircle(header);
  return {
    crval: [normalizeRa(ra), dec],
    crpix: [required(header, 'CRPIX1'), required(header, 'CRPIX2')],
    cd,
    ...imageSize(header),
    ...(sip && { sip }),
    ...(code !== 'TAN' && { projection: code }),
    ...(circle && { circle }),
  };
}
