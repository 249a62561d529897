// zod schemas as TypeScript, each field with its description as a doc comment.
import type { $ZodType, $ZodTypes } from 'zod/v4/core';
import { globalRegistry } from 'zod/v4/core';

/** What is not written out: schemas whose type has a name, and fields that have one by their path. */
export interface Named {
  names: ReadonlyMap<$ZodType, string>;
  fields: ReadonlyMap<string, string>;
}

/** Characters of a comment on one line. */
const LINE = 130;

const literal = (value: unknown) =>
  typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value);

/** Copies that only say something else of a schema have it as their parent. */
function nameOf(schema: $ZodType | undefined, names: Named['names']): string | undefined {
  return schema && (names.get(schema) ?? nameOf(schema._zod.parent, names));
}

/** What is said of a field: of the schema itself, or of what it wraps. */
export function descriptionOf(schema: $ZodType): string | undefined {
  const own = globalRegistry.get(schema)?.description;
  if (own !== undefined) return own;
  const { def } = (schema as $ZodTypes)._zod;
  return 'innerType' in def ? descriptionOf(def.innerType) : undefined;
}

function defaultOf(schema: $ZodType): string | undefined {
  const { def } = (schema as $ZodTypes)._zod;
  if (def.type !== 'default' || typeof def.defaultValue === 'object') return undefined;
  return literal(def.defaultValue);
}

/** A comment of one line, or of several where it is long. */
function comment(text: string, tag = ''): string {
  const sentence = `${text[0]?.toUpperCase()}${text.slice(1)}`.replace(/[^.]$/, '$&.');
  const line = `${sentence} ${tag}`.trim();
  if (line.length <= LINE) return `/** ${line} */`;
  const lines = sentence.match(new RegExp(`.{1,${LINE}}(?: |$)`, 'g')) ?? [];
  return ['/**', ...[...lines, tag].filter(Boolean).map((part) => ` * ${part.trim()}`), ' */'].join('\n');
}

function membersOf(shape: Readonly<Record<string, $ZodType>>, named: Named, path: string): string {
  const members = Object.entries(shape).map(([name, schema]) => {
    const where = `${path}.${name}`;
    const description = descriptionOf(schema);
    if (description === undefined) throw new Error(`${where} has no description`);
    const usual = defaultOf(schema);
    const tag = usual === undefined ? '' : `@default ${usual}`;
    const optional = schema._zod.optout === 'optional' ? '?' : '';
    return `${comment(description, tag)}\n${name}${optional}: ${typeOf(schema, named, where)};`;
  });
  return `{\n${members.join('\n')}\n}`;
}

/** The type of a field as TypeScript has it. @param path of the field, by which it may have a name */
export function typeOf(schema: $ZodType, named: Named, path: string): string {
  const name = named.fields.get(path) ?? nameOf(schema, named.names);
  if (name !== undefined) return name;
  const { def } = (schema as $ZodTypes)._zod;
  const inner = (part: $ZodType) => typeOf(part, named, path);
  switch (def.type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'unknown':
      return def.type;
    case 'literal':
      return def.values.map(literal).join(' | ');
    case 'enum':
      return Object.values(def.entries).map(literal).join(' | ');
    case 'optional':
    case 'default':
    case 'catch':
      return inner(def.innerType);
    case 'readonly': {
      const list = inner(def.innerType);
      return list.startsWith('Array<') ? `Readonly${list}` : `readonly ${list}`;
    }
    case 'nullable':
      return `${inner(def.innerType)} | null`;
    case 'array': {
      const element = inner(def.element);
      return /[|{]/.test(element) ? `Array<${element}>` : `${element}[]`;
    }
    case 'tuple':
      return `[${def.items.map(inner).join(', ')}]`;
    case 'record':
      return `Record<${inner(def.keyType)}, ${inner(def.valueType)}>`;
    case 'union':
      return def.options.map(inner).join(' | ');
    case 'object':
      return membersOf(def.shape, named, path);
    default:
      throw new Error(`${path}: no type is written of ${def.type}`);
  }
}

/** `export interface NAME { … }` of an object. */
export function interfaceOf(name: string, schema: $ZodType, named: Named): string {
  const description = descriptionOf(schema);
  const { def } = (schema as $ZodTypes)._zod;
  if (description === undefined || def.type !== 'object')
    throw new Error(`${name} is no object with a description`);
  return `${comment(description)}\nexport interface ${name} ${membersOf(def.shape, named, name)}\n`;
}
