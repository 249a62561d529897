import { z } from 'zod';
import { EXPORTS_EXPECTED, exportRequestsSchema } from '../export/export-request.js';
import { paramsSchema } from '../index.js';
import { MAX_TAG_LENGTH, MAX_TAGS, METADATA_EXPECTED, TAGS_EXPECTED } from '../job/tags.js';
import { MAX_BATCH_IMAGES } from './accept.js';
import { submittedAnswer } from './openapi-answers.js';
import { content, type Json, jsonOf, operation, query, ref, status } from './openapi-parts.js';

/** The parameters of the schema, and what else is said of an image, as text fields. */
function fields() {
  const { properties } = z.toJSONSchema(paramsSchema, { io: 'input', unrepresentable: 'any' }) as {
    properties: Record<string, Json>;
  };
  const own: Record<string, Json> = {
    filename: { type: 'string', description: 'Name of the image' },
    webhook: { type: 'string', format: 'uri', description: 'Called when the job has ended' },
  };
  const texts: Record<string, Json> = {
    ...own,
    tags: {
      type: 'string',
      description: `Tags by which the job is found, with commas between: ${TAGS_EXPECTED}`,
    },
    exports: {
      type: 'string',
      description: `Files to be made of the job when it is solved, names with commas between or a JSON list: ${EXPORTS_EXPECTED}`,
    },
    metadata: { type: 'string', description: `JSON that is kept with the job: ${METADATA_EXPECTED}` },
  };
  return { properties, own, texts };
}

/** `POST /jobs`: its three ways, and every parameter of the schema. */
export function submitOperation(): Json {
  const { properties, own, texts } = fields();
  const parameters = Object.entries({ ...properties, ...texts }).map(([name, { description, ...schema }]) =>
    query(name, schema, description),
  );
  const url = {
    type: 'object',
    required: ['url'],
    properties: {
      url: { type: 'string', format: 'uri' },
      params: ref('Params'),
      ...own,
      tags: {
        type: 'array',
        items: { type: 'string', maxLength: MAX_TAG_LENGTH },
        maxItems: MAX_TAGS,
        description: TAGS_EXPECTED,
      },
      metadata: { type: 'object', description: METADATA_EXPECTED },
      exports: {
        ...z.toJSONSchema(exportRequestsSchema, { io: 'input', unrepresentable: 'any' }),
        description: `Files to be made of the job when it is solved: ${EXPORTS_EXPECTED}`,
      },
    },
  };
  const form = {
    type: 'object',
    required: ['image'],
    properties: {
      ...properties,
      ...texts,
      image: { type: 'string', format: 'binary', description: 'Last of all fields' },
    },
  };
  return operation(
    'submitJob',
    'Submit an image',
    { 202: status('The job is durable', 'queued') },
    {
      parameters: [
        ...parameters,
        {
          name: 'Idempotency-Key',
          in: 'header',
          schema: { type: 'string' },
          description: 'Repeated with the same request, it gives the first job again; with another one, 422',
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
          ...content('application/json', url, ['byUrl']).content,
        },
      },
    },
  );
}

/** `POST /jobs/batch`. */
export function submitManyOperation(): Json {
  const { properties, texts } = fields();
  const form = {
    type: 'object',
    required: ['image'],
    properties: {
      ...properties,
      ...texts,
      image: {
        type: 'array',
        items: { type: 'string', format: 'binary' },
        maxItems: MAX_BATCH_IMAGES,
        description: 'A part for each; what a field says counts for the images after it',
      },
    },
  };
  return operation(
    'submitJobs',
    'Submit many images in one form',
    { 202: jsonOf('What became of each image, in their order', submittedAnswer, ['submitted']) },
    {
      parameters: [
        {
          name: 'Idempotency-Key',
          in: 'header',
          schema: { type: 'string' },
          description: 'Repeated with the same form, it gives the first jobs again',
        },
      ],
      requestBody: { required: true, content: { 'multipart/form-data': { schema: form } } },
    },
  );
}
