/*
 * Lists of very many jobs: requests a second over HTTP on loopback, memory of the server, the command line, and how soon it shows what another program writes.
 *
 *     npm run build && node --import ./scripts/typescript.mjs bench/lists/main.ts [--jobs 100000] [--seconds 10] [--stores folder,memory,PostgreSQL]
 *
 * The folders are made in a temporary folder, and removed. Where other programs use the processors too, what counts is the server's CPU time for each request.
 */
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import pg from 'pg';
import { SMALL_HEAP } from '../../src/process/heap.js';
import { PostgresJobStore } from '../../src/store/postgres/index.js';
import { startPostgres } from '../../test/servers/postgres.js';
import { load, machine } from '../shared/machine.js';
import { median } from '../shared/median.js';
import { makeFolders } from './folders.js';
import { clientOf, listedStatus } from './listed-status.mjs';
import { type Asked, ask, askFor } from './requests.js';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '10' },
    stores: { type: 'string', default: 'folder,memory,PostgreSQL' },
  },
});
const [count, seconds] = [Number(values.jobs), Number(values.seconds)];
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const MIB = 2 ** 20;
const LIST = 'api/v1/jobs?limit=100';
const KINDS: Record<string, Asked> = {
  'the newest': { path: LIST },
  'state=done': { path: `${LIST}&state=done` },
  'state=error': { path: `${LIST}&state=error` },
  'state=queued (20 of them)': { path: `${LIST}&state=queued` },
  'state=processing (none)': { path: `${LIST}&state=processing` },
  "one client's own": { path: LIST, caller: clientOf(7) },
  'page after page': { path: LIST, paging: true },
};

interface Server {
  url: string;
  tell(): Promise<{ heldMs: number; resident: number; cpuMs: number }>;
  /** Resolves when it has ended, and writes nothing any more. */
  end(): Promise<void>;
}

async function startServer(kind: string, where: string): Promise<Server> {
  // With the heap of `astro-jobs serve`.
  const child = fork(here('server.mjs'), [kind, where], { execArgv: [SMALL_HEAP] });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  const tell = async () => {
    const answer = once(child, 'message') as Promise<[Awaited<ReturnType<Server['tell']>>]>;
    child.send('tell');
    return (await answer)[0];
  };
  const end = async () => {
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
  };
  return { url, tell, end };
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

async function measureServer(kind: string, server: Server): Promise<void> {
  console.log(
    `\n| ${kind} | requests/s | median ms | 99 % ms | KiB each | CPU ms each | event loop held ms | MiB |`,
  );
  console.log('| --- | --: | --: | --: | --: | --: | --: | --: |');
  for (const [name, asked] of Object.entries(KINDS)) {
    await askFor(1, server.url, asked);
    const before = await server.tell();
    const found = await askFor(seconds, server.url, asked);
    const after = await server.tell();
    const cpu = (after.cpuMs - before.cpuMs) / (found.perSecond * seconds);
    const figures = [
      ...[found.perSecond.toFixed(0), found.median.toFixed(1), found.p99.toFixed(1)],
      ...[
        (found.bytes / 1024).toFixed(0),
        cpu.toFixed(2),
        after.heldMs.toFixed(0),
        (after.resident / MIB).toFixed(0),
      ],
    ];
    console.log(`| ${name} | ${figures.join(' | ')} |`);
  }
}

/** Seconds until the server shows what another program has written into the status of a job, the slowest of some. */
async function measureForeign(dir: string, ids: readonly string[], server: Server): Promise<number> {
  const agent = new Agent({ keepAlive: true });
  const shown: number[] = [];
  for (let round = 0; round < 20; round++) {
    const id = ids[Math.floor((round / 20) * ids.length) + 3]!;
    const path = join(dir, id, 'status.json');
    const status = JSON.parse(await readFile(path, 'utf8')) as { state: string; updated_at: number };
    const state = round % 2 === 0 ? 'processing' : 'queued';
    // Not to be run: a command that lists it would start a process for it, which goes on when the folder is removed.
    const changed = { ...status, state, updated_at: Date.now() / 1000, not_before: Date.now() };
    await writeFile(`${path}.new`, JSON.stringify(changed));
    await rename(`${path}.new`, path);
    const started = performance.now();
    for (let seen = false; !seen; await sleep(20))
      seen = (await ask(new URL(`${LIST}&state=${state}`, server.url), agent)).includes(id);
    shown.push((performance.now() - started) / 1000);
  }
  agent.destroy();
  return Math.max(...shown);
}

async function measureCommands(dir: string): Promise<void> {
  const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
  const run = async (args: readonly string[]) => {
    const times: number[] = [];
    for (let n = 0; n < 9; n++) times.push(await timed(() => promisify(execFile)(process.execPath, args)));
    return `${median(times).toFixed(0)} ms`;
  };
  const list = [cli, 'list', '--limit', '100', '--jobs-dir'];
  console.log(`node that does nothing: ${await run(['-e', '0'])}`);
  console.log(`astro-jobs list of a folder without jobs: ${await run([...list, join(dir, 'none')])}`);
  console.log(`astro-jobs list: ${await run([...list, dir])}`);
  console.log(`astro-jobs list --state error: ${await run([...list, dir, '--state', 'error'])}`);
}

async function measureFolder(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'astro-jobs-lists-'));
  try {
    const ids = makeFolders(dir, count);
    const server = await startServer('folder', dir);
    try {
      const agent = new Agent();
      const built = await timed(() => ask(new URL(LIST, server.url), agent));
      console.log(`the first list, without an index: ${(built / 1000).toFixed(1)} s`);
      await measureServer('folder', server);
      const shown = await measureForeign(dir, ids, server);
      console.log(`shown of another program at the latest after ${shown.toFixed(2)} s`);
    } finally {
      await server.end();
    }
    await measureCommands(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function measurePostgres(): Promise<void> {
  const database = await startPostgres();
  try {
    const store = new PostgresJobStore({ connectionString: database.url });
    await store.counts();
    await store.close();
    const client = new pg.Client(database.url);
    await client.connect();
    const statuses = Array.from({ length: count }, (_, n) => listedStatus(n));
    for (let start = 0; start < count; start += 1000)
      await client.query(
        `insert into astro_jobs.job (id, change, state, priority, created_at, due_at, run_at, document)
         select value ->> 'job_id', gen_random_uuid(), value ->> 'state', 0, (value ->> 'created_at')::float8, 0, 0, value
         from jsonb_array_elements($1::jsonb)`,
        [JSON.stringify(statuses.slice(start, start + 1000))],
      );
    await client.query('analyze astro_jobs.job');
    await client.end();
    const server = await startServer('PostgreSQL', database.url);
    try {
      await measureServer('PostgreSQL', server);
    } finally {
      await server.end();
    }
  } finally {
    await database.stop();
  }
}

console.log(`${machine()}; load average ${load().toFixed(1)}; ${count.toLocaleString('en')} jobs`);
for (const kind of values.stores.split(',')) {
  if (kind === 'folder') await measureFolder();
  else if (kind === 'PostgreSQL') await measurePostgres();
  else {
    const server = await startServer('memory', String(count));
    await measureServer('memory', server);
    await server.end();
  }
}
