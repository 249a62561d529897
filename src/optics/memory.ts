import { z } from 'zod';
import { type Calibration, calibrationSchema } from '../job/calibration.js';

/** What is remembered of one camera and its optics. */
export interface RememberedField {
  /** Camera, optics and picture size, for a person. */
  optics: string;
  /** Of the last solution, arcseconds per pixel of the original image. */
  arcsec_per_pixel: number;
  /** Where the last image of a sequence was found. Absent when it is not known when that was taken. */
  position?:
    | {
        /** Centre of the field, degrees J2000. */
        ra_deg: number;
        /** Declination, degrees, J2000. */
        dec_deg: number;
        /** From there to a corner, degrees. */
        radius_deg: number;
        /** When the image was taken, ISO 8601 by the clock of its camera. */
        taken_at: string;
      }
    | undefined;
  /** What its lens does, of the last solution that was good to the corners. */
  calibration?: Calibration | undefined;
}

/** The same as it is read from a file. */
export const rememberedFieldSchema: z.ZodType<RememberedField> = z.object({
  optics: z.string(),
  arcsec_per_pixel: z.number().positive(),
  position: z
    .object({
      ra_deg: z.number().min(0).max(360),
      dec_deg: z.number().min(-90).max(90),
      radius_deg: z.number().positive().max(180),
      taken_at: z.string(),
    })
    .optional(),
  calibration: calibrationSchema.optional(),
});

/**
 * The last solution of each camera and its optics, as the first guess for the next image. A guess and nothing more: a memory may
 * lose entries, keep old ones, or give what another process has just replaced. It keeps a bounded number of them.
 *
 * Keys are opaque: 64 lower-case hex digits. A method that rejects costs a line in the log of the image, not its solution.
 */
export interface OpticsMemory {
  /** The last solution under this key. */
  get(key: string): Promise<RememberedField | undefined>;
  /** Replaces it. Calls for different keys may run at once, in several processes, and lose nothing of each other. */
  put(key: string, field: RememberedField): Promise<void>;
  /** The keys under which there is something, in any order. */
  keys(): Promise<string[]>;
  /** Forgets what is under a key, or everything where none is given; resolves with the number of entries that were there. */
  forget(key?: string): Promise<number>;
}

/** Entries that a memory keeps: more cameras than one observatory has. */
export const MAX_REMEMBERED = 200;
