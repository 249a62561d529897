import { AstroJobsError, paramFromText, type SolveParamsInput, type SubmitOptions } from '../../index.js';

/** Solve parameters out of text fields; names are checked where all parameters are. A field `params` holds JSON. */
export function paramsFromText(fields: Iterable<[string, string]>): SolveParamsInput {
  const params: (readonly [string, unknown])[] = [];
  for (const [name, text] of fields) {
    if (name === 'params') params.push(...Object.entries(parseObject(text)));
    else {
      const value = paramFromText(name, text);
      if (value !== undefined) params.push([name, value]);
    }
  }
  // Defines each, where an assignment to `__proto__` would not.
  return Object.fromEntries(params) as SolveParamsInput;
}

/** @throws AstroJobsError `invalid_params` */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AstroJobsError('invalid_params', 'Expected JSON', { cause });
  }
}

/** @throws AstroJobsError `invalid_params` */
export function parseObject(text: string): Record<string, unknown> {
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new AstroJobsError('invalid_params', 'Expected a JSON object');
}

/** Names of formats with commas between them, or a JSON list of names and objects; what each may be is checked where all options are. */
export const exportsFromText = (text: string): SubmitOptions['exports'] =>
  (text.trim().startsWith('[') ? parseJson(text) : wordsOf(text)) as SubmitOptions['exports'];

/** Tags with commas between them; spaces about them are not part of them. */
export const tagsFromText = (text: string): string[] => wordsOf(text);

const wordsOf = (text: string): string[] =>
  text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
