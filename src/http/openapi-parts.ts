import type { Json } from './openapi-examples.js';

export type { Json } from './openapi-examples.js';

export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** A media type; `examples` are names of `components.examples`. */
export const content = (type: string, schema: Json, examples: readonly string[] = []) => {
  const refs = examples.map((name) => [name, { $ref: `#/components/examples/${name}` }]);
  return { content: { [type]: { schema, ...(refs.length > 0 && { examples: Object.fromEntries(refs) }) } } };
};

export const jsonOf = (description: string, schema: Json, examples?: readonly string[]) => ({
  description,
  ...content('application/json', schema, examples),
});

export const bytes = (description: string, type: string) => ({
  description,
  ...content(type, { type: 'string', format: 'binary' }),
});

/** A schema of the components beside `ok: true`. */
export const okWith = (name: string) => ({
  allOf: [{ type: 'object', required: ['ok'], properties: { ok: { const: true } } }, ref(name)],
});

export const status = (description: string, example: string) =>
  jsonOf(description, okWith('Status'), [example]);

export const query = (name: string, schema: Json, description: unknown) => ({
  name,
  in: 'query',
  schema,
  description,
});

export const jobId = {
  name: 'id',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^[0-9a-f]{32}$' },
};

const REFUSALS = {
  '4XX': { $ref: '#/components/responses/Refused' },
  '5XX': { $ref: '#/components/responses/Failed' },
};

const NOT_MODIFIED = { 304: { description: 'The version of `If-None-Match`' } };

export const operation = (operationId: string, summary: string, responses: Json, more: Json = {}) => ({
  operationId,
  summary,
  responses: { ...responses, ...REFUSALS },
  ...more,
});

/** One that answers with an entity tag. */
export const tagged = (operationId: string, summary: string, responses: Json, more: Json = {}) =>
  operation(operationId, summary, { ...responses, ...NOT_MODIFIED }, more);

export const ofJob = (operations: Json) => ({ parameters: [jobId], ...operations });
