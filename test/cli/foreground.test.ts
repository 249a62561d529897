import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until, useCli } from './process.js';
import { EXTERNAL, writeExtractor, writeImage } from './scripted.js';

const cli = useCli();

interface Listed {
  job_id: string;
  state: string;
  attempts?: number;
  worker?: { pid: number };
}

/** An image whose scripted job stays until `go()`. */
async function held() {
  const image = await writeImage(join(cli.dir, 'sky.png'));
  const gate = join(cli.dir, 'go');
  const bin = await writeExtractor(cli.dir, `until [ -e ${gate} ]; do sleep 0.1; done`);
  return { image, env: { ASTRO_EXTRACT_BIN: bin }, go: () => writeFile(gate, '') };
}

const processing = async () => (await cli.json<{ jobs: Listed[] }>(['list', '--state', 'processing'])).jobs;

const runners = () => cli.processes().filter(({ command }) => command.includes('runner-process'));

it('solve runs its job in its own process and starts no runner', async () => {
  const { image, env, go } = await held();
  const solving = cli.start(['solve', '--image', image, ...EXTERNAL], { env });
  await until(async () => (await processing()).length === 1);
  expect(await processing()).toMatchObject([{ worker: { pid: solving.pid } }]);
  expect(runners()).toEqual([]);
  await go();
  expect(await solving.ended).toMatchObject({ code: 0 });
  await cli.idle();
});

it('the job of a solve that was killed is taken up for the next who asks for it', async () => {
  const { image, env, go } = await held();
  const solving = cli.start(['solve', '--image', image, ...EXTERNAL], { env });
  await until(async () => (await processing()).length === 1);
  const [job] = await processing();
  solving.kill('SIGKILL');
  await solving.ended;
  await go();
  const id = String(job?.job_id);
  expect(await cli.json(['wait', '--job-id', id], 0, { env })).toMatchObject({ ok: true });
  expect(await cli.json(['status', '--job-id', id])).toMatchObject({ state: 'done', attempts: 2 });
});

it('solve leaves its job to a runner that is at work already', async () => {
  const { image, env, go } = await held();
  const concurrent = { env: { ...env, ASTRO_JOBS_CONCURRENCY: '2' } };
  await cli.json(['submit', '--image', image, ...EXTERNAL], 0, concurrent);
  await until(async () => (await processing()).length === 1);
  const solving = cli.start(['solve', '--image', image, ...EXTERNAL], concurrent);
  await until(async () => (await processing()).length === 2);
  const [runner] = runners();
  expect((await processing()).map(({ worker }) => worker?.pid)).toEqual([runner?.pid, runner?.pid]);
  await go();
  expect(await solving.ended).toMatchObject({ code: 0 });
});

it('solve runs several images one after another in its own process, and starts no runner for any', async () => {
  const images = await Promise.all(
    ['a.png', 'b.png', 'c.png'].map((name) => writeImage(join(cli.dir, name))),
  );
  const env = { ASTRO_EXTRACT_BIN: await writeExtractor(cli.dir, 'true') };
  const ended = await cli.run(['solve', ...images, ...EXTERNAL], { env });
  expect(ended.code).toBe(0);
  const results = ended.stdout.trim().split('\n');
  expect(results.map((line) => JSON.parse(line))).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
  // A runner leaves its log.
  const own = readdirSync(join(cli.jobsDir, '.astro-jobs'));
  expect(own.filter((name) => name.startsWith('runner-'))).toEqual([]);
});
