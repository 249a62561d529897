import { z } from 'zod';
import { EXPORT_KINDS } from '../../export/formats.js';
import { SCOPES, statusSchema } from '../../index.js';
import { wcsSchema } from './sky.js';

// What the server answers of single jobs and of the caller. `npm run derive` writes the interfaces of the library from these schemas.

export const damagedJobSchema = z
  .looseObject({
    job_id: z.string().describe('The id of the job'),
    problem: z.string().describe('What is wrong with it, for a person'),
  })
  .describe('A job whose documents cannot be read');

export const statusPageSchema = z
  .looseObject({
    jobs: z.array(statusSchema).describe('Newest first by `created_at`'),
    next: z.string().optional().describe('Cursor of the next page; absent on the last'),
    damaged: z.array(damagedJobSchema).describe('Jobs whose documents cannot be read'),
  })
  .describe('A page of jobs');

export const refusedImageSchema = z
  .looseObject({
    ok: z.literal(false).describe('There is no job'),
    filename: z.string().optional().describe('What the image is called'),
    error: z.string().describe('Why, one line for a person'),
    error_code: z.string().describe('Why, for a program: a code of `ERROR_TABLE`'),
  })
  .describe('One of many images that was refused');

export const fileEntrySchema = z
  .looseObject({
    name: z.string().describe('Its name: `files/NAME` is its address'),
    size: z.int().describe('Bytes'),
    modified_at: z.number().describe('When it was written, Unix seconds'),
  })
  .describe('A file that a job has left');

export const exportOfferSchema = z
  .looseObject({
    format: z.enum(EXPORT_KINDS).describe('The name of the format, by which it is asked for'),
    title: z.string().describe('What it is, for a person'),
    content_type: z.string().describe('Its media type'),
  })
  .describe('A format that a job can be exported in');

export const exportEntrySchema = exportOfferSchema
  .extend({ href: z.string().describe('Where it is on the server') })
  .describe('A format that a job can be exported in, and where');

export const geometrySchema = z
  .looseObject({
    image: z
      .looseObject({
        kind: z.string().describe('The kind of file, such as `jpeg` or `fits`'),
        width: z.int().describe('Pixels as stored'),
        height: z.int().describe('Height, pixels as stored'),
        row_order: z
          .enum(['top-down', 'bottom-up'])
          .describe('Whether the first row of the file is the uppermost of the picture, or the lowest'),
        exif_orientation: z.int().min(1).max(8).describe('EXIF Orientation, 1 to 8'),
      })
      .describe('The image as it is stored'),
    wcs: wcsSchema
      .optional()
      .describe(
        'The plate solution, when there is one. Pixels follow the FITS convention, in the order of the file',
      ),
  })
  .describe('How the image of a job lies, and where it looks');

export const keyFactsSchema = z
  .looseObject({
    id: z.string().describe('Also the name of its holder: `rate_key` of the jobs that it submits'),
    name: z.string().optional().describe('What it was called when it was made'),
    scopes: z.array(z.enum(SCOPES)).readonly().describe('What it allows'),
    state: z.enum(['valid', 'expired', 'revoked']).describe('Whether it is still accepted'),
    created_at: z.number().describe('When it was made, Unix seconds'),
    expires_at: z
      .number()
      .optional()
      .describe('When it stops being valid, Unix seconds; absent for a key that stays valid'),
    revoked_at: z.number().optional().describe('When it was revoked, Unix seconds'),
  })
  .describe('What may be told of a key');

export const callerSchema = z
  .looseObject({
    scopes: z.array(z.enum(SCOPES)).readonly().describe('What the caller may do'),
    key: keyFactsSchema
      .optional()
      .describe('The key that was shown; absent for the token, and where none is asked for'),
    webhook_secret: z
      .string()
      .optional()
      .describe('Signs what goes to webhooks that this key names (Standard Webhooks)'),
  })
  .describe('Who the server takes the caller for');

export const explanationSchema = z
  .looseObject({
    code: z.string().describe('The code that is explained'),
    status: z.int().describe('HTTP status'),
    what: z.string().describe('What happened'),
    advice: z.array(z.string()).describe('What to do'),
  })
  .describe('What an error code means');
