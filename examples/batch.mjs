// Every photograph of a folder, as durable jobs, with a progress bar: node examples/batch.mjs FOLDER [JOBS_DIR]
// Interrupt it and run it again: what was solved is not solved twice.
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AstroJobs, AstroJobsError } from 'astro-jobs';

const folder = resolve(process.argv[2] ?? '.');
const jobs = new AstroJobs({ dir: process.argv[3] ?? './jobs' });

const images = (await readdir(folder))
  .filter((name) => /\.(jpe?g|png|tiff?|webp|fits?|fits?\.gz|fz)$/i.test(name))
  .sort();
const counts = { solved: 0, failed: 0 };
const draw = () => {
  const done = counts.solved + counts.failed;
  const bar = '█'.repeat(Math.round((30 * done) / images.length)).padEnd(30, '░');
  process.stderr.write(`\r${bar} ${done}/${images.length}, ${counts.failed} not solved`);
};

/** The line of one photograph. A file that is no image has its line, too, and holds nothing else up. */
async function lineOf(name) {
  const image = join(folder, name);
  try {
    const { size, mtimeMs } = await stat(image);
    // The same file gives the same job; a file of that name that was written anew gives another.
    const { job_id } = await jobs.submit(image, {}, { idempotencyKey: `${image} ${size} ${mtimeMs}` });
    const result = await jobs.wait(job_id);
    counts[result.ok ? 'solved' : 'failed'] += 1;
    if (!result.ok) return `${name}\t${result.error_code}\t${result.error}`;
    const { ra_center, dec_center, pixscale_arcsec } = result.astrometry;
    return [name, ra_center.toFixed(5), dec_center.toFixed(5), pixscale_arcsec.toFixed(4)].join('\t');
  } catch (error) {
    if (!(error instanceof AstroJobsError)) throw error;
    counts.failed += 1;
    return `${name}\t${error.code}\t${error.message}`;
  } finally {
    draw();
  }
}

// All of them are queued at once; as many run side by side as there are cores.
const lines = await Promise.all(images.map(lineOf));
process.stderr.write('\n');
console.log(lines.join('\n'));
await jobs.close();
