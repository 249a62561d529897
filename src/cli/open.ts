import { resolve } from 'node:path';
import { AstroJobs } from '../astro-jobs.js';
import { defaultJobsDir, defaultLogLevel } from '../defaults.js';
import { AstroJobsError } from '../job/errors.js';
import { jsonLogger, LOG_LEVELS } from '../job/json-logger.js';
import type { Logger } from '../job/logger.js';
import { assertInstalled } from '../process/packages.js';
import type { JobQueue } from '../queue/job-queue.js';
import { choiceOf, expectedSetting, fromEnvironment, SETTING_TABLE } from '../settings.js';
import type { JobStore } from '../store/job-store.js';
import { batchedLines } from './batched-lines.js';
import { say } from './print.js';
import { printable } from './printable.js';

/** What every command about jobs understands. */
export interface OpenOptions {
  jobsDir?: string;
  /** @default says on stderr, in words, what a person should know */
  logger?: Logger;
}

function aloud(fields: object, message: string): void {
  const { err } = fields as { err?: unknown };
  say(printable(err instanceof Error ? `${message}: ${err.message}` : message));
}

const inWords: Logger = { debug() {}, info() {}, warn: aloud, error: aloud };

/**
 * What a service tells: each request, each job and what went wrong, as JSON lines on stderr; a terminal shows the last in words, unless
 * `ASTRO_LOG_LEVEL` is set.
 * @throws AstroJobsError `invalid_params`
 */
export function serviceLogger(): Logger {
  const wanted = defaultLogLevel();
  const level = LOG_LEVELS.find((name) => name === choiceOf(SETTING_TABLE.logLevel, wanted));
  if (level === undefined)
    throw new AstroJobsError(
      'invalid_params',
      `Expected the environment variable ASTRO_LOG_LEVEL to be ${expectedSetting(SETTING_TABLE.logLevel)}, got ${JSON.stringify(wanted)}`,
    );
  if (process.stderr.isTTY && fromEnvironment('logLevel') === undefined) return inWords;
  return jsonLogger({ level, write: batchedLines((lines) => void process.stderr.write(lines)) });
}

const isPostgres = (url: string) => /^postgres(ql)?:\/\//.test(url);

function storeUrl({ jobsDir }: OpenOptions): string | undefined {
  // A folder that was named at the call outweighs a database named in the environment.
  const url = jobsDir === undefined ? fromEnvironment('storeUrl') : undefined;
  if (url === undefined || isPostgres(url)) return url;
  throw new AstroJobsError('invalid_params', 'Expected ASTRO_JOBS_STORE_URL to begin with postgres://');
}

function jobsDirectory({ jobsDir }: OpenOptions): string {
  return resolve(jobsDir ?? defaultJobsDir());
}

/** Where jobs live: the database of `ASTRO_JOBS_STORE_URL`, or the jobs directory. */
export async function openStore(options: OpenOptions): Promise<JobStore> {
  const url = storeUrl(options);
  if (url === undefined) {
    const { FileSystemJobStore } = await import('../store/file-system/file-system-job-store.js');
    return new FileSystemJobStore({ dir: jobsDirectory(options) });
  }
  assertInstalled('ASTRO_JOBS_STORE_URL', ['pg']);
  const { PostgresJobStore } = await import('../store/postgres/index.js');
  return new PostgresJobStore({ connectionString: url, logger: options.logger ?? inWords });
}

/**
 * The engine of `ASTRO_JOBS_QUEUE_URL`, which a database as the store brings along; without one there is nothing
 * but the store.
 */
export async function openEngine(options: OpenOptions): Promise<JobQueue | undefined> {
  const url = fromEnvironment('queueUrl') ?? storeUrl(options);
  if (url === undefined) return undefined;
  const { BullMQJobQueue } = await import('../queue/bullmq/index.js');
  return new BullMQJobQueue({ url });
}

/**
 * The jobs that the options and the environment name. Without an engine a detached process runs them, or with `inForeground`
 * this one runs what it submits, so many side by side.
 */
export async function openJobs(
  options: OpenOptions,
  { inForeground = 0 }: { inForeground?: number } = {},
): Promise<AstroJobs> {
  const store = await openStore(options);
  const engine = await openEngine(options);
  const { logger = inWords } = options;
  if (engine) return new AstroJobs({ store, queue: engine, logger });
  const dir = jobsDirectory(options);
  if (inForeground === 0) {
    const { DetachedQueue } = await import('../queue/detached.js');
    return new AstroJobs({ store, queue: new DetachedQueue({ dir }), logger });
  }
  const { ForegroundQueue } = await import('../queue/foreground.js');
  const queue = new ForegroundQueue({ dir, concurrency: inForeground });
  const jobs = new AstroJobs({ store, queue, logger });
  queue.prepare();
  return jobs;
}
