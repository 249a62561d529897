import { AstroJobsError } from '../../job/errors.js';
import { filesOf, INDEX_SERIES, pieceFile, seriesName } from '../../solver/indexes/series.js';

/** What `indexes install` is asked for. */
export interface Wanted {
  /** As it was typed. */
  label: string;
  /** The INDEXID that its files must have; absent for series that are not published. */
  number?: number;
  /** The Debian package that holds it. */
  debian?: string;
  /** The folder of astrometry.net that holds it. */
  url?: string;
  /** The names of its files at astrometry.net. */
  files: string[];
  /** Whether a file of that name belongs to it. */
  holds(name: string): boolean;
}

/** Debian's names of packages, with or without what they begin with. */
const DEBIAN = /^(?:astrometry-data-)?(tycho2(?:-(\d\d)(?:-19)?)?)$/;
const SERIES = /^(?:index-)?(\d{4})$/;
/** Letters of a file name that can be no path and no option. */
const SAFE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * The series that the user names: `tycho2-07`, `tycho2`, `4107`, `index-5203`, or another name, for files of one's own.
 * @param pieces numbers of the pieces of the sky that are wanted; absent for all
 * @throws AstroJobsError `invalid_params`
 */
export function parseWanted(text: string, pieces?: readonly number[]): Wanted {
  const debian = DEBIAN.exec(text);
  if (debian) {
    const [, name = '', step] = debian;
    return debianSeries(text, `astrometry-data-${name}`, step, pieces);
  }
  const number = Number(SERIES.exec(text)?.[1]);
  const series = INDEX_SERIES.find((one) => one.number === number);
  if (!series) return ownSeries(text, pieces);
  if (pieces && series.nside === 0) throw noPieces(text);
  const files = pieces ? pieces.map((piece) => pieceFile(series, piece)) : filesOf(series);
  const unknown = files.find((file) => !filesOf(series).includes(file));
  if (unknown)
    throw new AstroJobsError(
      'invalid_params',
      `${seriesName(series)} has pieces 0 to ${filesOf(series).length - 1}`,
    );
  return {
    label: seriesName(series),
    number,
    ...(series.debian && { debian: series.debian }),
    url: series.url,
    files,
    holds: (name) => files.includes(name) || isDebianFile(name, number),
  };
}

/** Debian's files of one series: `index-tycho2-07.littleendian.fits`. */
function isDebianFile(name: string, number: number): boolean {
  const step = /^index-tycho2-(\d\d)(?:\.(?:little|big)endian)?\.fits$/.exec(name)?.[1];
  return step !== undefined && Number(step) + 4100 === number;
}

function debianSeries(
  label: string,
  debian: string,
  step: string | undefined,
  pieces: readonly number[] | undefined,
): Wanted {
  if (pieces) throw noPieces(label);
  const series = INDEX_SERIES.filter((one) =>
    step === undefined
      ? one.debian !== undefined
      : one.debian === debian || one.number === 4100 + Number(step),
  );
  const [first] = series;
  if (!first?.debian) throw unknownSeries(label);
  const files = series.flatMap(filesOf);
  return {
    label,
    ...(series.length === 1 && { number: first.number }),
    // `tycho2-12` is in the package of 10 to 19.
    debian: step === undefined ? debian : first.debian,
    url: first.url,
    files,
    holds: (name) => files.includes(name) || series.some(({ number }) => isDebianFile(name, number)),
  };
}

/** Files that astrometry.net does not publish: made by `build-astrometry-index`, say. */
function ownSeries(label: string, pieces: readonly number[] | undefined): Wanted {
  if (!SAFE_NAME.test(label)) throw unknownSeries(label);
  const stem = /^\d/.test(label) ? `index-${label}` : label.replace(/\.fits$/, '');
  const files = pieces
    ? pieces.map((piece) => `${stem}-${String(piece).padStart(2, '0')}.fits`)
    : [`${stem}.fits`];
  const holds = (name: string) =>
    files.includes(name) ||
    (pieces === undefined && name.startsWith(`${stem}-`) && /^\d+\.fits$/.test(name.slice(stem.length + 1)));
  return { label, files, holds };
}

function unknownSeries(label: string): AstroJobsError {
  const known = `tycho2-07, tycho2-08, tycho2-09, tycho2-10-19, ${INDEX_SERIES.map(seriesName).join(', ')}`;
  return new AstroJobsError('invalid_params', `Expected the name of a series (${known}), got \`${label}\``);
}

function noPieces(label: string): AstroJobsError {
  return new AstroJobsError('invalid_params', `${label} is one file for the whole sky: leave out --pieces`);
}
