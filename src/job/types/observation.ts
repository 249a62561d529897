// Written by `npm run derive` from the schemas.

/** What is left out for a reason. */
export interface NotStated {
  /** Such as `satellites`, `sun`, `moon` or `altitude`. */
  what: string;
  /** What is missing for it, for a person. */
  why: string;
}

/** What was wrong with a file of elements. */
export interface ElementWarning {
  /** What kind of fault it is; each code stays the same across releases. */
  code: 'damaged_line' | 'outdated_elements' | 'unknown_format' | 'unreadable_file';
  /** The number of the line, 1 being the first. */
  line?: number;
  /** What is wrong, for a person. */
  message: string;
}

/** A file of elements that was looked through. */
export interface ElementFile {
  /** Its name, without its folder. */
  name: string;
  /** Whose elements it holds; absent where it has no line of elements. */
  kind?: 'minor-planets' | 'comets' | 'satellites';
  /** Objects whose elements could be read. */
  objects: number;
  /** Lines that could not be read. */
  damaged: number;
  /** Objects in the field whose elements are too old to say where they were. */
  outdated: number;
  /** What was wrong: the first 20 of each code. */
  warnings: ElementWarning[];
}

/** How asteroids, comets and satellites were looked for; those found are among the objects. */
export interface MovingObjects {
  /** Apparent magnitude beyond which asteroids and comets are not listed. */
  magnitude_limit?: number;
  /** Objects found beyond those that are listed, the faintest ones. */
  left_out?: number;
  /** The files of elements that were looked through. */
  files: ElementFile[];
  /** What could not be looked for, and why. */
  not_stated?: NotStated[];
}

/** Where the telescope stood and what else was in the sky. */
export interface Observation {
  /** Start of the exposure, ISO 8601, UTC. */
  start_utc?: string;
  /** Its middle, ISO 8601, UTC; alone of the three where its length is unknown. */
  middle_utc?: string;
  /** Its end, ISO 8601, UTC. */
  end_utc?: string;
  /** Altitude of the middle of the picture at the middle of the exposure, degrees, without refraction. */
  altitude_deg?: number;
  /** Its azimuth, degrees from north through east. */
  azimuth_deg?: number;
  /** Its air mass (Pickering 2002), by the altitude with refraction; absent below the horizon. */
  airmass?: number;
  /** Direction of the zenith from there, degrees east of north, (−180, 180]. */
  parallactic_angle_deg?: number;
  /**
   * How the camera is turned against the horizon: what is up in the picture, counted from the zenith, degrees, positive the way from
   * north to east.
   */
  tilt_deg?: number;
  /** Where the Sun stood. */
  sun?: {
    /** Altitude above the horizon, degrees, without refraction. */
    altitude_deg?: number;
    /** Azimuth, degrees from north through east. */
    azimuth_deg?: number;
    /** Distance from the middle of the picture, degrees. */
    separation_deg: number;
    /** `day` above −0.833° of altitude, `civil` above −6°, `nautical` above −12°, `astronomical` above −18°, else `night`. */
    twilight?: 'day' | 'civil' | 'nautical' | 'astronomical' | 'night';
  };
  /** Where the Moon stood. */
  moon?: {
    /** Altitude above the horizon, degrees, without refraction. */
    altitude_deg?: number;
    /** Azimuth, degrees from north through east. */
    azimuth_deg?: number;
    /** Distance from the middle of the picture, degrees. */
    separation_deg: number;
    /** Share of the disc that is lit, 0 to 1. */
    illuminated: number;
    /** Its ecliptic longitude over that of the Sun, degrees: 0 new, 90 first quarter, 180 full, 270 last quarter. */
    phase_deg: number;
    /** The phase in words; a quarter within 6° of it. */
    phase:
      | 'new'
      | 'waxing crescent'
      | 'first quarter'
      | 'waxing gibbous'
      | 'full'
      | 'waning gibbous'
      | 'last quarter'
      | 'waning crescent';
  };
  /** From where the mount claimed to look to the middle of the picture. */
  mount_offset?: {
    /** Its length, arcminutes. */
    arcmin: number;
    /** Its direction, degrees east of north. */
    pa_deg: number;
    /** Its part along right ascension, arcminutes on the sky. */
    east_arcmin: number;
    /** Its part along declination, arcminutes. */
    north_arcmin: number;
    /** The keywords that the claim stands in. */
    source?: string;
  };
  /** What could not be said, and why. */
  not_stated?: NotStated[];
}
