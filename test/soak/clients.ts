import { fork } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AstroJobs, InProcessQueue } from '../../src/index.js';
import { startProgram } from '../termination/program.js';
import { exchange } from './exchange.js';
import { behaveWell, type GoodClients } from './good-client.js';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const TYPESCRIPT = here('../../scripts/typescript.mjs');

export interface ClientSoakOptions {
  good: number;
  misbehaving: number;
  /** How often there is a time without those that misbehave, and then one with them. */
  rounds: number;
  /** Of each round. */
  calmSeconds: number;
  besideSeconds: number;
  onProgress?(said: string): void;
}

/** What the server says of itself. */
interface Probed {
  /** Milliseconds. */
  held: { wall: number; own: number };
  /** Bytes. */
  resident: number;
}

export interface ClientSoakOutcome extends GoodClients {
  /** What those that misbehave have done, and how often one was let in that must not be. */
  deeds: number;
  letIn: number;
  /** Bytes of the server, second by second. */
  resident: number[];
  held: Probed['held'];
  /** Whether the server answers in the end, and ends well when it is told to. */
  alive: boolean;
  exit: number | null;
  /** What the server has said on stderr. */
  said: string;
}

/** The id of a job that waits for a day, so that its events do not end. */
async function waitingJob(dir: string): Promise<string> {
  await using jobs = new AstroJobs({ dir, queue: new InProcessQueue({ concurrency: 0 }) });
  const image = Buffer.from('P5 8 8 255\n'.padEnd(75, 'x'));
  return (await jobs.submit(image, {}, { delaySeconds: 86_400 })).job_id;
}

/** Clients that behave well, alone and beside others that do not, at a real `astro-jobs serve`. */
export async function clientSoak(options: ClientSoakOptions): Promise<ClientSoakOutcome> {
  const { onProgress = () => {} } = options;
  const dir = await mkdtemp(join(tmpdir(), 'astro-jobs-clients-'));
  const probe = join(dir, 'probe.json');
  const solver = join(dir, 'solver.sh');
  await cp(here('../../bench/soak/solver.sh'), solver);
  const env = {
    ASTRO_EXTRACT_BIN: solver,
    SOAK_PROBE: probe,
    NODE_OPTIONS: `--import ${here('./probe.mjs')}`,
    JOBS_DIR: join(dir, 'jobs'),
  };
  const jobId = await waitingJob(env.JOBS_DIR);
  const server = startProgram(['serve', '--port', '0'], env, dir);
  try {
    await server.answered;
    const { url } = JSON.parse(server.stdout()) as { url: string };
    const api = `${url}api/v1`;
    let isBeside = false;
    const resident: number[] = [];
    let held: Probed['held'] = { wall: 0, own: 0 };
    const looking = setInterval(() => {
      void readFile(probe, 'utf8').then(
        (text) => {
          const probed = JSON.parse(text) as Probed;
          resident.push(probed.resident);
          held = probed.held;
        },
        () => {},
      );
    }, 1000);
    const { good: count } = options;
    const good = behaveWell({ api, count, pid: server.child.pid ?? 0, isBeside: () => isBeside });
    let [deeds, letIn] = [0, 0];
    for (let round = 0; round < options.rounds; round++) {
      await sleep(options.calmSeconds * 1000);
      isBeside = true;
      const bad = fork(here('./misbehaving.ts'), [url, String(options.misbehaving), jobId], {
        execArgv: ['--import', TYPESCRIPT],
      });
      // They are to trouble the server, not the processors that it shares with them here.
      if (bad.pid !== undefined) setPriority(bad.pid, constants.priority.PRIORITY_LOW);
      let told = { done: 0, letIn: 0 };
      bad.on('message', (message) => {
        told = message as typeof told;
      });
      // Their time begins when they do: on a busy machine what they are made of is long in loading.
      await new Promise((resolve) => bad.once('message', resolve).once('exit', resolve));
      await sleep(options.besideSeconds * 1000);
      const gone = new Promise((resolve) => bad.once('exit', resolve));
      if (bad.kill('SIGKILL')) await gone;
      isBeside = false;
      deeds += told.done;
      letIn += told.letIn;
      onProgress(
        `round ${round + 1}: ${told.done} deeds; ${Math.round((resident.at(-1) ?? 0) / 2 ** 20)} MiB, event loop held ${held.wall.toFixed(0)} ms, ${held.own.toFixed(0)} ms by itself`,
      );
    }
    const found = await good.end();
    clearInterval(looking);
    const health = await exchange(`${api}/health`, { from: '127.0.0.1' }).catch(() => undefined);
    server.child.kill('SIGTERM');
    const { code } = await server.ended;
    const alive = health?.status === 200;
    return { ...found, deeds, letIn, resident, held, alive, exit: code, said: server.stderr() };
  } finally {
    server.child.kill('SIGKILL');
    await server.ended;
    await rm(dir, { recursive: true, force: true });
  }
}
