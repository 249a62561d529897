import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { startPostgres } from '../../test/servers/postgres.js';
import { startRedis } from '../../test/servers/redis.js';
import { openStore, PAIRS, type Servers, type StoreKind } from './pairs.js';
import { measurePlain, measureWorkers } from './solves.js';
import { measureSubmits } from './submits.js';

// `npm run build && node --import ./scripts/typescript.mjs bench/scaling/main.ts`: measures, and writes the figures into
// docs/scaling.md; a number after it says how many photographs are solved each time. The databases are real ones on loopback, and flush to disk as they do in use.

const PAGE = new URL('../../docs/scaling.md', import.meta.url);
const PHOTOGRAPHS = Number(process.argv[2] ?? 20);
const STORED = [10, 1000, 100_000];
const say = (line: string) => process.stderr.write(`${line}\n`);

function machine(): string {
  const cpu = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg()[0]!.toFixed(1);
  return `${cpu.length} × ${cpu[0]?.model.trim()}, ${memory} GiB, Node ${process.version}; load average when it was started: ${load}`;
}

async function submits(servers: Servers): Promise<string[]> {
  const rows: string[] = [];
  for (const kind of ['memory', 'folder', 'PostgreSQL'] satisfies StoreKind[]) {
    for (const stored of STORED) {
      const open = await openStore(kind, servers);
      try {
        say(`${kind}: ${stored} jobs`);
        await open.fill(stored);
        for (const [, queue] of PAIRS.filter(([store]) => store === kind)) {
          const figures = await measureSubmits(open, queue, servers);
          const { perSecond, startMedianMs, startP95Ms } = figures;
          rows.push(
            `| ${kind} | ${queue} | ${stored.toLocaleString('en')} | ${perSecond.toFixed(0)} | ${startMedianMs.toFixed(0)} | ${startP95Ms.toFixed(0)} |`,
          );
          say(rows.at(-1)!);
        }
      } finally {
        await open.dispose();
      }
    }
  }
  return rows;
}

async function solves(url: string): Promise<string[]> {
  const rows: string[] = [];
  for (const workers of [1, 2]) {
    const plain = await measurePlain(workers, PHOTOGRAPHS);
    const ours = await measureWorkers(workers, url, PHOTOGRAPHS);
    rows.push(`| ${workers} | ${ours.toFixed(0)} | ${plain.toFixed(0)} | ${(ours / plain).toFixed(1)} |`);
    say(rows.at(-1)!);
  }
  return rows;
}

const postgres = await startPostgres({ fsync: 'on', full_page_writes: 'on' });
const redis = await startRedis();
try {
  const where = machine();
  const submitted = await submits({ postgres: postgres.url, redis: redis.url, folder: '' });
  const solved = await solves(postgres.url);
  const text = [
    `Measured on ${new Date().toISOString().slice(0, 10)}: ${where}.`,
    '',
    '| store | queue | stored jobs | submits/s, acknowledged | submit → start, median ms | 95 % ms |',
    '| --- | --- | --: | --: | --: | --: |',
    ...submitted,
    '',
    `${PHOTOGRAPHS} times the example photograph, hinted, one job a worker:`,
    '',
    '| workers | ours, solves/min | `xargs -P` solve-field, solves/min | ratio |',
    '| --: | --: | --: | --: |',
    ...solved,
  ].join('\n');
  const page = await readFile(PAGE, 'utf8');
  await writeFile(
    PAGE,
    page.replace(/(<!-- figures -->\n)[\s\S]*?(\n<!-- end of figures -->)/, `$1\n${text}\n$2`),
  );
} finally {
  await postgres.stop();
  await redis.stop();
}
