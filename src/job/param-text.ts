import { isParamName, type ParamName, paramOf } from './param-table.js';

/**
 * The value of a parameter that came as text: from a form field, a query or the command line. What is no such value stays text,
 * and is refused where all parameters are validated.
 * @returns undefined for an empty text or `null`, which stand for a parameter that was not given
 */
export function paramFromText(name: string, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'null') return undefined;
  return isParamName(name) ? parse(name, trimmed) : trimmed;
}

function parse(name: ParamName, text: string): unknown {
  const param = paramOf(name);
  switch (param.kind) {
    case 'name':
    case 'text':
      return text;
    case 'flag':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'document':
      return documentOf(text);
    case 'choice':
      return param.words?.[text] ?? param.choices.find((choice) => String(choice) === text) ?? text;
    case 'integer':
    case 'number': {
      const value = Number(text);
      return Number.isNaN(value) ? text : value;
    }
  }
}

function documentOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
