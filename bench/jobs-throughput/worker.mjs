// One built tree as a resident process: {"kind": "analyze" | "jobs", "path", "params", "count", "concurrency"} in, {"wall_s", "cpu_s"} out.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { timed } from '../shared/cpu-seconds.mjs';

const { analyze, AstroJobs } = await import(pathToFileURL(join(process.argv[2], 'dist', 'index.js')).href);

const solvedOrThrow = (result) => {
  if (!result.ok) throw new Error(`not solved: ${result.error}`);
};

/** How an image is solved each way; `end` lets go of what the way has started. */
const WAYS = {
  analyze: async () => ({
    solve: async ({ path, params, count, concurrency }) => {
      let left = count;
      const work = async () => {
        while (left-- > 0) solvedOrThrow(await analyze(path, params));
      };
      await Promise.all(Array.from({ length: concurrency }, work));
    },
    end: async () => {},
  }),
  /** From the first submit to the last result. */
  jobs: async (dir, { concurrency }) => {
    const jobs = new AstroJobs({ dir, concurrency });
    return {
      solve: async ({ path, params, count }) => {
        const submitted = [];
        for (let n = 0; n < count; n++) submitted.push((await jobs.submit(path, params)).job_id);
        for (const result of await Promise.all(submitted.map((id) => jobs.wait(id)))) solvedOrThrow(result);
      },
      end: () => jobs.close(),
    };
  },
};

console.log('{}');
for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  const dir = await mkdtemp(join(tmpdir(), 'bench-jobs-'));
  try {
    const { solve, end } = await WAYS[question.kind](dir, question);
    try {
      // A service that has run for a while: its decoders and searchers are there.
      await solve({ ...question, count: 2 * question.concurrency });
      const { wall_s, cpu_s } = await timed(() => solve(question));
      console.log(JSON.stringify({ wall_s, cpu_s }));
    } finally {
      await end();
    }
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
process.exit();
