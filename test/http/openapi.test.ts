import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openApiDocument } from '../../src/http/openapi.js';
import { restRoutes } from '../../src/http/rest/routes.js';
import { PARAM_NAMES } from '../../src/index.js';
import { smallPicture, testServer } from './support.js';

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
    expect(names).toEqual(expect.arrayContaining(PARAM_NAMES));
    expect(Object.keys(document.components.schemas.Params.properties)).toEqual(PARAM_NAMES);
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

  it('names each operation once, with its refusals', () => {
    const { paths } = openApiDocument('', restRoutes) as Document;
    const operations = Object.values<Node>(paths).flatMap((path) =>
      ['get', 'post', 'delete'].flatMap((method) => (path[method] ? [path[method] as Node] : [])),
    );
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids.every((id) => /^[a-z][A-Za-z]+$/.test(String(id)))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { responses } of operations)
      expect(Object.keys(responses as Node)).toEqual(expect.arrayContaining(['4XX', '5XX']));
  });

  it('has examples that hold to their schemas', () => {
    const document = openApiDocument('', restRoutes);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'openapi');
    let checked = 0;
    for (const { node, pointer } of mediaTypes(document)) {
      for (const reference of Object.values((node.examples ?? {}) as Record<string, { $ref: string }>)) {
        const name = reference.$ref.split('/').pop() ?? '';
        const { examples } = document.components as { examples: Record<string, { value: unknown }> };
        const validate = ajv.compile({ $ref: `openapi#${pointer}/schema` });
        expect(validate(examples[name]?.value), `${name}: ${ajv.errorsText(validate.errors)}`).toBe(true);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(10);
  });

  it('says what the server answers', async () => {
    const server = await testServer();
    const { api, solver } = server;
    const document = openApiDocument('', restRoutes) as Document;
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'openapi');
    const done = await server.settle('night.png');
    solver.behaviour = 'fail';
    const failed = await server.settle('clouds.png');
    const checked: string[] = [];
    const check = async (path: string, address: string, init: RequestInit = {}) => {
      const method = (init.method ?? 'GET').toLowerCase();
      const response = await fetch(`${api}${address}`, init);
      const type = response.headers.get('content-type') ?? '';
      const pointer = type.startsWith('application/problem+json')
        ? 'components/schemas/Problem'
        : ['paths', path, method, 'responses', response.status, 'content', 'application/json', 'schema']
            .map((part) => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1')))
            .join('/');
      const validate = ajv.compile({ $ref: `openapi#/${pointer}` });
      const body: unknown = await response.json();
      expect(validate(body), `${method} ${address}: ${ajv.errorsText(validate.errors)}`).toBe(true);
      checked.push(`${response.status} ${path}`);
    };
    for (const id of [done, failed, '0'.repeat(32)]) {
      for (const part of ['', '/result', '/geometry', '/exports', '/files'])
        await check(`/jobs/{id}${part}`, `/jobs/${id}${part}`);
    }
    await check('/jobs', '/jobs');
    await check('/jobs', '/jobs?limit=1');
    await check('/jobs', '/jobs?state=sleeping');
    await check('/jobs', '/jobs', { method: 'POST', body: await smallPicture() });
    await check('/jobs', '/jobs?downsample=none', { method: 'POST', body: await smallPicture() });
    const form = new FormData();
    form.append('image', new Blob([new Uint8Array(await smallPicture())]), 'a.png');
    form.append('image', new Blob(['no image']), 'b.txt');
    await check('/jobs/batch', '/jobs/batch', { method: 'POST', body: form });
    await check('/jobs/batch', '/jobs/batch', { method: 'POST', body: new FormData() });
    await check('/jobs/{id}/retry', `/jobs/${failed}/retry`, { method: 'POST' });
    await check('/jobs/{id}/cancel', `/jobs/${failed}/cancel`, { method: 'POST' });
    await check('/caller', '/caller');
    await check('/stats', '/stats');
    await check('/queue', '/queue');
    await check('/fields', '/fields');
    await check('/objects', '/objects?name=m42');
    await check('/objects', '/objects?name=nothing');
    await check('/health', '/health');
    await check('/problems/{code}', '/problems/not_found');
    const ofJson = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.values(operations).some((one) => /"20\d":\{[^}]*"application\/json"/.test(JSON.stringify(one)))
        ? [path]
        : [],
    );
    const answered = new Set(checked.filter((line) => line.startsWith('20')).map((line) => line.slice(4)));
    expect([...answered].toSorted()).toEqual(ofJson.toSorted());
  });

  it('is without a warning of Redocly', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'openapi-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'openapi.json');
    await writeFile(file, JSON.stringify(openApiDocument('', restRoutes)));
    const cli = fileURLToPath(new URL('../../node_modules/@redocly/cli/bin/cli.js', import.meta.url));
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const { stdout } = await promisify(execFile)(process.execPath, [cli, 'lint', file, '--format=json'], {
      env,
    });
    expect(JSON.parse(stdout)).toMatchObject({ totals: { errors: 0, warnings: 0, ignored: 0 } });
  });
});

/** Every place of the document that says what a body looks like. */
function mediaTypes(node: unknown, pointer = ''): { node: Node; pointer: string }[] {
  if (typeof node !== 'object' || node === null) return [];
  const found = 'schema' in node && 'examples' in node ? [{ node: node as Node, pointer }] : [];
  const inside = Object.entries(node).flatMap(([key, value]) =>
    mediaTypes(value, `${pointer}/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`),
  );
  return [...found, ...inside];
}
