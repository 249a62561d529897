import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SolveParamsInput } from '../../src/job/param-table.js';
import { type JobResult, resultSchema } from '../../src/job/result.js';
import { Resident } from '../shared/resident.js';
import { runTimed } from '../shared/timed-program.js';
import type { Answer, Peer, Question } from './peer.js';

/** Node compiles what is hot: a server that has solved a few images is what stays warm. */
const WARM_UPS = 6;

const script = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The question in the words of the package, without what the others do not do: read what the image says of itself, and measure its stars. */
function paramsOf({ timeout, bounds }: Question, solver: string): SolveParamsInput {
  const plain = { solver, timeout, use_metadata: false, measure: false };
  if (!bounds) return plain;
  const [scale_low, scale_high] = bounds.scale;
  const [ra, dec, radius] = bounds.position;
  const scale = { scale_low, scale_high, scale_units: 'arcsecperpix' } as const;
  return { ...plain, ...scale, ra, dec, radius };
}

/** `analyze()` in a process that stays. */
export function oursWarm(solver: string): Peer {
  const resident = new Resident([process.execPath, script('ours-resident.mjs')]);
  const run = async (question: Question): Promise<Answer> => {
    const { path, timeout } = question;
    const answer = await resident.ask({ path, params: paramsOf(question, solver) }, timeout + 10);
    // Its own script says nothing else.
    return (
      (answer as Answer | undefined) ?? { wall_s: timeout, cpu_s: timeout, problem: 'the process ended' }
    );
  };
  const warmUp = async (question: Question): Promise<Answer> => {
    let answer = await run(question);
    for (let i = 1; i < WARM_UPS && answer.field; i++) answer = await run(question);
    return answer;
  };
  return {
    name: 'ours, warm',
    own: true,
    about: `\`analyze()\` in a warm process, \`solver: '${solver}'\`, without measuring`,
    ...{ warmUp, run, close: () => resident.close() },
  };
}

/** A program that could not start has printed no result. */
async function readResult(path: string): Promise<JobResult | undefined> {
  const text = await readFile(path, 'utf8');
  return text.startsWith('{') ? resultSchema.safeParse(JSON.parse(text)).data : undefined;
}

/** `astro-jobs solve` in a process of its own, its jobs directory new. */
export function oursFresh(solver: string, folder: string): Peer {
  const run = async (question: Question): Promise<Answer> => {
    const scratch = await mkdtemp(join(folder, 'fresh-'));
    try {
      const { use_metadata: _, measure: __, ...params } = paramsOf(question, solver);
      const given = Object.entries(params).map(([name, value]) => `--${name.replaceAll('_', '-')}=${value}`);
      const main = script('../../dist/cli/main.js');
      const plain = ['--no-metadata', '--no-measure'];
      const command = [process.execPath, main, 'solve', '--image', question.path, ...plain, ...given];
      const env = { ...process.env, JOBS_DIR: join(scratch, 'jobs') };
      const timeout = question.timeout + 10;
      const run = await runTimed(command, { cwd: scratch, env, timeout, output: 'result.json' });
      const result = run.ended ? undefined : await readResult(join(scratch, 'result.json'));
      if (!result?.ok) return { ...run, problem: result?.error ?? 'no result' };
      const { ra_center, dec_center, pixscale_arcsec } = result.astrometry;
      return { ...run, field: { ra: ra_center, dec: dec_center, scale: pixscale_arcsec } };
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };
  return {
    name: 'ours, fresh process',
    own: true,
    about: `\`node dist/cli/main.js solve\`, \`--solver ${solver} --no-measure\`, from the start of Node to its end`,
    ...{ warmUp: run, run, close: async () => undefined },
  };
}
