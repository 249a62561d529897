import { resolve } from 'node:path';
import { AstroJobs } from '../astro-jobs.js';
import type { Logger } from '../job/logger.js';
import { DetachedQueue } from '../queue/detached.js';
import { say } from './print.js';
import { printable } from './printable.js';

/** What every command about jobs understands. */
export interface OpenOptions {
  jobsDir?: string;
}

function aloud(fields: object, message: string): void {
  const { err } = fields as { err?: unknown };
  say(printable(err instanceof Error ? `${message}: ${err.message}` : message));
}

/** What a person should know goes to stderr. */
const logger: Logger = { debug() {}, info() {}, warn: aloud, error: aloud };

/** The jobs that the options and the environment name. */
export async function openJobs(options: OpenOptions): Promise<AstroJobs> {
  const dir = resolve(options.jobsDir ?? process.env.JOBS_DIR ?? '/srv/astro_jobs');
  return new AstroJobs({ dir, queue: new DetachedQueue({ dir }), logger });
}
