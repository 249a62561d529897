import { z } from 'zod';
import { JOB_STATES, paramsSchema } from '../index.js';

export type Json = Record<string, unknown>;

export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
export const content = (type: string, schema: Json) => ({ content: { [type]: { schema } } });
const jsonOf = (description: string, schema: Json) => ({
  description,
  ...content('application/json', schema),
});
const bytes = (description: string, type: string) => ({
  description,
  ...content(type, { type: 'string', format: 'binary' }),
});
const status = (description: string) =>
  jsonOf(description, { allOf: [{ type: 'object', properties: { ok: { const: true } } }, ref('Status')] });
const failed = { default: jsonOf('What went wrong, and what to do: see `error_code`', ref('Failure')) };
const query = (name: string, schema: Json, description: unknown) => ({
  name,
  in: 'query',
  schema,
  description,
});
const jobId = {
  name: 'id',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^[0-9a-f]{32}$' },
};

const operation = (summary: string, responses: Json, more: Json = {}) => ({
  summary,
  responses: { ...responses, ...failed },
  ...more,
});
const ofJob = (operations: Json) => ({ parameters: [jobId], ...operations });
const picture = (type: string) =>
  ofJob({ get: operation('The annotated picture', { 200: bytes('The picture', type) }) });

function submitOperation(): Json {
  const properties = (
    z.toJSONSchema(paramsSchema, { io: 'input', unrepresentable: 'any' }) as {
      properties: Record<string, Json>;
    }
  ).properties;
  const own: Record<string, Json> = {
    filename: { type: 'string', description: 'Name of the image' },
    webhook: { type: 'string', format: 'uri', description: 'Called when the job has ended' },
  };
  const parameters = Object.entries({ ...properties, ...own }).map(([name, { description, ...schema }]) =>
    query(name, schema, description),
  );
  const url = {
    type: 'object',
    required: ['url'],
    properties: { url: { type: 'string', format: 'uri' }, params: ref('Params'), ...own },
  };
  const form = {
    type: 'object',
    required: ['image'],
    properties: {
      ...properties,
      ...own,
      image: { type: 'string', format: 'binary', description: 'Last of all fields' },
    },
  };
  return operation(
    'Submit an image',
    { 202: status('The job is durable') },
    {
      parameters: [
        ...parameters,
        {
          name: 'Idempotency-Key',
          in: 'header',
          schema: { type: 'string' },
          description: 'Repeated, it gives the first job again',
        },
        {
          name: 'X-Filename',
          in: 'header',
          schema: { type: 'string' },
          description: 'Name of the image, percent-encoded',
        },
      ],
      requestBody: {
        required: true,
        content: {
          'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
          'multipart/form-data': { schema: form },
          'application/json': { schema: url },
        },
      },
    },
  );
}

const page = {
  type: 'object',
  properties: {
    ok: { const: true },
    jobs: { type: 'array', items: ref('Status') },
    next: { type: 'string', description: 'Cursor of the next page' },
    damaged: { type: 'array', items: { type: 'object' } },
  },
};
const files = {
  type: 'object',
  properties: {
    ok: { const: true },
    files: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, size: { type: 'integer' }, modified_at: { type: 'number' } },
      },
    },
  },
};

/** Every route below `/api/v1`. */
export function openApiPaths(): Json {
  return {
    '/jobs': {
      post: submitOperation(),
      get: operation(
        'List jobs, newest first',
        { 200: jsonOf('A page', page) },
        {
          parameters: [
            query('state', { enum: JOB_STATES }, 'Only jobs in this state'),
            query('limit', { type: 'integer', minimum: 0, maximum: 1000, default: 100 }, 'Jobs on a page'),
            query('after', { type: 'string' }, 'The `next` of the page before'),
          ],
        },
      ),
    },
    '/jobs/{id}': ofJob({
      get: operation('Status', { 200: status('The status') }),
      delete: operation('Remove the job with all its files', { 204: { description: 'It is gone' } }),
    }),
    '/jobs/{id}/result': ofJob({
      get: operation(
        'Result document',
        {
          200: jsonOf('The result, of a failed job too', {
            oneOf: [ref('SolvedResult'), ref('FailedResult')],
          }),
        },
        {
          parameters: [
            query('wait', { type: 'number', minimum: 0, maximum: 60 }, 'Seconds to wait for the job to end'),
          ],
        },
      ),
    }),
    '/jobs/{id}/cancel': ofJob({ post: operation('Cancel', { 200: status('The job has ended') }) }),
    '/jobs/{id}/retry': ofJob({
      post: operation('Run a failed job again', { 202: status('The job is queued') }),
    }),
    '/jobs/{id}/log': ofJob({
      get: operation(
        'All that the solver printed',
        { 200: bytes('The log', 'text/plain') },
        {
          parameters: [query('follow', { type: 'boolean' }, 'Keep on until the job has ended')],
        },
      ),
    }),
    '/jobs/{id}/events': ofJob({
      get: operation('Changes of the job: events `status`, then `settled`', {
        200: bytes('Server-sent events', 'text/event-stream'),
      }),
    }),
    '/events': {
      get: operation(
        'Changes of several jobs',
        { 200: bytes('Server-sent events', 'text/event-stream') },
        {
          parameters: [
            query('job_id', { type: 'array', items: { type: 'string' }, maxItems: 100 }, 'Once for each job'),
          ],
        },
      ),
    },
    '/jobs/{id}/image': ofJob({
      get: operation('The image as it came', { 200: bytes('The image', 'application/octet-stream') }),
    }),
    '/jobs/{id}/preview.jpg': ofJob({
      get: operation(
        'The image as a JPEG, upright',
        { 200: bytes('The picture', 'image/jpeg') },
        {
          parameters: [query('width', { type: 'integer', maximum: 4096, default: 1600 }, 'Pixels at most')],
        },
      ),
    }),
    '/jobs/{id}/geometry': ofJob({
      get: operation('Size, row order and plate solution (TAN-SIP) as JSON', {
        200: jsonOf('The geometry', { type: 'object' }),
      }),
    }),
    '/jobs/{id}/annotated.jpg': picture('image/jpeg'),
    '/jobs/{id}/annotated.png': picture('image/png'),
    '/jobs/{id}/annotated.svg': picture('image/svg+xml'),
    '/jobs/{id}/new.fits': ofJob({
      get: operation('The image as FITS with the solution in its header', {
        200: bytes('The file', 'application/fits'),
      }),
    }),
    '/jobs/{id}/files': ofJob({
      get: operation('Files that the job has left', { 200: jsonOf('The files', files) }),
    }),
    '/jobs/{id}/files/{name}': {
      parameters: [jobId, { name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
      get: operation('One of them; ranges and ETags', {
        200: bytes('The file', 'application/octet-stream'),
        206: bytes('A part of it', 'application/octet-stream'),
      }),
    },
    '/stats': { get: operation('Counts and durations', { 200: jsonOf('The figures', { type: 'object' }) }) },
    '/health': {
      get: operation('Whether the server takes requests', { 200: jsonOf('It does', { type: 'object' }) }),
    },
  };
}
