/** An angle given in degrees, in the unit that suits it. */
export function angle(degrees: number): string {
  const [value, unit] = degrees < 1 ? [degrees * 60, '′'] : [degrees, '°'];
  return `${Number(value.toPrecision(3))}${unit}`;
}

/** From one angle to another, degrees. */
export const span = (low_deg: number, high_deg: number) =>
  angle(low_deg) === angle(high_deg) ? angle(low_deg) : `${angle(low_deg)} to ${angle(high_deg)}`;

/** A size of files. */
export function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
