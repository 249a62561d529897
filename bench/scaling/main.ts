/*
 * How jobs scale: submits and starts, operations of the stores, workers, and solve-field beside them. Writes each row into docs/scaling.md as soon
 * as it is measured, with the load average before it; the rows that are not measured stay.
 *
 *     npm run build && node --import ./scripts/typescript.mjs bench/scaling/main.ts [--only submits,operations,workers,plain] [--rows REGEXP]
 *         [--photographs 20] [--fixed 400] [--stored 10,1000,100000] [--workers 1,2,4]
 *
 * `--rows` chooses by the first cells, with commas between: `--only workers --rows '^folder, BullMQ on Redis, 2$'`,
 * `--only submits --rows '^PostgreSQL, .*, 1,000$'`. The databases are real ones on loopback, and flush to disk as they do in use.
 */
import { parseArgs } from 'node:util';
import { startPostgres } from '../../test/servers/postgres.js';
import { startRedis } from '../../test/servers/redis.js';
import { machine } from '../shared/machine.js';
import { Figures } from './figures.js';
import { measureOperations, OPERATIONS } from './operations.js';
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
    rows: { type: 'string', default: '' },
  },
});
const [photographs, fixed] = [Number(values.photographs), Number(values.fixed)];
const stored = values.stored.split(',').map(Number);
const STORES = ['memory', 'folder', 'PostgreSQL'] as const satisfies readonly StoreKind[];
const wanted = new RegExp(values.rows);
const digits = (decimals: number) => (figure: number) => figure.toFixed(decimals);

async function submits(servers: Servers): Promise<void> {
  const figures = new Figures(
    'submits',
    ['store', 'queue', 'stored jobs'],
    ['submits/s, acknowledged', 'submit → start, median ms', '95 % ms'],
    wanted,
  );
  for (const kind of STORES) {
    for (const total of stored) {
      const many = total.toLocaleString('en');
      const queues = PAIRS.flatMap(([store, queue]) => (store === kind ? [queue] : []));
      if (!queues.some((queue) => figures.wants(kind, queue, many))) continue;
      const open = await openStore(kind, servers);
      try {
        await open.fill(total);
        for (const queue of queues)
          await figures.row([kind, queue, many], async () => {
            const { perSecond, startMedianMs, startP95Ms } = await measureSubmits(open, queue, servers);
            return [perSecond, startMedianMs, startP95Ms].map(digits(0));
          });
      } finally {
        await open.dispose();
      }
    }
  }
}

async function operations(servers: Servers): Promise<void> {
  const figures = new Figures('operations', ['store'], OPERATIONS, wanted);
  for (const kind of STORES)
    await figures.row([kind], async () => {
      const open = await openStore(kind, servers);
      try {
        const rates = await measureOperations(open.store, fixed);
        return OPERATIONS.map((name) => digits(0)(rates[name]));
      } finally {
        await open.dispose();
      }
    });
}

async function workers(servers: Servers): Promise<void> {
  const figures = new Figures(
    'workers',
    ['store, queue', 'workers'],
    [
      ...['at once: jobs/s', 'worker, CPU ms a job', 'database, CPU ms a job', 'store calls a job'],
      ...['real: images/min', 'core-seconds an image'],
    ],
    wanted,
  );
  for (const setup of SETUPS)
    for (const count of values.workers.split(',').map(Number))
      await figures.row([setup, count], async () => {
        const measure = (jobs: number, isFixed: boolean) =>
          measureWorkers(setup, { workers: count, jobs, fixed: isFixed }, servers);
        const [quick, real] = [await measure(fixed, true), await measure(photographs, false)];
        return [
          ...[quick.perSecond, quick.workerSeconds * 1000, quick.databaseSeconds * 1000].map(digits(1)),
          ...[digits(1)(quick.operations), digits(0)(real.perSecond * 60), digits(2)(real.workerSeconds)],
        ];
      });
}

async function plain(): Promise<void> {
  const figures = new Figures('plain', ['`solve-field` at a time'], ['images/min'], wanted);
  for (const atOnce of [1, 2])
    await figures.row([atOnce], async () => [digits(0)(await measurePlain(atOnce, photographs))]);
}

const SECTIONS = { submits, operations, workers, plain };

process.stderr.write(`${machine()}\n`);
const postgres = await startPostgres({ fsync: 'on', full_page_writes: 'on' });
const redis = await startRedis();
try {
  const servers: Servers = { postgres: postgres.url, redis: redis.url, folder: '' };
  for (const [name, measure] of Object.entries(SECTIONS))
    if (values.only.split(',').includes(name)) await measure(servers);
} finally {
  await postgres.stop();
  await redis.stop();
}
