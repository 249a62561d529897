import { z } from 'zod';
import { drawingOptionsSchema } from '../annotate/drawing-options.js';
import { EXPORT_KINDS, type ExportKind } from './formats.js';

/** Exports of one job that are made when it is solved. */
export const MAX_EXPORTS = 16;

const FORMAT_EXPECTED = `one of ${EXPORT_KINDS.join(', ')}`;
export const EXPORTS_EXPECTED = `up to ${MAX_EXPORTS} formats, each once: names, or objects with \`format\` and how it is drawn`;

const formatSchema = z.enum(EXPORT_KINDS, { error: FORMAT_EXPECTED });

/** An export that shall be made when the job is solved: its format and, for pictures, how it is drawn. */
export const exportRequestSchema = z.strictObject({
  format: formatSchema,
  ...drawingOptionsSchema.shape,
});
/** An export that shall be made when the job is solved, as it is stored. */
export type ExportRequest = z.output<typeof exportRequestSchema>;
/** As callers say it: a name stands for the format without options. */
export type ExportRequestInput = ExportKind | z.input<typeof exportRequestSchema>;

/** All that are asked for at a submission. */
export const exportRequestsSchema = z
  .array(z.union([formatSchema.transform((format) => ({ format })), exportRequestSchema]), {
    error: EXPORTS_EXPECTED,
  })
  .max(MAX_EXPORTS, { error: EXPORTS_EXPECTED })
  .refine((requests) => new Set(requests.map(({ format }) => format)).size === requests.length, {
    error: EXPORTS_EXPECTED,
  });
