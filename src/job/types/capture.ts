// Written by `npm run derive` from the schemas.

/** A value of the file that could not be read, or was left out. */
export interface CaptureNote {
  /** Where it stood, such as `EXIF LensModel` or `FITS EXPTIME`. */
  key: string;
  /** As written; empty where that cannot be said. */
  value: string;
  /** Why it was left out, for a person. */
  why: string;
}

/** When and with what the image was taken. Every field is absent when unknown, never null, never guessed. */
export interface Capture {
  /** When the picture was taken: ISO 8601 as recorded, without a zone. Of most files the start of the exposure. */
  datetime?: string;
  /** The same in UTC: ISO 8601 with `Z`; only when the zone is truly known. */
  datetime_utc?: string;
  /** Exposure time, seconds. */
  exposure?: number;
  /** ISO speed. */
  iso?: number;
  /** Focal length over aperture, such as 2.8. */
  f_number?: number;
  /** Focal length, mm. */
  focal_length_mm?: number;
  /** Focal length that gives the same field of view on a frame of 36 × 24 mm, mm. */
  focal_length_35mm?: number;
  /** Maker of the camera. */
  camera_make?: string;
  /** Model of the camera. */
  camera_model?: string;
  /** Model of the lens. */
  lens_model?: string;
  /** Telescope, as the file names it. */
  telescope?: string;
  /** Filter, as the file names it. */
  filter?: string;
  /** Gain as recorded: the setting of the camera, or electrons per ADU. */
  gain?: number;
  /** Offset (black level) as recorded: the setting of the camera. */
  offset?: number;
  /** Temperature of the sensor, °C. */
  ccd_temp_c?: number;
  /** What was photographed, as the file names it; `astrometry.subject` is what is in the picture. */
  object?: string;
  /** Who took the picture. */
  observer?: string;
  /** Program that wrote the file. */
  software?: string;
  /** Colours of the mosaic, row by row, such as `RGGB`. */
  bayer_pattern?: string;
  /** [x, y] pixels of the sensor that were put together into one of the image. */
  binning?: [number, number];
  /** [x, y] size of a pixel, µm, as recorded: with the binning in it or without. */
  pixel_size_um?: [number, number];
  /** Where the camera stood. */
  gps?: {
    /** Geographic latitude, degrees, north positive. */
    lat: number;
    /** Geographic longitude, degrees, east positive. */
    lon: number;
    /** Height above sea level, metres. */
    alt?: number;
  };
  /** Where the mount claimed to look. */
  pointing?: {
    /** Right ascension, degrees, J2000. */
    ra: number;
    /** Declination, degrees, J2000. */
    dec: number;
  };
  /** Width of the image, pixels as stored. */
  image_width?: number;
  /** Height of the image, pixels as stored. */
  image_height?: number;
  /** Width that the camera says it recorded, pixels, where the file has others: the image may have been shrunk since. */
  recorded_width?: number;
  /** Height that the camera says it recorded, pixels, likewise. */
  recorded_height?: number;
  /** EXIF Orientation, 1 to 8, when recorded. */
  exif_orientation?: number;
  /** Field → where it came from, such as `EXIF DateTimeOriginal`, `FITS OBJCTRA` or `FITS FOCALLEN [cm]`. */
  sources?: Record<string, string>;
  /** What was left out, and why; at most 50. */
  notes?: CaptureNote[];
}
