import type { CatalogRow } from './table.js';

/** Something that moved through the picture, as the lists of objects take it. */
export interface MovingRow extends CatalogRow {
  type: 'asteroid' | 'comet' | 'satellite';
  /** Across the sky at the middle of the exposure: arcseconds an hour, and the direction in degrees east of north. */
  motion: {
    /** Speed across the sky, arcseconds per hour. */
    arcsec_per_hour: number;
    /** Its direction, degrees east of north. */
    pa_deg: number;
  };
  /** Where it went while the picture was exposed: [RA, Dec] in degrees, from the start to the end; only what the picture may show of it. */
  trail?: readonly (readonly [number, number])[];
  /** au. */
  distance_au?: number;
  /** Days from the epoch of its elements. */
  elements_age_days: number;
  /** How far off the place may be, arcminutes. */
  uncertainty_arcmin: number;
}
