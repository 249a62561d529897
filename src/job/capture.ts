import { z } from 'zod';
import type { Known } from './known.js';

const pair = z.tuple([z.number(), z.number()]);

/** A value of the file that could not be read, or was left out. */
export const captureNoteSchema = z.looseObject({
  /** Where it stood, such as `EXIF LensModel` or `FITS EXPTIME`. */
  key: z.string(),
  /** As written; empty where that cannot be said. */
  value: z.string(),
  /** For a person. */
  why: z.string(),
});
export interface CaptureNote extends Known<z.output<typeof captureNoteSchema>> {}

/** When and with what the image was taken. Every field is absent when unknown, never null, never guessed. */
export const captureSchema = z.looseObject({
  /** ISO 8601 as recorded, without a zone. */
  datetime: z.string().optional(),
  /** ISO 8601 with `Z`; only when truly known. */
  datetime_utc: z.string().optional(),
  /** Seconds. */
  exposure: z.number().optional(),
  iso: z.number().optional(),
  f_number: z.number().optional(),
  focal_length_mm: z.number().optional(),
  focal_length_35mm: z.number().optional(),
  camera_make: z.string().optional(),
  camera_model: z.string().optional(),
  lens_model: z.string().optional(),
  telescope: z.string().optional(),
  filter: z.string().optional(),
  gain: z.number().optional(),
  offset: z.number().optional(),
  ccd_temp_c: z.number().optional(),
  object: z.string().optional(),
  observer: z.string().optional(),
  software: z.string().optional(),
  bayer_pattern: z.string().optional(),
  binning: pair.optional(),
  /** µm, as recorded. */
  pixel_size_um: pair.optional(),
  /** Degrees (+N, +E) and metres. */
  gps: z.looseObject({ lat: z.number(), lon: z.number(), alt: z.number().optional() }).optional(),
  /** Degrees; what the mount claimed. */
  pointing: z.looseObject({ ra: z.number(), dec: z.number() }).optional(),
  /** Pixels, as stored. */
  image_width: z.number().optional(),
  image_height: z.number().optional(),
  /** Pixels, as the camera says that it took them; the image may have been shrunk since. */
  recorded_width: z.number().optional(),
  recorded_height: z.number().optional(),
  /** EXIF Orientation, 1 to 8, when recorded. */
  exif_orientation: z.number().optional(),
  /** field → where it came from, such as `EXIF DateTimeOriginal`, `FITS OBJCTRA` or `FITS FOCALLEN [cm]`. */
  sources: z.record(z.string(), z.string()).optional(),
  /** What was left out, and why. */
  notes: z.array(captureNoteSchema).optional(),
});
export interface Capture extends Known<z.output<typeof captureSchema>> {}
