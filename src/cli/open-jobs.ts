import { AstroJobs } from '../astro-jobs.js';
import { DetachedQueue } from '../queue/detached.js';

/** What every command about jobs understands. */
export interface OpenOptions {
  jobsDir?: string;
}

/** The jobs that the options and the environment name. */
export async function openJobs(options: OpenOptions): Promise<AstroJobs> {
  return new AstroJobs({
    ...(options.jobsDir === undefined ? {} : { dir: options.jobsDir }),
    queue: new DetachedQueue(),
  });
}
