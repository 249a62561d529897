/*
 * Many jobs at once: how long until all are durable, and how long a list by a tag takes then.
 *
 *     npm run build && node --import ./scripts/typescript.mjs bench/submit-many.ts [--jobs 10000] [--stores folder,memory,PostgreSQL]
 *
 * The folders and the database are made in a temporary folder, and removed. Images are PGM pictures of 9 KB, given as bytes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  AstroJobs,
  FileSystemJobStore,
  type JobStore,
  MemoryJobStore,
  type Submission,
} from '../src/index.js';
import { InProcessQueue } from '../src/queue/in-process.js';
import { PostgresJobStore } from '../src/store/postgres/index.js';
import { startPostgres } from '../test/servers/postgres.js';
import { load, machine } from './shared/machine.js';
import { median } from './shared/median.js';
import { treeSeconds } from './shared/tree-seconds.js';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '10000' },
    stores: { type: 'string', default: 'folder,memory,PostgreSQL' },
  },
});
const count = Number(values.jobs);
const LISTS = 15;
const picture = Buffer.concat([Buffer.from('P5 96 96 255\n'), Buffer.alloc(96 * 96, 9)]);

/** All with one tag, one in a hundred with another, and each with one of its own. */
function* submissions(): Generator<Submission> {
  for (let index = 0; index < count; index += 1) {
    const tags = ['night-3', `frame-${index}`, ...(index % 100 === 0 ? ['reference'] : [])];
    yield { image: picture, filename: `${index}.pgm`, tags, metadata: { index } };
  }
}

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Of the database's processes, which are below this one; counted in ticks of 10 ms. */
const serverMs = () => treeSeconds(process.pid) * 1000 - cpuMs();

async function timed<T>(
  act: () => Promise<T>,
): Promise<{ value: T; ms: number; cpu: number; server: number }> {
  const [from, cpuFrom, serverFrom] = [performance.now(), cpuMs(), serverMs()];
  const value = await act();
  const ms = performance.now() - from;
  return { value, ms, cpu: cpuMs() - cpuFrom, server: Math.max(0, serverMs() - serverFrom) };
}

async function measure(name: string, store: JobStore): Promise<void> {
  await using jobs = new AstroJobs({ store, queue: new InProcessQueue({ concurrency: 0 }) });
  // Connections, tables, folders.
  await jobs.submitMany([{ image: picture }]);
  const stored = await timed(() => jobs.submitMany(submissions()));
  const made = stored.value.filter(({ status }) => status !== undefined).length;
  if (made !== count) throw new Error(`${made} of ${count} jobs were made`);
  const cells = [name, ...[stored.ms, stored.cpu, stored.server].map((ms) => `${(ms / 1000).toFixed(2)} s`)];
  for (const tag of ['night-3', 'reference', `frame-${Math.floor(count / 2)}`]) {
    await jobs.list({ tag });
    const lists: number[] = [];
    const list = async () => {
      for (let index = 0; index < LISTS; index += 1) {
        const from = performance.now();
        const { jobs: listed } = await jobs.list({ tag });
        if (listed.length === 0) throw new Error(`No job with the tag ${tag}`);
        lists.push(performance.now() - from);
      }
    };
    const { cpu, server } = await timed(list);
    const used = [cpu, server].map((ms) => (ms / LISTS).toFixed(1)).join(' + ');
    cells.push(`${median(lists).toFixed(1)} (${Math.max(...lists).toFixed(1)}) ms, CPU ${used} ms`);
  }
  console.log(`| ${cells.join(' | ')} |`);
}

console.log(`${count} jobs; ${machine()}; load ${load()}\n`);
console.log(
  '| store | durable after | CPU of this process | of the database | tag of all, median (longest), CPU here + of the database | of 1 in 100 | of one |',
);
console.log('| --- | --: | --: | --: | --: | --: | --: |');
for (const name of values.stores.split(',')) {
  if (name === 'memory') await measure(name, new MemoryJobStore());
  else if (name === 'folder') {
    const dir = await mkdtemp(join(tmpdir(), 'astro-jobs-many-'));
    await measure(name, new FileSystemJobStore({ dir })).finally(() =>
      rm(dir, { recursive: true, force: true }),
    );
  } else {
    const server = await startPostgres({ fsync: 'on', full_page_writes: 'on' });
    await measure(name, new PostgresJobStore({ connectionString: server.url })).finally(() => server.stop());
  }
}
console.log(`\nload ${load()}`);
