import { parseAngle } from '../../capture/sexagesimal.js';
import type { AstroJobsClient } from '../../client/index.js';

/** Where to look; degrees, J2000. */
export interface SkyPlace {
  ra: number;
  dec: number;
  /** What is there, as the server calls it. */
  name?: string;
}

/** `05 35 17 −05 23 28`, `5h35m17s, -5°23′28″` and `83.82 -5.39` are read; undefined: it is no position. */
export function parsePosition(text: string): SkyPlace | undefined {
  const plain = text.trim().replace(/\u2212/g, '-');
  const [first, second] = halves(plain);
  const [ra, dec] = [parseAngle(first), parseAngle(second)];
  if (!ra || !dec) return undefined;
  // Right ascension in parts is in hours unless it says so itself; a single number is in degrees, as in the API.
  const inHours = ra.unit === 'hours' || (ra.unit === undefined && ra.parts > 1);
  const ra_deg = inHours ? ra.value * 15 : ra.value;
  return ra_deg >= 0 && ra_deg <= 360 && Math.abs(dec.value) <= 90
    ? { ra: ra_deg, dec: dec.value }
    : undefined;
}

function halves(text: string): [string, string] {
  const separated = /[,;]/.exec(text);
  if (separated) return [text.slice(0, separated.index), text.slice(separated.index + 1)];
  const sign = text.slice(1).search(/[+-]/) + 1;
  if (sign > 0) return [text.slice(0, sign), text.slice(sign)];
  const words = text.split(/\s+/);
  return [words.slice(0, words.length / 2).join(' '), words.slice(words.length / 2).join(' ')];
}

/** A position, or what the catalogue of the server has under that name. @throws Error that says what may be written */
export async function findPlace(client: AstroJobsClient, text: string): Promise<SkyPlace> {
  const position = parsePosition(text);
  if (position) return position;
  try {
    const { ra_deg, dec_deg, name, names } = await client.object(text);
    const other = names.find((one) => one !== name);
    return { ra: ra_deg, dec: dec_deg, name: other === undefined ? name : `${name} (${other})` };
  } catch {
    throw new Error(
      `“${text}” is no name in the catalogue and no position. Write it like M 31, or 00 42 44 +41 16 09.`,
    );
  }
}
