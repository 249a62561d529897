// Written by `npm run derive` from the schemas.

/** One of 3 × 3 equal parts of the image; figures are absent where it has fewer than 3 such stars. */
export interface QualityCell {
  /** Its middle along a row, pixels, FITS convention. */
  x: number;
  /** Its middle from row to row as stored, pixels. */
  y: number;
  /** Stars in it that tell of its shape. */
  stars: number;
  /** Full width at half maximum, pixels: median of its stars. */
  fwhm_px?: number;
  /** Radius that holds half of a star's light, pixels: median. */
  hfr_px?: number;
  /** 1 − b/a of the shape that its stars have in common. */
  ellipticity?: number;
  /** Direction of the long axis from +x towards +y, degrees, 0 to 180. */
  angle_deg?: number;
}

/** How sharp the stars are, and how even the sky. What cannot be known is absent, and `notes` say why. */
export interface ImageQuality {
  /** How many stars there are. */
  stars: {
    /** Stars found in the image. */
    found: number;
    /** Stars measured: the brightest 300 at most. */
    measured: number;
    /** Stars that the figures are taken from. */
    used: number;
    /** Stars left out because they are saturated. */
    saturated: number;
    /** Stars left out because another one is close by. */
    crowded: number;
  };
  /** Side of the squares of pixels that were averaged before measuring: 2 of a colour mosaic, otherwise 1. */
  binning: number;
  /** Full width at half maximum, pixels of the original image, before pixels gather the light: median. */
  fwhm_px?: number;
  /** The same, arcseconds. */
  fwhm_arcsec?: number;
  /** Radius that holds half of a star's light, pixels: median. */
  hfr_px?: number;
  /** The same, arcseconds. */
  hfr_arcsec?: number;
  /** 1 − b/a of the shape that the stars have in common. */
  ellipticity?: number;
  /** Direction of its long axis in the stored image, from +x towards +y, degrees, 0 to 180; absent of round stars. */
  angle_deg?: number;
  /** The same direction on the sky, degrees east of north, 0 to 180. */
  position_angle_deg?: number;
  /** Nine parts of the image, row by row as they are stored. */
  grid?: QualityCell[];
  /** A plane through the widths of the stars. */
  tilt?: {
    /** How much widths rise from one side of the image to the other, percent of `fwhm_px`. */
    percent: number;
    /** Where stars are wider: from +x towards +y, degrees, 0 to 360. */
    toward_deg?: number;
  };
  /** How much wider stars are in the corners than in the middle, percent of `fwhm_px`, without the tilt. */
  curvature_percent?: number;
  /** Tilt and curvature, one sentence for a person. */
  summary?: string;
  /** The sky between the stars. */
  background?: {
    /** Median of the sky, units of the file (ADU). */
    level: number;
    /** From one side to the other, percent of `level`. */
    gradient_percent?: number;
    /** Where it is brighter: from +x towards +y, degrees, 0 to 360. */
    gradient_toward_deg?: number;
    /** One standard deviation of a pixel, units of the file. */
    noise?: number;
  };
  /** Pixels as bright as the image can show. */
  saturation?: {
    /** From which value on a pixel is saturated, units of the file; absent where none is. */
    level?: number;
    /** Share of all pixels that are, 0 to 1. */
    share: number;
  };
  /** Only of stars that are all drawn out in one direction. */
  trailing?: {
    /** Length, pixels of the original image. */
    length_px: number;
    /** Length, arcseconds. */
    length_arcsec: number;
    /** Direction, degrees east of north, 0 to 180. */
    position_angle_deg: number;
    /** What the sky alone would do in the exposure while a camera stands still. */
    sidereal?: {
      /** Length, pixels. */
      length_px: number;
      /** Length, arcseconds. */
      length_arcsec: number;
      /** Direction, degrees east of north. */
      position_angle_deg: number;
    };
  };
  /** What is not stated, and why; one line each. */
  notes?: string[];
}

/** How bright things are, against the catalogue. What cannot be known is absent, and `notes` say why. */
export interface Photometry {
  /** Magnitude of a star of which one unit of the file, over the whole exposure, is within `aperture_px`. */
  zero_point: number;
  /** One standard deviation of a star, magnitudes: 1.4826 times the median absolute deviation. */
  scatter: number;
  /** One standard deviation of `zero_point`, magnitudes. */
  error: number;
  /** Stars that it was taken from. */
  stars: number;
  /** Band of the catalogue's magnitudes: Tycho-2 VT. */
  band: 'VT';
  /** The same against V of the Hipparcos stars in the catalogue. */
  v?: {
    /** Magnitude of a star of which one unit of the file, over the whole exposure, is within `aperture_px`. */
    zero_point: number;
    /** One standard deviation of a star, magnitudes: 1.4826 times the median absolute deviation. */
    scatter: number;
    /** One standard deviation of `zero_point`, magnitudes. */
    error: number;
    /** Stars that it was taken from. */
    stars: number;
  };
  /** Magnitudes of the image for one of the catalogue: 1 where brightness is proportional to light. */
  slope?: number;
  /** Whether pixels are proportional to light; if not, the figures here are rough. */
  linear: boolean;
  /** From what that is known, for a person. */
  linear_why: string;
  /** Radius of the circles in which light was summed, pixels. */
  aperture_px: number;
  /** Magnitudes that stars are brighter by in all than in their circles. */
  aperture_correction?: number;
  /** Magnitude, in `band`, of a star whose light is five times its error. */
  limiting_magnitude?: number;
  /** Brightness of the sky; only of linear images. */
  sky?: {
    /** Magnitudes, in `band`, per square arcsecond. */
    magnitude_arcsec2: number;
    /** True where it is unknown what a pixel without light has: the sky is this bright at most. */
    is_limit: boolean;
    /** What a pixel without light has, units of the file; 0 where it is unknown. */
    offset: number;
  };
  /** What is not stated, and why; one line each. */
  notes?: string[];
}

/** What looks like a bright star and is in no catalogue of the package. No more than a place to look at. */
export interface Candidate {
  /** Along a row, pixels of the original image, FITS convention. */
  x: number;
  /** From row to row as stored, pixels. */
  y: number;
  /** Right ascension, degrees, J2000. */
  ra_deg: number;
  /** Declination, degrees, J2000. */
  dec_deg: number;
  /** VT magnitude, estimated by the zero point. */
  magnitude: number;
  /** Its width over the median of the stars. */
  relative_width: number;
  /** Its light over its error. */
  snr: number;
}
