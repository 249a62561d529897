import { z } from 'zod';
import { calibrationSchema } from './calibration.js';
import { AstroJobsError } from './errors.js';
import { nearestName } from './nearest-name.js';
import { expected, type Param } from './param-kinds.js';
import {
  PARAM_NAMES,
  type ParamName,
  paramOf,
  type SolveParams,
  type SolveParamsInput,
} from './param-table.js';

/** Names of solvers, so that none is ever a path. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** What a parameter may be where it is given. */
export function paramValueSchema(param: Param): z.ZodType {
  const error = expected(param);
  switch (param.kind) {
    case 'flag':
      return z.boolean({ error });
    case 'name':
      return z.string({ error }).regex(NAME, { error });
    case 'text':
      return z.string({ error }).min(1, { error }).max(param.maxLength, { error });
    case 'document':
      return calibrationSchema;
    case 'choice':
      return z.literal([...param.choices], { error });
    case 'integer':
    case 'number': {
      let schema = param.kind === 'integer' ? z.int({ error }) : z.number({ error });
      if (param.above !== undefined) schema = schema.gt(param.above, { error });
      if (param.min !== undefined) schema = schema.min(param.min, { error });
      if (param.max === undefined) return schema;
      const beyond = param.above === undefined ? error : `at most ${param.max} ${param.unit}`;
      return schema.max(param.max, { error: beyond });
    }
  }
}

function paramSchema(param: Param): z.ZodType {
  const value = paramValueSchema(param);
  const given = param.default === null ? value.nullable() : value;
  const bounds = param.kind === 'number' || param.kind === 'integer' ? ` (${expected(param)})` : '';
  return given.default(param.default).describe(`${param.text}${bounds}`);
}

type Shape = { [K in ParamName]: z.ZodType<SolveParams[K], SolveParamsInput[K]> };

/** One schema for each parameter; what concerns several of them is left to `paramsSchema`. */
export const paramSchemas =
  // One entry for each name, by construction.
  Object.fromEntries(PARAM_NAMES.map((name) => [name, paramSchema(paramOf(name))])) as Shape;

const schema = z
  .strictObject(paramSchemas)
  .superRefine((params, context) => {
    if (params.scale_low !== null && params.scale_high !== null && params.scale_low > params.scale_high) {
      context.addIssue({
        code: 'custom',
        path: ['scale_low'],
        message: `at most scale_high (${params.scale_high})`,
      });
    }
    const centre = [params.ra, params.dec, params.radius].filter((value) => value !== null).length;
    if (centre !== 0 && centre !== 3) {
      context.addIssue({
        code: 'custom',
        path: ['radius'],
        message: 'together with `ra` and `dec`: a search centre needs all three',
      });
    }
  })
  .describe(
    'Parameters of a solve, as stored in `status.json`: every field present, null where nothing was given',
  );

/** Validates the parameters of a solve and fills in what is not given; `parseParams` says in words what is wrong. */
export const paramsSchema: z.ZodType<SolveParams, SolveParamsInput> = schema;

/**
 * Validates the parameters of a solve.
 * @throws AstroJobsError `invalid_params`: ``Expected `scale_low` to be a positive number of scale units, got `-1` (number)``.
 */
export function parseParams(input: unknown): SolveParams {
  return parseInput(schema, input ?? {}, 'parameter');
}

/** Unknown names that an error tells. */
const NAMES_TOLD = 5;

/** What a caller gave, validated; the schema's messages say what was expected. @throws AstroJobsError `invalid_params` */
export function parseInput<T extends z.ZodObject>(schema: T, input: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw new AstroJobsError('invalid_params', `Expected ${what}s`);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path);
    const [first = ''] = issue.keys;
    const nearest = nearestName(first, known);
    const meant = nearest === undefined ? '' : ` (did you mean \`${nearest}\`?)`;
    const unknown = issue.keys.slice(0, NAMES_TOLD).map((key) => [...issue.path, key].join('.').slice(0, 80));
    throw new AstroJobsError(
      'invalid_params',
      `Unknown ${what} \`${unknown.join('`, `')}\`${meant}; known are ${known.join(', ')}`,
    );
  }
  const got = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
  const name = issue.path.join('.') || `${what}s`;
  throw new AstroJobsError(
    'invalid_params',
    `Expected \`${name}\` to be ${issue.message}${got === undefined ? '' : `, got ${shown(got)}`}`,
  );
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return `\`${text.slice(0, 80)}\` (${typeof value})`;
}

/** The names that an object of a schema may have. @param path from the schema to the object */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const found = path.reduce<unknown>((one, key) => objectIn(one)?.shape[String(key)], schema);
  return Object.keys(objectIn(found)?.shape ?? {});
}

function objectIn(schema: unknown): z.ZodObject | undefined {
  if (schema instanceof z.ZodOptional) return objectIn(schema.unwrap());
  return schema instanceof z.ZodObject ? schema : undefined;
}
