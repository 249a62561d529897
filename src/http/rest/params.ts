import { AstroJobsError, type SolveParamsInput } from '../../index.js';

/** A parameter as a form or a query brings it: text that stands for a number, a truth value, or itself. */
function fromText(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'null') return null;
  if (trimmed === 'true') return true;
  if (trimmed === 'false') return false;
  const number = Number(trimmed);
  return Number.isNaN(number) ? trimmed : number;
}

/** Solve parameters out of text fields; names are checked where all parameters are. A field `params` holds JSON. */
export function paramsFromText(fields: Iterable<[string, string]>): SolveParamsInput {
  const params: Record<string, unknown> = {};
  for (const [name, text] of fields) {
    if (name === 'params') Object.assign(params, parseObject(text));
    else if (fromText(text) !== null) params[name] = fromText(text);
  }
  return params as SolveParamsInput;
}

/** @throws AstroJobsError `invalid_params` */
export function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AstroJobsError('invalid_params', 'Expected JSON', { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new AstroJobsError('invalid_params', 'Expected a JSON object');
}
