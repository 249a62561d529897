import type { FitsHeader } from '../fits/header.js';

const KEYWORDS = ['EQUINOX', 'EPOCH', 'OBJEPOCH', 'OBJCTEQ'];
const OF_DATE = /\bJ\.? ?NOW\b|\bof (?:the )?date\b|\bapparent\b|\btopocentric\b/i;

/**
 * The year of the frame that a header's coordinates are in; 2000 where it says nothing.
 * @param comment of the coordinate, which some programs write it into: `Epoch : JNOW`.
 */
export function equinoxOf(header: FitsHeader, comment: string): number | 'of date' {
  if (OF_DATE.test(comment)) return 'of date';
  for (const keyword of KEYWORDS) {
    const text = header.string(keyword) ?? '';
    if (OF_DATE.test(text)) return 'of date';
    const written =
      header.number(keyword) ?? Number.parseFloat(/^[JB]?\s*(\d{4}(?:\.\d*)?)/i.exec(text)?.[1] ?? '');
    if (written >= 1800 && written <= 2200) return written;
  }
  return 2000;
}
