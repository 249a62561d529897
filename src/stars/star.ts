/** A star (or what looks like one) that was found in an image. */
export interface Star {
  /** Pixels of the original image, FITS convention: (1, 1) is the centre of the first pixel. */
  x: number;
  /** Likewise. */
  y: number;
  /** Height above the background, lightly smoothed, in units of the image. */
  peak: number;
  /** Local background, in units of the image. */
  background: number;
  /** Number of pixels above half the height, in pixels of the searched image. */
  area: number;
  /** Longer by shorter side of those pixels' bounding box. */
  elongation: number;
  /** Length by width of those pixels in any direction, from their second moments. */
  trail: number;
  /** Their length, pixels of the original image, and its direction from +x towards +y, 0 to π. */
  length_px: number;
  /** Direction of its long axis from +x towards +y, radians. */
  angle_rad: number;
  /** Height of the centre over that of its four neighbours, unsmoothed; a lone hot pixel has a large one. */
  sharpness: number;
  /** It is darker than its surroundings: the image is a negative. */
  isDark?: true;
}
