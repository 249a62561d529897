import { AstroJobs, AstroJobWorker, FileSystemJobStore } from 'astro-jobs';
import { BullMQJobQueue } from 'astro-jobs/queues/bullmq';
import { PostgresJobStore } from 'astro-jobs/stores/postgres';

// What the processes of a chaos run share, from the one argument that each is given.
const setup = JSON.parse(process.argv[2] ?? '{}');

const line = (level) => (fields, message) => {
  const detail = fields.err ? ` (${fields.err.message})` : '';
  process.stderr.write(
    `${new Date().toISOString()} ${process.pid} ${level} ${message}${detail} ${fields.job_id ?? ''}\n`,
  );
};
const logger = {
  debug: process.env.CHAOS_DEBUG ? line('debug') : () => {},
  info: line('info'),
  warn: line('warn'),
  error: line('error'),
};

function parts() {
  const store = setup.storeUrl
    ? new PostgresJobStore({ connectionString: setup.storeUrl, maxConnections: 5, logger })
    : new FileSystemJobStore({ dir: setup.dir });
  const queue = new BullMQJobQueue({ url: setup.queueUrl, sweepSeconds: setup.leaseSeconds });
  return { store, queue, logger, leaseSeconds: setup.leaseSeconds, maxAttempts: setup.maxAttempts };
}

export const openWorker = () =>
  new AstroJobWorker({
    ...parts(),
    concurrency: setup.concurrency,
    extractorBin: setup.extractorBin,
    scratchDir: setup.scratchDir,
    health: { port: 0 },
  });

export const openJobs = () => new AstroJobs(parts());

export { setup };
