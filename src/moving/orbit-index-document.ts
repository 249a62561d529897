import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { elementWarningSchema } from '../job/observation.js';

/** Of the form of the files; another one is made anew. */
export const INDEX_VERSION = 1;

/** What is kept beside the sorted lines. */
export const indexSchema = z.object({
  version: z.literal(INDEX_VERSION),
  /** Of the file that it was made of. */
  bytes: z.number(),
  changed_ms: z.number(),
  /** Name of the file of lines. */
  lines: z.string(),
  /** What that file is reported with. */
  report: z.object({ objects: z.number(), damaged: z.number(), warnings: z.array(elementWarningSchema) }),
  /** Pieces of the file of lines: no asteroid in one is brighter than `brightest`, `null` where there is no bound. */
  pages: z.array(z.object({ brightest: z.number().nullable(), start: z.number(), bytes: z.number() })),
});
export type IndexDocument = z.output<typeof indexSchema>;

/** Where the index of a file is kept. */
export const indexPath = (folder: string, path: string) =>
  join(folder, `orbits-${createHash('sha256').update(path).digest('hex').slice(0, 16)}.json`);
