/** Stars that another program has found, in pixels of its image by the FITS convention: (1, 1) is the first pixel's centre. */
export interface StarTable {
  /** Place of each along a row, FITS pixels. */
  x: number[];
  /** Place of each from row to row, FITS pixels. */
  y: number[];
  /** Any linear measure of brightness; 0 where none is known. */
  flux: number[];
  /** Background around each, where the table has it. */
  background: number[];
}

/** Names of the columns of a position, and what the first pixel is called in them. */
interface Positions {
  x: string;
  y: string;
  origin: 0 | 1;
}

/** The best first. SExtractor and astrometry.net count from 1, photutils from 0. */
const POSITIONS: readonly Positions[] = [
  { x: 'X', y: 'Y', origin: 1 },
  { x: 'XWIN_IMAGE', y: 'YWIN_IMAGE', origin: 1 },
  { x: 'X_IMAGE', y: 'Y_IMAGE', origin: 1 },
  { x: 'XPSF_IMAGE', y: 'YPSF_IMAGE', origin: 1 },
  { x: 'XPEAK_IMAGE', y: 'YPEAK_IMAGE', origin: 1 },
  { x: 'XCENTROID', y: 'YCENTROID', origin: 0 },
  { x: 'X_CENTROID', y: 'Y_CENTROID', origin: 0 },
  { x: 'X_FIT', y: 'Y_FIT', origin: 0 },
  { x: 'X_0', y: 'Y_0', origin: 0 },
  { x: 'XCENTER', y: 'YCENTER', origin: 0 },
  { x: 'X_CENTER', y: 'Y_CENTER', origin: 0 },
];
const FLUXES = [
  'FLUX',
  'FLUX_AUTO',
  'FLUX_BEST',
  'FLUX_ISO',
  'FLUX_PSF',
  'FLUX_FIT',
  'FLUX_APER',
  'KRON_FLUX',
  'SEGMENT_FLUX',
  'APERTURE_SUM',
  'FLUX_MAX',
  'PEAK',
];
/** The smaller, the brighter. */
const MAGNITUDES = ['MAG', 'MAG_AUTO', 'MAG_BEST', 'MAG_ISO', 'MAG_PSF', 'MAG_APER'];
const SKY = [
  ['RA', 'DEC'],
  ['ALPHA_J2000', 'DELTA_J2000'],
  ['ALPHAWIN_J2000', 'DELTAWIN_J2000'],
  ['ALPHA_SKY', 'DELTA_SKY'],
  ['RA_ICRS', 'DE_ICRS'],
  ['RAJ2000', 'DEJ2000'],
  ['RADEG', 'DEDEG'],
] as const;

/** Which columns of a table are read, and how. */
export interface StarColumns extends Positions {
  brightness?: { name: string; magnitude: boolean };
  background?: string;
}

/**
 * @param names of the columns, upper case
 * @param iraf whether DAOFIND wrote them, which counts from 1 under names that photutils counts from 0
 */
export function starColumns(names: readonly string[], iraf = false): StarColumns | undefined {
  const has = new Set(names);
  const positions = POSITIONS.find(({ x, y }) => has.has(x) && has.has(y));
  if (!positions) return undefined;
  const flux = FLUXES.find((name) => has.has(name));
  const magnitude = MAGNITUDES.find((name) => has.has(name));
  const brightness =
    flux !== undefined
      ? { name: flux, magnitude: false }
      : magnitude !== undefined
        ? { name: magnitude, magnitude: true }
        : undefined;
  return {
    ...positions,
    origin: iraf ? 1 : positions.origin,
    ...(brightness && { brightness }),
    ...(has.has('BACKGROUND') && { background: 'BACKGROUND' }),
  };
}

/** Whether the table tells where the stars are on the sky, which is what a solve is to find out. */
export function isSkyCatalogue(names: readonly string[]): boolean {
  return SKY.some(([ra, dec]) => names.includes(ra) && names.includes(dec));
}

/** The stars of a table; those without a position are left out. @param column the values of a column, one a row */
export function starsOf(columns: StarColumns, column: (name: string) => ArrayLike<number>): StarTable {
  const [x, y] = [column(columns.x), column(columns.y)];
  const { brightness } = columns;
  const written = brightness && column(brightness.name);
  const background = columns.background === undefined ? undefined : column(columns.background);
  const stars: StarTable = { x: [], y: [], flux: [], background: [] };
  for (let row = 0; row < x.length; row++) {
    const [px, py] = [x[row] ?? Number.NaN, y[row] ?? Number.NaN];
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    const value = written?.[row] ?? 0;
    const flux = brightness?.magnitude ? 10 ** (-0.4 * value) : value;
    stars.x.push(px + 1 - columns.origin);
    stars.y.push(py + 1 - columns.origin);
    stars.flux.push(Number.isFinite(flux) ? flux : 0);
    stars.background.push(background?.[row] ?? 0);
  }
  return stars;
}
