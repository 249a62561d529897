import { z } from 'zod';
import type { Capture, CaptureNote } from './types/capture.js';

export type { Capture, CaptureNote } from './types/capture.js';

const pair = z.tuple([z.number(), z.number()]);

/** Validates an entry of `capture.notes`. */
export const captureNoteSchema: z.ZodType<CaptureNote> = z
  .looseObject({
    key: z.string().describe('Where it stood, such as `EXIF LensModel` or `FITS EXPTIME`'),
    value: z.string().describe('As written; empty where that cannot be said'),
    why: z.string().describe('Why it was left out, for a person'),
  })
  .describe('A value of the file that could not be read, or was left out');

/** Validates `capture` of a result. */
export const captureSchema: z.ZodType<Capture> = z
  .looseObject({
    datetime: z
      .string()
      .optional()
      .describe(
        'When the picture was taken: ISO 8601 as recorded, without a zone. Of most files the start of the exposure',
      ),
    datetime_utc: z
      .string()
      .optional()
      .describe('The same in UTC: ISO 8601 with `Z`; only when the zone is truly known'),
    exposure: z.number().optional().describe('Exposure time, seconds'),
    iso: z.number().optional().describe('ISO speed'),
    f_number: z.number().optional().describe('Focal length over aperture, such as 2.8'),
    focal_length_mm: z.number().optional().describe('Focal length, mm'),
    focal_length_35mm: z
      .number()
      .optional()
      .describe('Focal length that gives the same field of view on a frame of 36 × 24 mm, mm'),
    camera_make: z.string().optional().describe('Maker of the camera'),
    camera_model: z.string().optional().describe('Model of the camera'),
    lens_model: z.string().optional().describe('Model of the lens'),
    telescope: z.string().optional().describe('Telescope, as the file names it'),
    filter: z.string().optional().describe('Filter, as the file names it'),
    gain: z.number().optional().describe('Gain as recorded: the setting of the camera, or electrons per ADU'),
    offset: z.number().optional().describe('Offset (black level) as recorded: the setting of the camera'),
    ccd_temp_c: z.number().optional().describe('Temperature of the sensor, °C'),
    object: z
      .string()
      .optional()
      .describe(
        'What was photographed, as the file names it; `astrometry.subject` is what is in the picture',
      ),
    observer: z.string().optional().describe('Who took the picture'),
    software: z.string().optional().describe('Program that wrote the file'),
    bayer_pattern: z.string().optional().describe('Colours of the mosaic, row by row, such as `RGGB`'),
    binning: pair
      .optional()
      .describe('[x, y] pixels of the sensor that were put together into one of the image'),
    pixel_size_um: pair
      .optional()
      .describe('[x, y] size of a pixel, µm, as recorded: with the binning in it or without'),
    gps: z
      .looseObject({
        lat: z.number().describe('Geographic latitude, degrees, north positive'),
        lon: z.number().describe('Geographic longitude, degrees, east positive'),
        alt: z.number().optional().describe('Height above sea level, metres'),
      })
      .optional()
      .describe('Where the camera stood'),
    pointing: z
      .looseObject({
        ra: z.number().describe('Right ascension, degrees, J2000'),
        dec: z.number().describe('Declination, degrees, J2000'),
      })
      .optional()
      .describe('Where the mount claimed to look'),
    image_width: z.number().optional().describe('Width of the image, pixels as stored'),
    image_height: z.number().optional().describe('Height of the image, pixels as stored'),
    recorded_width: z
      .number()
      .optional()
      .describe(
        'Width that the camera says it recorded, pixels, where the file has others: the image may have been shrunk since',
      ),
    recorded_height: z
      .number()
      .optional()
      .describe('Height that the camera says it recorded, pixels, likewise'),
    exif_orientation: z.number().optional().describe('EXIF Orientation, 1 to 8, when recorded'),
    sources: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        'Field → where it came from, such as `EXIF DateTimeOriginal`, `FITS OBJCTRA` or `FITS FOCALLEN [cm]`',
      ),
    notes: z.array(captureNoteSchema).optional().describe('What was left out, and why; at most 50'),
  })
  .describe(
    'When and with what the image was taken. Every field is absent when unknown, never null, never guessed',
  );
