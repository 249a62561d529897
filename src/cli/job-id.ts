import type { Command } from 'commander';
import type { AstroJobs } from '../astro-jobs.js';
import { AstroJobsError } from '../job/errors.js';
import { isJobId } from '../job/id.js';
import { type ActionContext, type JobsActionOptions, jobsAction } from './action.js';
import { jobIdOption } from './options.js';

/** Shorter ones are mistakes more often than not. */
const ABBREVIATED = /^[0-9a-f]{4,31}$/;
const NAMED = 5;
const PAGE = 10_000;

/**
 * The whole id of a job that was named by its first characters, four or more. What is no part of an id stays as it is, and is not found.
 * @throws AstroJobsError `invalid_params` when several jobs begin like this
 */
export async function wholeId(jobs: AstroJobs, given: string): Promise<string> {
  if (isJobId(given) || !ABBREVIATED.test(given)) return given;
  const found: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await jobs.list({ limit: PAGE, ...(after !== undefined && { after }) });
    found.push(...page.jobs.map(({ job_id }) => job_id).filter((id) => id.startsWith(given)));
    if (page.next === undefined) break;
    after = page.next;
  }
  if (found.length <= 1) return found[0] ?? given;
  const more = found.length > NAMED ? ' and more' : '';
  throw new AstroJobsError(
    'invalid_params',
    `the id ${given} could be any of ${found.slice(0, NAMED).join(', ')}${more}: give more of it`,
  );
}

interface JobOptions {
  jobId?: string;
}

/** The ids that a command was given, by position or by its option. @throws AstroJobsError `invalid_params` for none */
export function givenIds(args: readonly string[], { jobId }: JobOptions): readonly [string, ...string[]] {
  const [first, ...rest] = jobId === undefined ? args : [jobId, ...args];
  if (first !== undefined) return [first, ...rest];
  throw new AstroJobsError(
    'invalid_params',
    'a job is missing: name one by its id or by how it begins, such as 1f0c, or give --job-id <id>; `astro-jobs list` shows them',
  );
}

/** A command about one job: its id stands by position or behind `--job-id`, whole or as its first characters. */
export function ofJob(command: Command, more = ''): Command {
  return command.argument('[id]', `the job, by its id or how that begins${more}`).addOption(jobIdOption());
}

/** What a command about one job is given. `args` are those behind the id. */
export interface JobContext extends ActionContext {
  jobs: AstroJobs;
  id: string;
}

/** An action about one job. */
export function jobAction<Options extends JobOptions>(
  run: (context: JobContext, options: Options) => Promise<number | undefined>,
  more: JobsActionOptions<Options> & { mostArgs?: number } = {},
) {
  return jobsAction<Options>(async (context, options) => {
    const [given, ...args] = givenIds(context.args, options);
    const [extra] = args.slice(more.mostArgs ?? 0);
    if (extra !== undefined)
      throw new AstroJobsError('invalid_params', `this command is about one job, and ${extra} is one more`);
    context.about(given);
    const id = await wholeId(context.jobs, given);
    context.about(id);
    return run({ ...context, args, id }, options);
  }, more);
}
