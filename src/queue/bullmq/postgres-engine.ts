import {
  createPostgresBackend,
  type JobProgress,
  type PostgresConnectionOptions,
  type PostgresQueueBackend,
  Queue,
  QueueEvents,
  Worker,
} from 'bullmq';
import pg from 'pg';
import { Connections } from '../../store/postgres/connections.js';
import {
  asEvents,
  asWorker,
  type Engine,
  type EngineOptions,
  EVENT_OPTIONS,
  ready,
  type Ticket,
  workerOptions,
} from './engine.js';
import { PostgresWorkerRegistry } from './postgres-worker-registry.js';

type Backend = PostgresQueueBackend;
type Connection = PostgresConnectionOptions;
type PostgresQueue = Queue<Ticket, null, string, Ticket, null, string, Backend, Connection>;
type PostgresWorker = Worker<Ticket, null, string, Backend, JobProgress, Connection>;
type PostgresEvents = QueueEvents<null, Backend, Connection>;

/** BullMQ on PostgreSQL. */
export async function openPostgres({ url, ownPrefix, enginePrefix, logger }: EngineOptions): Promise<Engine> {
  const connections = new Connections();
  const config = {
    ...connections.options,
    connectionString: url,
    max: 4,
    keepAlive: true,
    connectionTimeoutMillis: 5000,
    query_timeout: 15_000,
    application_name: 'astro-jobs-queue',
  };
  const onError = (err: unknown) => logger.debug({ err }, 'BullMQ on PostgreSQL');
  const shared = { connection: { ...config, schema: enginePrefix, migrate: true } };
  const pool = new pg.Pool({ ...config, max: 2 });
  pool.on('error', onError);
  return {
    registry: new PostgresWorkerRegistry(pool, ownPrefix),
    queue: (name) => {
      const queue: PostgresQueue = new Queue(name, shared, createPostgresBackend);
      return ready(queue.on('error', onError));
    },
    worker: async (name, lockMs) => {
      const options = { ...shared, ...workerOptions(lockMs) };
      const worker: PostgresWorker = new Worker(name, null, options, createPostgresBackend);
      return asWorker(await ready(worker.on('error', onError)));
    },
    events: async (name) => {
      const events: PostgresEvents = new QueueEvents(
        name,
        { ...shared, ...EVENT_OPTIONS },
        createPostgresBackend,
      );
      return asEvents(await ready(events.on('error', onError)), onError);
    },
    // Its drivers reject at once.
    problem: () => undefined,
    close: () => connections.cut(),
  };
}
