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

/** One image to be solved. */
export interface EngineQuestion {
  /** Lists of the image's stars, made in different ways, the likeliest to succeed first. */
  lists: readonly FieldStars[];
  /** Pixels. */
  width: number;
  height: number;
  bounds: FieldBounds;
  /** Stars of each list that are searched at most. @default all that can be */
  depth?: number;
  /** Hypotheses after which the search is given up. @default no limit */
  maxHypotheses?: number;
  /** Order of the distortion of the final fit, 0 or 1 for none. */
  order: number;
}
