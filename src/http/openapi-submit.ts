import { z } from 'zod';
import { paramsSchema } from '../index.js';
import { content, type Json, operation, query, ref, status } from './openapi-parts.js';

/** `POST /jobs`: its three ways, and every parameter of the schema. */
export function submitOperation(): Json {
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
