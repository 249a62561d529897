/*
 * Runs the steps of `examples/deploy` once, without Docker: each stage of its Dockerfile in a root that mmdebstrap makes, with the Node of this
 * machine in the place of the image `node`; then both programs as Compose starts them, on a PostgreSQL of this machine; then the systemd units.
 *
 *     npm run build && node --import ./scripts/typescript.mjs scripts/try-deployment.ts
 *
 * As root, on Debian with mmdebstrap and PostgreSQL; it asks the mirror of Debian and the registry of npm. Everything is made in a temporary folder, and removed.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../test/servers/postgres.js';
import { freePort } from '../test/servers/process.js';
import { type Container, configure, parseDockerfile, type Stage } from './deployment/dockerfile.js';
import { type InRoot, installNode, runIn, signal, startIn } from './deployment/root.js';

const tree = fileURLToPath(new URL('..', import.meta.url));
const deploy = join(tree, 'examples/deploy');
const work = mkdtempSync(join(tmpdir(), 'try-deployment-'));
const PATIENCE_MS = 180_000;
const TRUSTED = '/etc/ssl/certs/ca-certificates.crt';
const stages = parseDockerfile(readFileSync(join(deploy, 'Dockerfile'), 'utf8'));
const rootOf = (name: string) => join(work, name);
const say = (line: string) => console.log(line);

function run(program: string, args: string[], cwd = work): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The base of all stages, and what `npm install` finds there in the place of a release: this tree, packed. */
function makeBase(): void {
  mkdirSync(rootOf('base'));
  run('mmdebstrap', ['--variant=minbase', '--include=ca-certificates', 'bookworm', join(work, 'base.tar')]);
  run('tar', ['-xf', join(work, 'base.tar'), '-C', rootOf('base')]);
  installNode(rootOf('base'));
  // A network may look into what is asked of it: then this machine trusts it, and so does the root.
  cpSync(TRUSTED, join(rootOf('base'), TRUSTED), { dereference: true });
  cpSync('/etc/resolv.conf', join(rootOf('base'), 'etc/resolv.conf'), { dereference: true });
  const [packed] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', work], tree),
  ) as {
    filename: string;
  }[];
  cpSync(join(work, packed?.filename ?? ''), join(rootOf('base'), 'srv/astro-jobs.tgz'));
}

/** Where npm asks, and whom it trusts, on this machine. */
const registry = {
  npm_config_registry: run('npm', ['config', 'get', 'registry'], tree).trim(),
  NODE_EXTRA_CA_CERTS: TRUSTED,
};

function copy(stage: Stage, { workdir }: Container, rest: string): void {
  const [, from, paths = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(rest) ?? [];
  const words = paths.split(/\s+/);
  const target = join(rootOf(stage.name), workdir, words.pop() ?? '.');
  for (const path of words) {
    if (from !== undefined)
      cpSync(join(rootOf(from), path), target, { recursive: true, verbatimSymlinks: true });
    else if (path === 'package.json') {
      const own = readFileSync(join(deploy, path), 'utf8');
      writeFileSync(
        join(target, path),
        own.replace(/("astro-jobs": )"[^"]*"/, '$1"file:/srv/astro-jobs.tgz"'),
      );
    } else cpSync(join(deploy, path), join(target, path));
  }
}

/** Runs the steps of a stage; returns what its container is started with. */
function build(stage: Stage): Container {
  run('cp', [
    '-a',
    rootOf(stages.some(({ name }) => name === stage.from) ? stage.from : 'base'),
    rootOf(stage.name),
  ]);
  const container: Container = {
    ...{ env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }, user: '0:0' },
    ...{ workdir: '/', command: [], healthcheck: [] },
  };
  for (const step of stage.steps) {
    configure(container, step);
    const started = performance.now();
    if (step.instruction === 'WORKDIR') mkdirSync(join(rootOf(stage.name), step.rest), { recursive: true });
    if (step.instruction === 'COPY') copy(stage, container, step.rest);
    if (step.instruction === 'RUN')
      runIn(rootOf(stage.name), ['sh', '-c', step.rest], {
        ...container,
        env: { ...container.env, ...registry },
      });
    say(
      `${stage.name}: ${step.instruction} ${step.rest.slice(0, 90)} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
    );
  }
  return container;
}

/** @param alive throws when there is nothing left to wait for */
async function until(what: string, check: () => Promise<boolean>, alive: () => void): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    alive();
    if (await check().catch(() => false)) return;
    await sleep(500);
  }
  throw new Error(`Not within ${PATIENCE_MS / 1000} s: ${what}`);
}

/** A container of a stage, as Compose starts it: nothing of it can be changed but `/tmp` and the cache. */
function start(name: 'web' | 'worker', container: Container, env: Record<string, string>) {
  const options: InRoot = {
    ...container,
    env: { ...container.env, ...env },
    writable: name === 'worker' ? ['/tmp', '/var/cache/astro-jobs'] : ['/tmp'],
  };
  const child = startIn(rootOf(name), container.command, options);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
  return {
    assertAlive() {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: ${said}`);
    },
    isHealthy: (port: number) => {
      const check = container.healthcheck.map((word) => word.replace(/^\d+$/, String(port)));
      return runIn(rootOf(name), check, options) === '';
    },
    isReadOnly: () => {
      const tries =
        'for path in /opt/astro-jobs/x /etc/x /srv/x; do touch $path 2>/dev/null && echo written; done; id -u';
      return runIn(rootOf(name), ['sh', '-c', tries], options).trim() === '1000';
    },
    async stop() {
      const exited = once(child, 'exit');
      signal(child, 'SIGTERM');
      const [code] = await exited;
      if (code !== 0) throw new Error(`${name} ended with ${code}: ${said}`);
      say(`${name}: ended with 0 when it was told to stop`);
    },
    kill: () => child.kill('SIGKILL'),
  };
}

