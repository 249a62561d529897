import { describe, expect, it } from 'vitest';
import { restRoutes } from '../../src/http/rest/routes.js';
import { paramsSchema } from '../../src/index.js';
import { testServer } from './support.js';

type Node = Record<string, unknown>;

interface Document extends Node {
  openapi: string;
  paths: Record<string, Node> & { '/jobs': { post: { parameters: { name: string }[] } } };
  components: { schemas: { Params: { properties: object } } };
}

const documentOf = async (response: Promise<Response>) => (await (await response).json()) as Document;

function references(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(references);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' ? [String(value)] : references(value),
  );
}

describe('the OpenAPI document', () => {
  it('names every route, and every parameter of the schema', async () => {
    const { api } = await testServer();
    const document = await documentOf(fetch(`${api}/openapi.json`));
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations)
        .filter((key) => key !== 'parameters')
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = restRoutes
      .map(({ method, path }) => `${method} ${path.replace('/api/v1', '').replace(/:(\w+)/g, '{$1}')}`)
      .filter((route) => !/ $|\/(session|openapi\.json)$/.test(route));
    expect(described.toSorted()).toEqual(served.toSorted());
    const submit = document.paths['/jobs'].post;
    const names = submit.parameters.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(paramsSchema.shape)));
    expect(Object.keys(document.components.schemas.Params.properties)).toEqual(
      Object.keys(paramsSchema.shape),
    );
  });

  it('refers only to what it has', async () => {
    const { api } = await testServer();
    const document = await documentOf(fetch(`${api}/openapi.json`));
    const refs = new Set(references(document));
    expect(refs.size).toBeGreaterThan(3);
    for (const reference of refs) {
      const found = reference
        .replace('#/', '')
        .split('/')
        .reduce<unknown>((node, key) => (node as Node | undefined)?.[key], document);
      expect(found, reference).toBeDefined();
    }
  });
});
