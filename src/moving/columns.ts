// biome-ignore-all lint/style/noNonNullAssertion: columns are asked for only within a line.
const [SPACE, PLUS, MINUS, DOT, ZERO, NINE] = [32, 43, 45, 46, 48, 57];

/**
 * The decimal number in bytes `from` to `to`, blanks around it: NaN for blanks alone and for anything else. Texts of a million lines are
 * read by it, so that it makes none.
 */
export function numberIn(bytes: Buffer, from: number, to: number): number {
  let [at, end] = [from, to];
  while (at < end && bytes[at] === SPACE) at++;
  while (end > at && bytes[end - 1] === SPACE) end--;
  const negative = bytes[at] === MINUS;
  if (negative || bytes[at] === PLUS) at++;
  if (at >= end) return Number.NaN;
  let [digits, value, scale] = [0, 0, 0];
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === DOT && scale === 0) scale = 1;
    else if (byte >= ZERO && byte <= NINE) {
      value = value * 10 + (byte - ZERO);
      digits++;
      if (scale > 0) scale *= 10;
    } else return Number.NaN;
  }
  if (digits === 0) return Number.NaN;
  const size = scale > 1 ? value / scale : value;
  return negative ? -size : size;
}

/** The text in bytes `from` to `to`, trimmed. */
export const textIn = (bytes: Buffer, from: number, to: number) => bytes.toString('latin1', from, to).trim();

/** A letter of the Minor Planet Center's packed dates: 1 to 9, then A for 10 and so on. */
export function packedDigit(byte: number): number {
  if (byte >= ZERO && byte <= NINE) return byte - ZERO;
  return byte >= 65 && byte <= 90 ? byte - 55 : Number.NaN;
}

/**
 * Days of TT since J2000.0 of a packed date such as `K205V`, 2020 May 31.0; NaN where it is none
 * (https://www.minorplanetcenter.net/iau/info/PackedDates.html).
 */
export function packedEpoch(bytes: Buffer, from: number): number {
  const [century, month, day] = [
    packedDigit(bytes[from]!),
    packedDigit(bytes[from + 3]!),
    packedDigit(bytes[from + 4]!),
  ];
  const year = century * 100 + numberIn(bytes, from + 1, from + 3);
  if (!(century >= 18 && century <= 20 && month >= 1 && month <= 12 && day >= 1 && day <= 31))
    return Number.NaN;
  return daysSinceJ2000(year, month, day);
}

const J2000_MS = Date.UTC(2000, 0, 1, 12);

/** From 2000 January 1.5 to a day of the calendar, which may have a fraction. */
export const daysSinceJ2000 = (year: number, month: number, day: number) =>
  (Date.UTC(year, month - 1, 1) - J2000_MS) / 86_400_000 + day - 1;
