// Written by `npm run derive` from the schemas.

/** One object of a catalogue, as a caller writes it; the built-in catalogue has the same shape. */
export interface CatalogRow {
  /** What people call it. */
  name: string;
  /** The catalogue that it is from, such as `NGC`. */
  catalog?: string;
  /** Its designation there. */
  id?: string;
  /** Every alias; the name need not be repeated. */
  names?: readonly string[];
  /** Such as `galaxy`, `open cluster`, `planetary nebula`, `star`; any other text is of the kind `other`. */
  type?: string;
  /** Right ascension, degrees, J2000 (ICRS). */
  ra_deg: number;
  /** Declination, degrees, J2000 (ICRS). */
  dec_deg: number;
  /** Apparent magnitude, where it is known. */
  magnitude?: number;
  /** Largest extent, arcminutes. */
  size_arcmin?: number;
  /** Major and minor axis, arcminutes, of what is no circle; the first one is `size_arcmin`. */
  axes_arcmin?: readonly [number, number];
  /** Position angle of the major axis, degrees east of north. */
  axis_pa_deg?: number;
  /** Proper motion, mas a year in RA·cos Dec and in Dec; applied when the date of the photograph is known. */
  motion_mas_per_year?: readonly [number, number];
}
