import type { HipparcosStars } from '../catalog/hipparcos.js';

/** Stars of a catalogue in a field. */
export interface ReferenceStars {
  /** J2000 degrees. */
  ra_deg: Float64Array;
  dec_deg: Float64Array;
  magnitude: Float64Array;
}

/** What the catalogues of the package have in a field. */
export interface FieldReferences {
  /** Tycho-2 VT, brightest first. */
  tycho: ReferenceStars;
  hipparcos: HipparcosStars;
}
