import { z } from 'zod';
import {
  ERROR_CODES,
  ERROR_TABLE,
  failedResultSchema,
  paramsSchema,
  solvedResultSchema,
  statusSchema,
} from '../index.js';
import { HTTP_ERROR_TABLE } from './errors.js';
import { ANSWER_SCHEMAS } from './openapi-answers.js';
import { OPENAPI_EXAMPLES } from './openapi-examples.js';
import { content, type Json, ref } from './openapi-parts.js';
import { openApiPaths } from './openapi-paths.js';
import { SECURITY_SCHEMES, secured } from './openapi-security.js';
import type { Route } from './router.js';

const problemSchema = z.looseObject({
  type: z.string().describe('Address, relative to the server, at which the code is explained'),
  title: z.string(),
  status: z.int().describe('HTTP status'),
  detail: z.string().describe('The same as `error`'),
  ok: z.literal(false),
  error: z.string().describe('One line for a person'),
  error_code: z
    .enum([...ERROR_CODES, ...(Object.keys(HTTP_ERROR_TABLE) as (keyof typeof HTTP_ERROR_TABLE)[])])
    .describe(
      Object.entries({ ...ERROR_TABLE, ...HTTP_ERROR_TABLE })
        .map(([code, { http, what }]) => `\`${code}\` (${http}): ${what}`)
        .join('; '),
    ),
  job_id: z.string().optional(),
});

/** The documents as JSON Schema, out of the very schemas that validate them: as they are sent, with what defaults fill in. */
function schemas(): Json {
  const documents = jsonSchemas('output', {
    Status: statusSchema,
    SolvedResult: solvedResultSchema,
    FailedResult: failedResultSchema,
    Problem: problemSchema,
    ...ANSWER_SCHEMAS,
  });
  // Of a status the server keeps some to itself, and adds what it knows of the caller.
  const { lease, worker, rate_key, request_hash, ...told } = documents.Status?.properties ?? {};
  return {
    ...jsonSchemas('input', { Params: paramsSchema }),
    ...documents,
    Status: { ...documents.Status, properties: { ...told, may_change: MAY_CHANGE } },
  };
}

const MAY_CHANGE = {
  const: false,
  description: 'Of a job of another key, which the caller may look at and not cancel, retry or remove',
};

interface ObjectSchema extends Json {
  properties?: Json;
}

function jsonSchemas(
  io: 'input' | 'output',
  named: Readonly<Record<string, z.ZodType>>,
): Record<string, ObjectSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io,
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
  });
  const bare = Object.entries(schemas).map(([id, schema]) => {
    const { $schema, $id, ...rest } = schema as Json;
    return [id, rest] as const;
  });
  return Object.fromEntries(bare);
}

/** RFC 9457. */
const problem = (description: string) => ({
  description,
  ...content('application/problem+json', ref('Problem'), ['problem']),
});

const webhook = {
  post: {
    operationId: 'jobSettled',
    // A delivery shows no key: its signature says whose it is.
    security: [],
    summary:
      'A job has ended. Signed as Standard Webhooks have it (headers webhook-id, webhook-timestamp, webhook-signature)',
    requestBody: content('application/json', {
      type: 'object',
      required: ['type', 'timestamp', 'data'],
      properties: {
        type: { enum: ['job.done', 'job.failed'] },
        timestamp: { type: 'string', format: 'date-time' },
        data: ref('Status'),
      },
    }),
    responses: { '2XX': { description: 'Received' } },
  },
};

/** OpenAPI 3.1 of `/api/v1`, whose routes these are. */
export function openApiDocument(basePath: string, routes: readonly Route[]): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Astro Jobs',
      version: '1',
      description: 'A photograph of the sky in, structured astrometry out.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: `${basePath}/api/v1` }],
    paths: secured(openApiPaths(), routes),
    webhooks: { jobSettled: webhook },
    components: {
      schemas: schemas(),
      examples: OPENAPI_EXAMPLES,
      responses: {
        Refused: problem('What is wrong with the request, and what to do: see `error_code`'),
        Failed: problem('The server cannot, now or at all: see `error_code`'),
      },
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}
