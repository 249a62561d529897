/** A series of index files that is published: quads of one range of sizes over the whole sky. */
export interface IndexSeries {
  /** INDEXID of its files, and the number in their names. */
  number: number;
  lower_arcmin: number;
  upper_arcmin: number;
  /** Its files are pieces of the sky, 12 · nside² of them; 0: one file holds the whole sky. */
  nside: 0 | 2;
  /** The Debian package that holds it. */
  debian?: string;
  /** The folder of astrometry.net that holds its files, with a slash at the end. */
  url: string;
}

/** Tycho-2. */
const WIDE = 'http://data.astrometry.net/4100/';
/** Gaia DR2 and Tycho-2; the edition that is enough for solving. */
const NARROW = 'https://portal.nersc.gov/project/cosmo/temp/dstn/index-5200/LITE/';

/** Smallest quads, arcminutes; each series reaches to where the next begins. */
const STEPS: readonly (readonly [number: number, smallest_arcmin: number])[] = [
  [5200, 2],
  [5201, 2.8],
  [5202, 4],
  [5203, 5.6],
  [5204, 8],
  [5205, 11],
  [5206, 16],
  [4107, 22],
  [4108, 30],
  [4109, 42],
  [4110, 60],
  [4111, 85],
  [4112, 120],
  [4113, 170],
  [4114, 240],
  [4115, 340],
  [4116, 480],
  [4117, 680],
  [4118, 1000],
  [4119, 1400],
];
const LARGEST_ARCMIN = 2000;

function debianPackage(number: number): string | undefined {
  const step = number - 4100;
  if (step < 7) return undefined;
  return `astrometry-data-tycho2-${step < 10 ? `0${step}` : '10-19'}`;
}

/** Every series that astrometry.net offers, smallest quads first. */
export const INDEX_SERIES: readonly IndexSeries[] = STEPS.map(([number, lower_arcmin], position) => {
  const wide = number < 5000;
  const debian = wide ? debianPackage(number) : undefined;
  return {
    number,
    lower_arcmin,
    upper_arcmin: STEPS[position + 1]?.[1] ?? LARGEST_ARCMIN,
    nside: wide ? 0 : 2,
    url: wide ? WIDE : NARROW,
    ...(debian !== undefined && { debian }),
  };
});

/** How its files are called before `.fits` or the number of the piece. */
export const seriesName = ({ number }: Pick<IndexSeries, 'number'>): string => `index-${number}`;

/** The names of its files. */
export function filesOf(series: IndexSeries): string[] {
  if (series.nside === 0) return [`${seriesName(series)}.fits`];
  return Array.from({ length: 12 * series.nside ** 2 }, (_, piece) => pieceFile(series, piece));
}

/** The name of the file that holds one piece of the sky. */
export const pieceFile = (series: IndexSeries, piece: number): string =>
  `${seriesName(series)}-${String(piece).padStart(2, '0')}.fits`;
