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

async function analyzeAll({ path, params, count, concurrency }) {
  let left = count;
  const work = async () => {
    while (left-- > 0) solvedOrThrow(await analyze(path, params));
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}

/** From the first submit to the last result. */
async function runJobs(dir, { path, params, count, concurrency }) {
  const jobs = new AstroJobs({ dir, concurrency });
  try {
    const submitted = [];
    for (let n = 0; n < count; n++) submitted.push((await jobs.submit(path, params)).job_id);
    for (const result of await Promise.all(submitted.map((id) => jobs.wait(id)))) solvedOrThrow(result);
  } finally {
    await jobs.close();
  }
}

console.log('{}');
for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  const dir = await mkdtemp(join(tmpdir(), 'bench-jobs-'));
  try {
    const work = question.kind === 'jobs' ? () => runJobs(dir, question) : () => analyzeAll(question);
    const { wall_s, cpu_s } = await timed(work);
    console.log(JSON.stringify({ wall_s, cpu_s }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
process.exit();
