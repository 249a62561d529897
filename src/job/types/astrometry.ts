// Written by `npm run derive` from the schemas.

/** A catalogue object, star or body in the field. */
export interface AstroObject {
  /** What people call it: `Orion Nebula`, `Alnitak`, `15 Mon`, `HD 47839`. */
  name: string;
  /** `NGC`, `IC`, `M`, `Sh2`, …; `star`; `solar-system`; `minor-planet`, `comet`, `satellite`. */
  catalog?: string;
  /** Its designation in that catalogue. */
  id?: string;
  /** Every name of it, `name` included. */
  names?: string[];
  /** `open cluster`, `emission nebula`, `galaxy`, `star`, `planet`, …. */
  type?: string;
  /** Right ascension, degrees, J2000 (ICRS). */
  ra_deg?: number;
  /** Declination, degrees, J2000 (ICRS). */
  dec_deg?: number;
  /**
   * Along a row, pixels of the original image, FITS convention: (1, 1) is the centre of the first pixel; absent of an extended object
   * that is centred outside the image circle and reaches into it.
   */
  x?: number;
  /** From row to row as stored, likewise. */
  y?: number;
  /** Distance from the centre of the image, arcminutes. */
  sep_arcmin: number;
  /** Position angle from the centre of the image, degrees east of north. */
  pa_deg?: number;
  /** Apparent magnitude, where it is known. */
  magnitude?: number;
  /** Largest extent, arcminutes. */
  size_arcmin?: number;
  /** [major, minor] axis, arcminutes. */
  axes_arcmin?: [number, number];
  /** Position angle of the major axis, degrees east of north; `pa_deg` is another angle. */
  axis_pa_deg?: number;
  /** How much the object stands out in this picture, 0 to 1. */
  prominence?: number;
  /** How far off the place may be, arcminutes, where that matters: of the Moon without a site, and of what moves. */
  uncertainty_arcmin?: number;
  /** Of asteroids, comets and satellites: how they cross the sky. */
  motion?: {
    /** Speed across the sky, arcseconds per hour. */
    arcsec_per_hour: number;
    /** Its direction, degrees east of north. */
    pa_deg: number;
  };
  /** Of the same: their way from the start to the end of the exposure, [RA, Dec] in degrees, J2000. */
  trail?: [number, number][];
  /** Of the same: distance from the observer, au. */
  distance_au?: number;
  /** Of the same: days between the epoch of their elements and the picture. */
  elements_age_days?: number;
}

/** What a person would say that the picture shows. */
export interface Subject {
  /** Its designation, the name of a star, or the Latin name of a constellation: `M 42`, `Vega`, `Orion`. */
  name: string;
  /** What people call it: `Orion Nebula`. */
  common_name?: string;
  /** As in `objects`; of a constellation `constellation`. */
  catalog?: string;
  /** As in `objects`; of a constellation its IAU abbreviation. */
  id?: string;
  /** As in `objects`; of a constellation `constellation`. */
  type?: string;
  /** Why this one, a sentence for a person. */
  why: string;
}

/** How far down a picture of the whole sky sees. */
export interface Horizon {
  /** The zenith where time and place are known, the optical axis where they are not. */
  about: 'zenith' | 'optical_axis';
  /** Right ascension of that place, degrees, J2000. */
  ra_deg: number;
  /** Declination of that place, degrees, J2000. */
  dec_deg: number;
  /** Its pixel along a row, FITS convention; absent where it is not in the picture. */
  x?: number;
  /** Its pixel from row to row as stored, likewise. */
  y?: number;
  /** Angle from there within which stars were recognised, degrees. */
  stars_within_deg: number;
}

/** The plate solution. Angles are degrees and positions J2000 (ICRS), unless a name says otherwise. */
export interface Astrometry {
  /** Right ascension of the centre, pixel ((W+1)/2, (H+1)/2), degrees, J2000 (ICRS), distortion included. */
  ra_center: number;
  /** Declination of the centre, degrees, J2000 (ICRS), distortion included. */
  dec_center: number;
  /**
   * [width, height], degrees: great-circle length through the middle row and the middle column; of a fisheye lens inside the image
   * circle, where it may exceed 180.
   */
  fov_deg: [number, number];
  /** Pixel scale, arcseconds per pixel of the original image: 3600·√|det CD|; of a fisheye lens that of the centre. */
  pixscale_arcsec: number;
  /** Position angle of +y of the stored pixels, degrees east of north, (−180, 180], as astrometry.net counts it. */
  orientation_deg: number;
  /** Position angle of what is up when the picture is looked at, degrees east of north. */
  display_up_deg?: number;
  /** Sign of det CD. */
  parity?: 1 | -1;
  /** Whether the picture, as it is looked at, is a mirror image of the sky. */
  mirrored?: boolean;
  /** From the centre to the farthest corner, degrees. */
  radius_deg?: number;
  /**
   * [RA, Dec] of the corners, degrees, J2000: upper left, upper right, lower right, lower left, as the picture is looked at; absent
   * where one shows no sky.
   */
  corners?: [number, number][];
  /** Linear part of the WCS at its reference pixel, as in the FITS header: ξ is east, η north. */
  cd_matrix?: {
    /** ∂ξ/∂x, degrees per pixel. */
    CD1_1: number;
    /** ∂ξ/∂y, degrees per pixel. */
    CD1_2: number;
    /** ∂η/∂x, degrees per pixel. */
    CD2_1: number;
    /** ∂η/∂y, degrees per pixel. */
    CD2_2: number;
  };
  /** Of a fisheye lens only: `equidistant`, `equisolid`, `stereographic` or `orthographic`; otherwise gnomonic (TAN). */
  projection?: string;
  /** Where the picture shows the sky, when that is not all of it. */
  image_circle?: {
    /** Its centre along a row, pixels, FITS convention. */
    x: number;
    /** Its centre from row to row, pixels. */
    y: number;
    /** Its radius, pixels. */
    radius: number;
  };
  /** Of a fisheye lens: how far down stars were recognised. */
  horizon?: Horizon;
  /** IAU abbreviation of the constellation in which the centre lies. */
  constellation?: string;
  /** What a person would say that the picture shows. */
  subject?: Subject;
  /** How many stars there are. */
  sources?: {
    /** Stars found in the image, in the size in which it was solved. */
    detected?: number;
    /** Those of them that the solution was fitted to (`output/solution.corr`). */
    matched?: number;
  };
  /** How good the plate solution is. */
  quality?: {
    /** Root mean square of the distances of matched stars from the solution, arcseconds. */
    rms_arcsec?: number;
    /** The largest of them, arcseconds. */
    max_arcsec?: number;
    /** Natural logarithm of the odds that the solution is true. */
    log_odds?: number;
    /** The index whose quad found it, without its folder. */
    index?: string;
    /** Share of the picture within reach of matched stars, 0 to 1. */
    coverage?: number;
    /** Only of a picture whose stars are drawn out to 2.5 times their width or more. */
    trailed?: {
      /** Length over width, median of the stars. */
      ratio: number;
      /** Length, pixels of the original image. */
      length_px: number;
      /** Direction in the middle of the picture, degrees east of north, 0 to 180; absent where trails have no common one. */
      position_angle_deg?: number;
    };
  };
  /** What is in the field, nearest to the centre first: centred in it, or extended and reaching into it. */
  objects: AstroObject[];
}
