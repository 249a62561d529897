import { z } from 'zod';
import type { Known } from './known.js';

/** A file that is made of a job when it is solved, since its submitter asked for it, and what has become of it. */
export const writtenExportSchema = z.looseObject({
  /** Name of the format: a key of `EXPORT_FORMATS`. */
  format: z.string(),
  /** What it is called among the files of the job, once it is there. */
  file: z.string().optional(),
  /** Why it could not be made of a job that was solved. */
  error: z.looseObject({ code: z.string(), message: z.string() }).optional(),
});
/** Beside these fields it has what was asked for: how a picture is drawn. */
export interface WrittenExport extends Known<z.output<typeof writtenExportSchema>> {}
