/** The first photograph of the Moon was taken in 1840. */
const FIRST_YEAR = 1840;
/** This release is not older: where the clock of the machine stands before it, that one is wrong. */
const RELEASE_YEAR = 2026;

/** Zeros of the clocks and of the date types of operating systems, languages and receivers, whatever the hour. */
const EPOCH_DAYS = new Set([
  '1601-01-01', // Windows file time
  '1858-11-17', // Modified Julian Date 0
  '1899-12-30', // OLE automation
  '1904-01-01', // QuickTime, HFS
  '1969-12-31', // Unix, west of Greenwich
  '1970-01-01', // Unix
]);
/** Dates that clocks begin with, whose first minute says that they were not set. */
const FRESH_MINUTES = new Set([
  '1980-01-01T00:00', // FAT file systems
  '1980-01-06T00:00', // GPS
  '2000-01-01T00:00', // cameras
]);
/** The epoch of star catalogues, which programs take for a date that they do not have. */
const J2000 = /^2000-01-01T12:00:00(?:\.0*)?$/;

/** Why the clock behind an ISO 8601 text was never set, if that is so. */
export function neverSet(local: string): string | undefined {
  const unset =
    local.startsWith('0001-') ||
    EPOCH_DAYS.has(local.slice(0, 10)) ||
    FRESH_MINUTES.has(local.slice(0, 16)) ||
    J2000.test(local);
  return unset ? 'a date that clocks show before they are set' : undefined;
}

/** Why nothing can have been photographed then, if that is so; a year of tolerance for the clock of this machine. */
export function outsidePhotography(local: string): string | undefined {
  const year = Number(local.slice(0, 4));
  if (!(year >= FIRST_YEAR)) return 'before the age of photography';
  return year > Math.max(RELEASE_YEAR, new Date().getUTCFullYear()) + 1 ? 'in the future' : undefined;
}
