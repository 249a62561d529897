// A strict TypeScript project that uses the package; scripts/check-package.mjs compiles it against the packed tarball.
import {
  AstroJobs,
  AstroJobsError,
  analyze,
  type ErrorCode,
  type JobResult,
  type JobStatus,
  MemoryJobStore,
} from 'astro-jobs';

export async function solve(image: string, signal: AbortSignal): Promise<[number, number] | ErrorCode> {
  await using jobs = new AstroJobs({ store: new MemoryJobStore(), concurrency: 1 });
  const off: () => void = jobs.on('progress', (status: JobStatus) => console.log(status.progress?.stage));
  const { job_id } = await jobs.submit(image, { scale_low: 1, scale_high: 3 }, { priority: 1 });
  try {
    const result: JobResult = await jobs.wait(job_id, { signal, timeout: 60 });
    if (!result.ok) return result.error_code;
    const names: string[] = result.astrometry.objects.map((object) => object.name);
    console.log(names, result.capture.gps?.lat);
    return [result.astrometry.ra_center, result.astrometry.dec_center];
  } catch (error) {
    if (error instanceof AstroJobsError) return error.code;
    throw error;
  } finally {
    off();
  }
}

export async function states(jobs: AstroJobs): Promise<Set<JobStatus['state']>> {
  const seen = new Set<JobStatus['state']>();
  for (const { state, job_id } of (await jobs.list({ state: ['done', 'error'], limit: 10 })).jobs) {
    seen.add(state);
    for await (const status of jobs.watch(job_id)) seen.add(status.state);
  }
  return seen;
}

// @ts-expect-error a parameter that does not exist
void analyze('m42.jpg', { scale: 3 });
