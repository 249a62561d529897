/*
 * Jobs on folders: how many a second, and what a job costs more than `analyze()` alone, of this tree and of another one.
 *
 *     npm run build && python3 bench/shared/reap.py node --import ./scripts/typescript.mjs bench/jobs-throughput.ts
 *         [--against DIR] [--jobs 200] [--concurrency 2] [--rounds 5] [--solver auto]
 *
 * DIR is another built tree, whose figures stand beside ours: paired, one round of each in turn. A round is all jobs, and as many images
 * by `analyze()`, as many at a time, after some that do not count. The image is rendered, 0.5 megapixels, its width bounded to the true one ± 25 %, and
 * not measured.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { load, machine } from './shared/machine.js';
import { median } from './shared/median.js';
import { Resident } from './shared/resident.js';
import { renderedCases } from './solve/skies.js';

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    jobs: { type: 'string', default: '200' },
    concurrency: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '5' },
    solver: { type: 'string', default: 'auto' },
  },
});
const [count, concurrency, rounds] = [values.jobs, values.concurrency, values.rounds].map(Number);
if (!count || !concurrency || !rounds)
  throw new Error('--jobs, --concurrency and --rounds are numbers from 1');

/** What `worker.mjs` answers. */
interface Round {
  wall_s: number;
  cpu_s: number;
  error?: string;
}

const script = fileURLToPath(new URL('jobs-throughput/worker.mjs', import.meta.url));
const tree = (name: string, root: string, own: object = {}) => ({
  name,
  own,
  worker: new Resident([process.execPath, script, root]),
  analyze: [] as Round[],
  jobs: [] as Round[],
});
type Tree = ReturnType<typeof tree>;

const KINDS = ['analyze', 'jobs'] as const;
// The other tree may know nothing of measuring.
const here = tree('this tree', fileURLToPath(new URL('..', import.meta.url)), { measure: false });
const trees = values.against ? [here, tree('the other tree', resolve(values.against))] : [here];
const folder = await mkdtemp(join(tmpdir(), 'bench-throughput-'));
const loadBefore = load();
try {
  const [path] = await renderedCases(folder, [0.5]);
  const params = { scale_low: 4, scale_high: 6.25, solver: values.solver };
  const run = async (
    { name, own, worker }: Tree,
    kind: (typeof KINDS)[number],
    many: number,
  ): Promise<Round> => {
    const question = { kind, path, params: { ...params, ...own }, count: many, concurrency };
    const round = (await worker.ask(question, 600)) as Round | undefined;
    if (!round || round.error) throw new Error(`${name}, ${kind}: ${round?.error ?? 'it ended'}`);
    return round;
  };
  for (const each of trees) for (const kind of KINDS) await run(each, kind, 2 * concurrency);
  for (let round = 0; round < rounds; round++) {
    for (const kind of KINDS) {
      for (const each of round % 2 === 0 ? trees : trees.toReversed()) {
        each[kind].push(await run(each, kind, count));
        process.stderr.write(`round ${round + 1}, ${each.name}, ${kind}\n`);
      }
    }
  }
  console.log(
    `${count} jobs on folders, ${concurrency} at a time, \`solver: '${values.solver}'\`, medians of ${rounds} rounds; ${machine()}; load average before ${loadBefore.toFixed(1)}, after ${load().toFixed(1)}\n`,
  );
  console.log(
    '| | jobs/s | images/s by `analyze()` | CPU ms a job | CPU ms an `analyze()` | a job beyond it |',
  );
  console.log('| --- | --: | --: | --: | --: | --: |');
  for (const each of trees) {
    const rate = (of: readonly Round[]) => median(of.map(({ wall_s }) => count / wall_s)).toFixed(1);
    const cpu = (of: readonly Round[]) => of.map(({ cpu_s }) => (cpu_s * 1000) / count);
    // Of one round each: what slows the machine meets both.
    const beyond = cpu(each.jobs).map((ms, round) => ms - (cpu(each.analyze)[round] ?? Number.NaN));
    const times = [cpu(each.jobs), cpu(each.analyze), beyond].map((each) => median(each).toFixed(1));
    console.log(`| ${[each.name, rate(each.jobs), rate(each.analyze), ...times].join(' | ')} |`);
  }
  const other = trees[1];
  if (other) {
    const ratios = here.jobs.map(({ wall_s }, round) => (other.jobs[round]?.wall_s ?? Number.NaN) / wall_s);
    console.log(`\nJobs a second, this tree ÷ the other one: ${median(ratios).toFixed(2)}`);
  }
} finally {
  for (const { worker } of trees) await worker.close();
  await rm(folder, { recursive: true, force: true });
}
