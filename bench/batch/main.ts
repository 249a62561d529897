/*
 * `node --import ./scripts/typescript.mjs bench/batch/main.ts [--night 200] [--small 10000] [--solver builtin]`: a rendered night whose batch is
 * killed three times with SIGKILL, and many small pictures: time to the first row, memory, and how soon a restart knows what is done; 0 leaves
 * either out. A picture without stars is given up by the package's own solver in milliseconds, and by `auto`, which asks solve-field
 * too, in seconds. Needs `npm run build`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeFrame, writeSmall } from './night.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const { values } = parseArgs({
  options: {
    night: { type: 'string', default: '200' },
    small: { type: 'string', default: '10000' },
    solver: { type: 'string', default: 'builtin' },
  },
});
const [PICTURES, KILLS, SMALL] = [Number(values.night), 3, Number(values.small)];
const SAMPLE_MS = 500;

const dir = await mkdtemp(join(tmpdir(), 'astro-jobs-night-'));
const say = (text: string) => process.stdout.write(`${text}\n`);
const rowsOf = async (folder: string) => {
  const text = await readFile(join(folder, 'astro-jobs/table.jsonl'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { file: string; ok: boolean });
};

function start(folder: string): ChildProcess {
  return spawn(execPath, [MAIN, 'batch', folder, '--no-keep-jobs', '--solver', values.solver], {
    env: { ...process.env, JOBS_DIR: join(dir, 'jobs') },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

const ended = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));

/** Resident memory of a process in MB, shared pages included; 0 when it is gone. */
async function memoryOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

async function killedNight(): Promise<void> {
  const folder = join(dir, 'night');
  await mkdir(folder);
  for (let number = 0; number < PICTURES; number++) await writeFrame(folder, number, PICTURES);
  for (let kill = 1; kill <= KILLS; kill++) {
    const child = start(folder);
    while ((await rowsOf(folder)).length < (kill * PICTURES) / (KILLS + 1)) await sleep(100);
    child.kill('SIGKILL');
    await ended(child);
  }
  const child = start(folder);
  child.stdout?.resume();
  await ended(child);
  const rows = await rowsOf(folder);
  const [names, solved] = [new Set(rows.map(({ file }) => file)), rows.filter(({ ok }) => ok)];
  say(
    `${PICTURES} pictures, killed ${KILLS} times: ${rows.length} rows, ${names.size} pictures, ${solved.length} solved`,
  );
}

async function manySmall(): Promise<void> {
  const folder = join(dir, 'small');
  await writeSmall(folder, SMALL);
  let begun = performance.now();
  let child = start(folder);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  say(`${SMALL} pictures: first row after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  child.stdout?.resume();
  const end = ended(child);
  let most = 0;
  while (child.exitCode === null) {
    most = Math.max(most, await memoryOf(child.pid));
    await sleep(SAMPLE_MS);
  }
  await end;
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  say(`all after ${seconds} s, ${most.toFixed(0)} MB at most, ${(await rowsOf(folder)).length} rows`);
  begun = performance.now();
  child = start(folder);
  child.stdout?.resume();
  await ended(child);
  say(`a restart ends after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}

try {
  if (PICTURES > 0) await killedNight();
  if (SMALL > 0) await manySmall();
  say(`jobs left: ${(await readdir(join(dir, 'jobs'))).filter((name) => !name.startsWith('.')).length}`);
} finally {
  await rm(dir, { recursive: true, force: true });
}
