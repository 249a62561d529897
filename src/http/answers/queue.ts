import { z } from 'zod';
import { statusSchema } from '../../index.js';

// What the server answers of jobs as a whole. `npm run derive` writes the interfaces of the library from these schemas.

const counts = z
  .looseObject({
    queued: z.int().describe('Jobs that wait'),
    processing: z.int().describe('Jobs that are being run'),
    done: z.int().describe('Jobs that were solved'),
    error: z.int().describe('Jobs that were not'),
  })
  .describe('Jobs in each state');

export const durationsSchema = z
  .looseObject({
    median: z.number().describe('Half of them were shorter, seconds'),
    p95: z.number().describe('95 of 100 were shorter, seconds'),
    max: z.number().describe('The longest, seconds'),
  })
  .describe('Seconds; of the jobs that were settled last');

export const jobStatsSchema = z
  .looseObject({
    counts,
    sample: z.int().describe('How many settled jobs the durations are taken from'),
    waiting_seconds: durationsSchema
      .optional()
      .describe('From submission to the start of the last attempt. Absent without a sample'),
    processing_seconds: durationsSchema
      .optional()
      .describe('From that start to the end. Absent without a sample'),
  })
  .describe('Counts of jobs, and how long the last ones waited and ran');

export const workerStateSchema = z
  .looseObject({
    host: z.string().describe('Host name of its machine'),
    pid: z.int().describe('Its process id there'),
    state: z
      .enum(['busy', 'idle', 'lost'])
      .describe(
        '`busy`: it runs the jobs below; `idle`: it is known to live, and waits; `lost`: it has let the leases of all its jobs end',
      ),
    concurrency: z.int().optional().describe('Jobs that it runs side by side, at most; where it has said so'),
    jobs: z.array(statusSchema).describe('What it runs, the longest running first'),
  })
  .describe('A process that runs jobs');

export const queueStateSchema = z
  .looseObject({
    queue: z.string().describe('Name of the queue: `in-process`, `detached`, `bullmq` or another'),
    counts,
    oldest: z
      .looseObject({
        job_id: z.string().describe('The id of the job'),
        seconds: z.number().describe('Seconds since it was submitted'),
      })
      .optional()
      .describe('The waiting job that was submitted first, and how long ago'),
    workers: z
      .array(workerStateSchema)
      .describe(
        'Processes that run jobs, and those that wait for some: as they said to the queue or the store within the last half minute',
      ),
    elsewhere: z
      .array(statusSchema)
      .describe('Jobs that another program runs, which says nothing about itself'),
    more: z.boolean().describe('Whether more jobs run than are told of here'),
  })
  .describe('What waits, and who runs what, at this moment');
