// A table of the fields of a document, out of the schema that validates it.
import type { $ZodType, $ZodTypes } from 'zod/v4/core';
import { descriptionOf, type Named, typeOf } from './print-type.js';

/** Where the docs tell more of a field: its path → the address. */
export type More = Readonly<Record<string, string>>;

interface Field {
  path: string;
  type: string;
  meaning: string;
}

/** What a field holds beneath what may wrap it. */
function bare(schema: $ZodType): $ZodTypes {
  const { def } = (schema as $ZodTypes)._zod;
  return 'innerType' in def ? bare(def.innerType) : (schema as $ZodTypes);
}

/** Fields, and those of objects in them that have no name of their own, by their path: `quality.coverage`. */
function* fieldsOf(schema: $ZodType, named: Named, document: string, above = ''): Generator<Field> {
  const { def } = bare(schema)._zod;
  if (def.type !== 'object') return;
  for (const [name, part] of Object.entries(def.shape)) {
    const path = `${above}${name}`;
    const type = typeOf(part, named, `${document}.${path}`);
    const meaning = descriptionOf(part);
    if (meaning === undefined) throw new Error(`${path} has no description`);
    const isNamed = !type.startsWith('{');
    yield {
      path: `${path}${part._zod.optout === 'optional' ? '?' : ''}`,
      type: isNamed ? type : 'object',
      meaning,
    };
    if (!isNamed) yield* fieldsOf(part, named, document, `${path}.`);
  }
}

const cell = (text: string) => text.replaceAll('|', '\\|');

/** The table of a document that has a name. */
export function fieldTable(schema: $ZodType, named: Named, more: More = {}): string {
  const fields = [...fieldsOf(schema, named, named.names.get(schema) ?? '')];
  const bareName = ({ path }: Field) => path.replace('?', '');
  const unknown = Object.keys(more).filter((path) => !fields.some((field) => bareName(field) === path));
  if (unknown.length > 0) throw new Error(`No field ${unknown.join(', ')}`);
  const rows = fields.map((field) => {
    const address = more[bareName(field)];
    const link = address === undefined ? '' : ` ([more](${address}))`;
    return `| \`${field.path}\` | ${cell(`\`${field.type}\``)} | ${cell(field.meaning)}${link} |`;
  });
  return ['| field | type | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}
