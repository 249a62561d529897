/** Stars found in an image, in the order in which a search shall look at them: the most certain first. */
export interface FieldStars {
  /** Pixels, FITS convention: the centre of the first pixel is (1, 1). */
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/** What is known beforehand of a field. A bound is never relaxed. */
export interface FieldBounds {
  /** Arcseconds per pixel at the place of a quad. */
  scale: { low: number; high: number };
  /** The image's centre lies within this circle, J2000. */
  position?: { ra_deg: number; dec_deg: number; radius_deg: number };
  /** Sign of det CD. */
  parity?: 1 | -1;
}
