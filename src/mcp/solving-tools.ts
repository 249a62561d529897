import type { McpServer } from '@modelcontextprotocol/server';
import type { AstroJobs } from '../astro-jobs.js';
import { AstroJobsError } from '../job/errors.js';
import type { SolveParamsInput } from '../job/param-table.js';
import type { JobResult } from '../job/result.js';
import { isSettled } from '../job/status.js';
import { answer, answered } from './answer.js';
import { progressEmitter } from './progress.js';
import { imageInput, jobInput, LISTED_OBJECTS, resultOutput, statusOutput } from './schemas.js';

/** A result whose list of objects a model can read. */
function shortened(job_id: string, result: JobResult): Record<string, unknown> {
  if (!result.ok) return { job_id, result };
  const { objects } = result.astrometry;
  const listed = [...objects]
    .sort((a, b) => (b.prominence ?? 0) - (a.prominence ?? 0))
    .slice(0, LISTED_OBJECTS);
  return {
    job_id,
    result: { ...result, astrometry: { ...result.astrometry, objects: listed } },
    objects_total: objects.length,
  };
}

/** What is asked besides the image is checked with all parameters of a job. */
const submitted = (jobs: AstroJobs, { image, ...params }: { image: string }, signal: AbortSignal) =>
  jobs.submit(image, params as SolveParamsInput, { signal });

/** `solve`, `submit`, `status`, `result`, `cancel`. */
export function addSolvingTools(server: McpServer, jobs: AstroJobs): void {
  server.registerTool(
    'solve',
    {
      title: 'Solve a photograph',
      description:
        'Finds where on the sky a photograph looks: centre, size, scale, rotation, and the objects in it. Waits until it is known. ' +
        'A photograph that cannot be solved is an answer too, `result.ok` false with the reason. Keep `job_id` for the other tools.',
      inputSchema: imageInput,
      outputSchema: resultOutput,
      annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
    },
    (input, context) =>
      answered(async () => {
        const { signal } = context.mcpReq;
        const { job_id } = await submitted(jobs, input, signal);
        const emit = progressEmitter(context);
        try {
          for await (const status of jobs.watch(job_id, { signal })) await emit(status);
          signal.throwIfAborted();
        } catch (error) {
          if (!signal.aborted) throw error;
          // A caller who no longer waits has no use for the job.
          await jobs.cancel(job_id);
          throw new AstroJobsError('cancelled', 'The call was cancelled, and its job with it', {
            jobId: job_id,
          });
        }
        return answer(shortened(job_id, await jobs.result(job_id)));
      }),
  );
  server.registerTool(
    'submit',
    {
      title: 'Submit a photograph',
      description:
        'Queues a photograph and returns at once with its job; ask `status` and `result` for what comes of it.',
      inputSchema: imageInput,
      outputSchema: statusOutput,
      annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
    },
    (input, { mcpReq }) =>
      answered(async () => answer({ status: await submitted(jobs, input, mcpReq.signal) })),
  );
  server.registerTool(
    'status',
    {
      title: 'Status of a job',
      description: 'Whether a job waits, runs, is done or has failed.',
      inputSchema: jobInput,
      outputSchema: statusOutput,
      annotations: { readOnlyHint: true },
    },
    ({ job_id }) => answered(async () => answer({ status: await jobs.status(job_id) })),
  );
  server.registerTool(
    'result',
    {
      title: 'Result of a job',
      description: 'What was found out about the photograph of a job that has ended.',
      inputSchema: jobInput,
      outputSchema: resultOutput,
      annotations: { readOnlyHint: true },
    },
    ({ job_id }) => answered(async () => answer(shortened(job_id, await jobs.result(job_id)))),
  );
  server.registerTool(
    'cancel',
    {
      title: 'Cancel a job',
      description: 'Ends a job that waits or runs.',
      inputSchema: jobInput,
      outputSchema: statusOutput,
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
    },
    ({ job_id }) =>
      answered(async () => {
        const status = await jobs.status(job_id);
        return answer({ status: isSettled(status) ? status : await jobs.cancel(job_id) });
      }),
  );
}
