// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { OBJECT_KINDS } from './kinds.js';
import { type CatalogTable, FAME } from './table.js';

/** Limits that a caller sets in place of those that suit the field. */
export interface MagnitudeLimits {
  /** Faintest star. */
  stars?: number;
  /** Faintest other object; those without a magnitude pass. */
  deepSky?: number;
  /** Faintest asteroid or comet. */
  moving?: number;
}

/** The faintest asteroid or comet that is listed in a field of a width in degrees: 18 mag at 1°, 13 at 10°. */
export const movingLimit = (width_deg: number, { moving }: MagnitudeLimits) =>
  moving ?? 18 - 5 * Math.log10(width_deg);

/** In a field of this width (degrees) or less, everything is listed. */
const EVERYTHING_BELOW = 2;
/** In a wider field (degrees), clouds that only a survey has numbered are listed no more. */
const SURVEYS_BELOW = 6;
const STAR = OBJECT_KINDS.indexOf('star');

// The columns of a table are of one length, `index` is a row of it, and each list of limits has one for every fame but the last.

/**
 * Which objects of a table are worth listing in a field `width_deg` wide: all in a narrow one, and in a wide one what a
 * person would name. The limits fall with the logarithm of the width, as the number of objects in it rises:
 * at 5° stars to 7.1, objects to 12 mag or of 5′; at 60° stars to 3.5, objects to 6.6 mag or of 1°; better known ones
 * farther than others.
 */
export function fieldLimits(
  width_deg: number,
  explicit: MagnitudeLimits,
): (table: CatalogTable, index: number) => boolean {
  const everything = width_deg <= EVERYTHING_BELOW;
  const decades = Math.log10(width_deg);
  const starLimit = [8.5, 9.5, 10.3].map((limit) => limit - 3.4 * decades);
  const deepSkyLimit = [13.5, 15.5, 18.5].map((limit) => limit - 5 * decades);
  // Arcminutes: a sixtieth of the field, that is, plainly visible as extended.
  const surveyLimit = width_deg > SURVEYS_BELOW ? Number.POSITIVE_INFINITY : 4 * width_deg;
  const sizeLimit = [surveyLimit, width_deg > 20 ? 3 * width_deg : width_deg, width_deg / 3];
  return (table, index) => {
    const [fame, magnitude] = [table.fame(index), table.magnitude[index]!];
    const limit = table.kind[index] === STAR ? explicit.stars : explicit.deepSky;
    if (limit !== undefined) return !(magnitude > limit);
    if (everything || fame === FAME.always) return true;
    if (table.kind[index] === STAR) return magnitude <= starLimit[fame]!;
    if (Number.isNaN(magnitude)) return table.size_arcmin[index]! >= sizeLimit[fame]!;
    return magnitude <= deepSkyLimit[fame]!;
  };
}