async function solveOne(containers: Record<string, Container>): Promise<void> {
  const postgres = await startPostgres();
  const [port, healthPort] = [await freePort(), await freePort()];
  const urls = { DATABASE_URL: postgres.url, ASTRO_JOBS_QUEUE_URL: postgres.url, HOST: '127.0.0.1' };
  const { web: webContainer, worker: workerContainer } = containers;
  if (!webContainer || !workerContainer) throw new Error('The Dockerfile has no stages `web` and `worker`');
  const web = start('web', webContainer, { ...urls, PORT: String(port) });
  const worker = start('worker', workerContainer, {
    ...urls,
    HEALTH_PORT: String(healthPort),
    GRACE_SECONDS: '5',
  });
  try {
    const ask = async (path: string, body?: Uint8Array<ArrayBuffer>) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, body && { method: 'POST', body });
      return (await response.json()) as Record<string, string>;
    };
    const alive = () => {
      web.assertAlive();
      worker.assertAlive();
    };
    await until('the health check of web', async () => web.isHealthy(port), alive);
    await until('the health check of worker', async () => worker.isHealthy(healthPort), alive);
    say('both: the health check passes');
    for (const [name, one] of [
      ['web', web],
      ['worker', worker],
    ] as const)
      if (!one.isReadOnly()) throw new Error(`${name} can change its image`);
    say('both: as user 1000, nothing of the image can be changed');
    const image = new Uint8Array(readFileSync(join(tree, 'examples/orion.jpg')));
    const started = performance.now();
    const { job_id } = await ask('/', image);
    await until('the job is done', async () => (await ask(`/${job_id}`)).state === 'done', alive);
    say(
      `examples/orion.jpg: taken by web, solved by worker (${((performance.now() - started) / 1000).toFixed(1)} s, the first of an empty cache)`,
    );
    await web.stop();
    await worker.stop();
  } finally {
    web.kill();
    worker.kill();
    await postgres.stop();
  }
}

/** The files of the units at their places, in a root that has systemd. */
function checkUnits(): void {
  const root = rootOf('worker');
  const asRoot: InRoot = { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }, user: '0:0', workdir: '/' };
  runIn(root, ['sh', '-c', 'apt-get update && apt-get install -y --no-install-recommends systemd'], asRoot);
  run('ln', ['-sf', '/usr/local/bin/node', join(root, 'usr/bin/node')]);
  mkdirSync(join(root, 'etc/astro-jobs'), { recursive: true });
  writeFileSync(join(root, 'etc/astro-jobs/env'), '', { mode: 0o600 });
  const units = readdirSync(deploy).filter((name) => name.endsWith('.service'));
  for (const unit of units) cpSync(join(deploy, unit), join(root, 'etc/systemd/system', unit));
  const said = runIn(
    root,
    [
      'sh',
      '-c',
      `systemd-analyze verify --man=no ${units.map((unit) => `/etc/systemd/system/${unit}`).join(' ')} 2>&1`,
    ],
    asRoot,
  );
  const about = said.split('\n').filter((line) => /astro-jobs/.test(line));
  if (about.length > 0) throw new Error(about.join('\n'));
  say(`${units.join(', ')}: systemd-analyze verify finds nothing wrong, with the programs at their places`);
  for (const unit of units) {
    const security = runIn(
      root,
      ['sh', '-c', `systemd-analyze security --offline=true --no-pager /etc/systemd/system/${unit} 2>&1`],
      asRoot,
    );
    say(`${unit}: ${/Overall exposure level[^\n]*/.exec(security)?.[0] ?? 'no rating'}`);
  }
}

try {
  makeBase();
  const containers = Object.fromEntries(stages.map((stage) => [stage.name, build(stage)]));
  await solveOne(containers);
  checkUnits();
  say(
    '\nNot tried: Docker and its builder, the image node:22-bookworm-slim (this Node was in its place), networks, volumes and restarts of Compose,',
  );
  say(
    'units started by systemd with what they are allowed (only their text was checked), Kubernetes and KEDA.',
  );
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
