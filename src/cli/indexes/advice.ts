import { mayOverlap } from '../../engine/index-file/healpix.js';
import { type FieldRange, QUAD_SHARE_MIN } from '../../solver/indexes/coverage.js';
import { LIKELY_SIZES } from '../../solver/indexes/select.js';
import { filesOf, INDEX_SERIES, type IndexSeries, seriesName } from '../../solver/indexes/series.js';
import type { SkyCircle } from '../../solver/search/bounds.js';
import type { Inventory, StarSet } from './inventory.js';

/** The smallest and the largest quads, in widths of the field. */
type Share = readonly [least: number, most: number];
/** Those that find it soonest and most surely. */
const BEST_SHARE: Share = LIKELY_SIZES;
/** Those that lie in it at all. */
const POSSIBLE_SHARE: Share = [QUAD_SHARE_MIN, 1];

/** A series of public index files that a field may need. */
export interface SeriesAdvice {
  name: string;
  number: number;
  lower_arcmin: number;
  upper_arcmin: number;
  /** `best`: its quads are of the sizes that find the field soonest. `useful`: they lie in the field. */
  need: 'best' | 'useful';
  /** `packaged`: the stars of the package stand for it. `incomplete`: pieces of the sky are missing. */
  state: 'here' | 'packaged' | 'incomplete' | 'missing';
  /** How many files are not here of those that the field may need. */
  missing_files?: number;
  /** The pieces of the sky that they hold; absent where all are needed and none is here, or there is one file for the whole sky. */
  missing_pieces?: number[];
}

/** One way to get what is missing. */
export interface Installation {
  series: string[];
  /** To be typed. */
  command: string;
  /** The Debian package. */
  package?: string;
  /** How many files are fetched. */
  files?: number;
}

export interface Advice {
  /**
   * `good`: quads of the best sizes are here for every width of the field. `possible`: only smaller or larger ones. `partly`: for
   * some of the widths. `missing`: for none.
   */
  verdict: 'good' | 'possible' | 'partly' | 'missing';
  /** Smallest quads first. */
  series: SeriesAdvice[];
  /** What is missing of the best series, the smallest download first; nothing for a `good` verdict. */
  install: Installation[];
}

/**
 * Which stars a field needs, which of them are here, and how to get the rest.
 * @param field widths that it may have
 * @param apt whether Debian packages can be installed here
 */
export function adviseOn(
  field: FieldRange,
  { sets }: Pick<Inventory, 'sets'>,
  { position, apt }: { position?: SkyCircle; apt: boolean },
): Advice {
  const place = position && { ...position, radius_deg: position.radius_deg + field.high_deg / 2 };
  const whole = sets.filter((set) => missingPieces(set, place).length === 0);
  const widths = (share: Share) => whole.map((quads) => widthsOf(quads, share));
  const verdict = holds(widths(BEST_SHARE), field)
    ? 'good'
    : holds(widths(POSSIBLE_SHARE), field)
      ? 'possible'
      : widths(POSSIBLE_SHARE).some((range) => overlap(range, field))
        ? 'partly'
        : 'missing';
  const series = INDEX_SERIES.filter((one) => overlap(widthsOf(one, POSSIBLE_SHARE), field)).map((one) => ({
    name: seriesName(one),
    number: one.number,
    lower_arcmin: one.lower_arcmin,
    upper_arcmin: one.upper_arcmin,
    need: overlap(widthsOf(one, BEST_SHARE), field) ? ('best' as const) : ('useful' as const),
    ...stateOf(one, sets, place),
  }));
  const wanted = series.filter(
    ({ need, state }) => need === 'best' && (state === 'missing' || state === 'incomplete'),
  );
  // Larger quads are fewer.
  wanted.reverse();
  return { verdict, series, install: verdict === 'good' ? [] : installations(wanted, apt) };
}

/** The widths of image in which these quads have such a share. */
function widthsOf(
  { lower_arcmin, upper_arcmin }: { lower_arcmin: number; upper_arcmin: number },
  [least, most]: Share,
): FieldRange {
  return { low_deg: lower_arcmin / 60 / most, high_deg: upper_arcmin / 60 / least };
}

/** The widths of image that these quads are best for. */
export const bestFor = (quads: { lower_arcmin: number; upper_arcmin: number }): FieldRange =>
  widthsOf(quads, BEST_SHARE);

const overlap = (a: FieldRange, b: FieldRange) => a.low_deg <= b.high_deg && b.low_deg <= a.high_deg;

/** Whether the ranges together hold all of a field. */
function holds(ranges: readonly FieldRange[], { low_deg, high_deg }: FieldRange): boolean {
  let from = low_deg;
  for (const range of [...ranges].sort((a, b) => a.low_deg - b.low_deg)) {
    if (range.low_deg <= from) from = Math.max(from, range.high_deg);
  }
  return ranges.some((range) => range.low_deg <= low_deg && low_deg <= range.high_deg) && from >= high_deg;
}

function missingPieces({ pieces }: Pick<StarSet, 'pieces'>, place: SkyCircle | undefined): number[] {
  if (!pieces) return [];
  const { nside, present, of } = pieces;
  return Array.from({ length: of }, (_, healpix) => healpix).filter(
    (healpix) => !present.includes(healpix) && (!place || mayOverlap({ nside, healpix }, place)),
  );
}

/** Scales are rounded in some headers. */
const TOLERANCE = 1.02;

function stateOf(
  series: IndexSeries,
  sets: readonly StarSet[],
  place: SkyCircle | undefined,
): Pick<SeriesAdvice, 'state' | 'missing_files' | 'missing_pieces'> {
  const holding = sets.filter(
    ({ lower_arcmin, upper_arcmin }) =>
      lower_arcmin <= series.lower_arcmin * TOLERANCE && upper_arcmin >= series.upper_arcmin / TOLERANCE,
  );
  const files = holding.filter(({ kind }) => kind === 'index-files');
  const gaps = files.map((set) => missingPieces(set, place)).sort((a, b) => a.length - b.length);
  const [fewest] = gaps;
  if (fewest?.length === 0) return { state: 'here' };
  if (holding.length > files.length) return { state: 'packaged' };
  if (fewest) return { state: 'incomplete', missing_files: fewest.length, missing_pieces: fewest };
  const of = filesOf(series).length;
  const needed = missingPieces({ pieces: { nside: series.nside, present: [], of } }, place);
  return series.nside === 0 || needed.length === of
    ? { state: 'missing', missing_files: of }
    : { state: 'missing', missing_files: needed.length, missing_pieces: needed };
}

function installations(wanted: readonly SeriesAdvice[], apt: boolean): Installation[] {
  const found = new Map<string, Installation>();
  for (const { number, name, missing_files, missing_pieces } of wanted) {
    const series = INDEX_SERIES.find((one) => one.number === number);
    if (!series) continue;
    const { debian } = series;
    const installation: Installation =
      apt && debian !== undefined
        ? {
            series: [],
            command: `astro-jobs indexes install ${debian.replace('astrometry-data-', '')}`,
            package: debian,
          }
        : {
            series: [],
            command: `astro-jobs indexes install ${name} --from ${series.url}${missing_pieces ? ` --pieces ${missing_pieces.join(',')}` : ''}`,
            files: missing_files ?? 1,
          };
    const known = found.get(installation.command) ?? installation;
    known.series.push(name);
    found.set(installation.command, known);
  }
  return [...found.values()];
}
