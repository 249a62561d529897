/*
 * How jobs scale: submits and starts, operations of the stores, workers, and solve-field beside them. Writes the tables into docs/scaling.md.
 *
 *     npm run build && node --import ./scripts/typescript.mjs bench/scaling/main.ts [--only submits,operations,workers,plain]
 *         [--photographs 20] [--fixed 400] [--stored 10,1000,100000] [--workers 1,2,4] [--setups 'folder;PostgreSQL, BullMQ on PostgreSQL']
 *
 * The databases are real ones on loopback, and flush to disk as they do in use.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startPostgres } from '../../test/servers/postgres.js';
import { startRedis } from '../../test/servers/redis.js';
import { load, machine } from '../shared/machine.js';
import { measureOperations } from './operations.js';
import { openStore, PAIRS, type Servers, type StoreKind } from './pairs.js';
import { measurePlain } from './plain.js';
import { measureSubmits } from './submits.js';
import { measureWorkers, SETUPS } from './workers.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'submits,operations,workers,plain' },
    photographs: { type: 'string', default: '20' },
    fixed: { type: 'string', default: '400' },
    stored: { type: 'string', default: '10,1000,100000' },
    workers: { type: 'string', default: '1,2,4' },
    setups: { type: 'string', default: SETUPS.join(';') },
  },
});
const [photographs, fixed] = [Number(values.photographs), Number(values.fixed)];
const stored = values.stored.split(',').map(Number);
const STORES = ['memory', 'folder', 'PostgreSQL'] as const satisfies readonly StoreKind[];
const PAGE = new URL('../../docs/scaling.md', import.meta.url);

const row = (...cells: (string | number)[]): string => {
  const line = `| ${cells.join(' | ')} |`;
  process.stderr.write(`${line}\n`);
  return line;
};

async function submits(servers: Servers): Promise<string[]> {
  const rows = [
    '| store | queue | stored jobs | submits/s, acknowledged | submit → start, median ms | 95 % ms |',
    '| --- | --- | --: | --: | --: | --: |',
  ];
  for (const kind of STORES) {
    for (const total of stored) {
      const open = await openStore(kind, servers);
      try {
        await open.fill(total);
        for (const [, queue] of PAIRS.filter(([store]) => store === kind)) {
          const { perSecond, startMedianMs, startP95Ms } = await measureSubmits(open, queue, servers);
          const figures = [perSecond, startMedianMs, startP95Ms].map((figure) => figure.toFixed(0));
          rows.push(row(kind, queue, total.toLocaleString('en'), ...figures));
        }
      } finally {
        await open.dispose();
      }
    }
  }
  return rows;
}

async function operations(servers: Servers): Promise<string[]> {
  const rows: string[] = [];
  for (const kind of STORES) {
    const open = await openStore(kind, servers);
    try {
      const rates = await measureOperations(open.store, fixed);
      if (rows.length === 0) {
        rows.push(`| store | ${Object.keys(rates).join(' | ')} |`);
        rows.push(`| --- |${' --: |'.repeat(Object.keys(rates).length)}`);
      }
      rows.push(row(kind, ...Object.values(rates).map((rate) => rate.toFixed(0))));
    } finally {
      await open.dispose();
    }
  }
  return rows;
}

async function workers(servers: Servers): Promise<string[]> {
  const rows = [
    '| store, queue | workers | at once: jobs/s | worker, CPU ms a job | database, CPU ms a job | store calls a job | real: images/min | core-seconds an image |',
    '| --- | --: | --: | --: | --: | --: | --: | --: |',
  ];
  for (const setup of SETUPS.filter((one) => values.setups.split(';').includes(one))) {
    for (const count of values.workers.split(',').map(Number)) {
      const quick = await measureWorkers(setup, { workers: count, jobs: fixed, fixed: true }, servers);
      const real = await measureWorkers(setup, { workers: count, jobs: photographs, fixed: false }, servers);
      rows.push(
        row(
          ...[setup, count, quick.perSecond.toFixed(1), (quick.workerSeconds * 1000).toFixed(1)],
          ...[(quick.databaseSeconds * 1000).toFixed(1), quick.operations.toFixed(1)],
          ...[(real.perSecond * 60).toFixed(0), real.workerSeconds.toFixed(2)],
        ),
      );
    }
  }
  return rows;
}

async function plain(): Promise<string[]> {
  const rows = ['| `solve-field` at a time | images/min |', '| --: | --: |'];
  for (const atOnce of [1, 2]) rows.push(row(atOnce, (await measurePlain(atOnce, photographs)).toFixed(0)));
  return rows;
}

const SECTIONS = { submits, operations, workers, plain };

const postgres = await startPostgres({ fsync: 'on', full_page_writes: 'on' });
const redis = await startRedis();
try {
  const servers: Servers = { postgres: postgres.url, redis: redis.url, folder: '' };
  for (const [name, measure] of Object.entries(SECTIONS)) {
    if (!values.only.split(',').includes(name)) continue;
    const before = load();
    const rows = await measure(servers);
    const where = `Measured on ${new Date().toISOString().slice(0, 10)}: ${machine()}; load average ${before.toFixed(1)} before, ${load().toFixed(1)} after.`;
    const page = await readFile(PAGE, 'utf8');
    const section = new RegExp(`(<!-- figures: ${name} -->\\n)[\\s\\S]*?(\\n<!-- end of figures -->)`);
    await writeFile(PAGE, page.replace(section, `$1\n${where}\n\n${rows.join('\n')}\n$2`));
  }
} finally {
  await postgres.stop();
  await redis.stop();
}
