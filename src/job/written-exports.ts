import { z } from 'zod';
import type { WrittenExport } from './types/written-exports.js';

export type { WrittenExport } from './types/written-exports.js';

/** Beside these fields it has what was asked for: how a picture is drawn. */
export const writtenExportSchema: z.ZodType<WrittenExport> = z
  .looseObject({
    format: z.string().describe('Name of the format: a key of `EXPORT_FORMATS`'),
    file: z.string().optional().describe('What it is called among the files of the job, once it is there'),
    error: z
      .looseObject({
        code: z.string().describe('Why, for a program: a code of `ERROR_TABLE`'),
        message: z.string().describe('Why, one line for a person'),
      })
      .optional()
      .describe('Why it could not be made of a job that was solved'),
  })
  .describe('A file that is made of a job when it is solved, since its submitter asked for it');
