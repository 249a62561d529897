import type { HipparcosStars } from '../catalog/hipparcos.js';

/** Stars of a catalogue in a field. */
export interface ReferenceStars {
  /** J2000 degrees. */
  ra_deg: Float64Array;
  dec_deg: Float64Array;
  magnitude: Float64Array;
}

/** Those of Tycho-2 by VT, the brightest first. */
export interface TychoStars extends ReferenceStars {
  /** Whether the field has more of them, which are fainter. */
  isCut: boolean;
}

/** What the catalogues of the package have in a field. */
export interface FieldReferences {
  tycho: TychoStars;
  hipparcos: HipparcosStars;
}
