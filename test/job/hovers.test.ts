import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../src/http/openapi.js';

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema;
  anyOf?: Schema[];
  $ref?: string;
}

const { components } = openApiDocument('', []) as { components: { schemas: Record<string, Schema> } };

/** The types as an editor has them, from the package's declarations. */
const declarations = fileURLToPath(new URL('../../dist/index.d.ts', import.meta.url));
const program = ts.createProgram([declarations], {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  strict: true,
  skipLibCheck: true,
  types: ['node'],
});
const checker = program.getTypeChecker();
const source = program.getSourceFile(declarations);
const exported = new Map(
  source &&
    checker
      .getExportsOfModule(checker.getSymbolAtLocation(source) as ts.Symbol)
      .map((symbol) => [symbol.name, symbol]),
);

/** A path of a document's field, with what an editor shows of it and what OpenAPI says. */
type Field = [path: string, hover: string, description: string | undefined];

const plain = (text = '') => text.replace(/\s+/g, ' ').replace(/\.$/, '').toLowerCase();

/** What an array, a table or an alternative holds. */
function heldBy(type: ts.Type): ts.Type {
  const bare = checker.getNonNullableType(type);
  const inner = checker.isArrayLikeType(bare)
    ? checker.getIndexTypeOfType(bare, ts.IndexKind.Number)
    : checker.getIndexTypeOfType(bare, ts.IndexKind.String);
  return inner ? heldBy(inner) : bare;
}

function schemaHeldBy(schema: Schema): Schema {
  const inner =
    schema.items ?? schema.additionalProperties ?? schema.anyOf?.find(({ properties }) => properties);
  return inner && !schema.properties ? schemaHeldBy(inner) : schema;
}

function* fieldsOf(type: ts.Type, schema: Schema, path: string): Generator<Field> {
  if (checker.getNonNullableType(type).flags & ts.TypeFlags.Never) return;
  for (const [name, part] of Object.entries(schemaHeldBy(schema).properties ?? {})) {
    const symbol = checker.getPropertyOfType(heldBy(type), name);
    const where = `${path}.${name}`;
    if (!symbol) {
      yield [where, 'missing in the type', part.description];
      continue;
    }
    yield [where, ts.displayPartsToString(symbol.getDocumentationComment(checker)), part.description];
    yield* fieldsOf(checker.getTypeOfSymbol(symbol), part, where);
  }
}

describe('what an editor shows of a field is what OpenAPI says of it', () => {
  it.each([
    ['SolvedResult', 'SolvedResult', 150],
    ['FailedResult', 'FailedResult', 50],
    ['SolveParams', 'Params', 20],
    ['SolveParamsInput', 'Params', 20],
    ['UnsettledStatus', 'Status', 15],
    ['DoneStatus', 'Status', 15],
    ['FailedStatus', 'Status', 15],
    ['JobStats', 'JobStats', 3],
    ['QueueState', 'QueueState', 5],
    ['WorkerState', 'WorkerState', 4],
    ['FieldPage', 'FieldPage', 1],
    ['SolvedField', 'SolvedField', 9],
    ['JobGeometry', 'JobGeometry', 5],
    ['Wcs', 'Wcs', 7],
    ['KeyFacts', 'KeyFacts', 6],
  ])('%s', (name, component, least) => {
    const symbol = exported.get(name);
    const schema = components.schemas[component];
    if (!symbol || !schema) throw new Error(`no ${name}`);
    const fields = [...fieldsOf(checker.getDeclaredTypeOfSymbol(symbol), schema, name)].filter(
      ([path]) => !path.includes('may_change'),
    );
    expect(fields.length).toBeGreaterThan(least);
    for (const [path, hover, description] of fields) {
      expect(description, path).toBeTruthy();
      expect(plain(hover), path).toBe(plain(description));
    }
  });
});
