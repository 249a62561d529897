import { AstroJobWorker } from 'astro-jobs';
import { BullMQJobQueue } from 'astro-jobs/queues/bullmq';
import { PostgresJobStore } from 'astro-jobs/stores/postgres';

// Solves. DATABASE_URL and ASTRO_JOBS_QUEUE_URL say where; solve-field and its index files are on this machine.
const line = (level) => (fields, message) =>
  console.error(JSON.stringify({ level, message, ...fields, err: fields.err?.message }));
const logger = { debug() {}, info: line('info'), warn: line('warn'), error: line('error') };

const worker = new AstroJobWorker({
  store: new PostgresJobStore({ logger }),
  queue: new BullMQJobQueue(),
  health: { host: process.env.HEALTH_HOST ?? '127.0.0.1', port: Number(process.env.HEALTH_PORT ?? 8081) },
  logger,
});
const seconds = process.env.GRACE_SECONDS;
const grace = seconds === undefined ? {} : { graceSeconds: Number(seconds) };
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => worker.close(grace));
await worker.run();
