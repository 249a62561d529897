import { Queue, QueueEvents, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { DEFAULTS } from '../../defaults.js';
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
import { RedisWorkerRegistry } from './redis-worker-registry.js';

/** BullMQ on Redis or Valkey. */
export async function openRedis({ url, ownPrefix, enginePrefix, logger }: EngineOptions): Promise<Engine> {
  const redis = new Redis(url.replace(/^valkey/, 'redis'), {
    maxRetriesPerRequest: null,
    // A connection that is dead without saying so is given up; the engine's own blocking reads take 10 s.
    socketTimeout: 20_000,
    // It also waits for the end of a connection that has ended before, and keeps the process alive for it.
    disconnectTimeout: DEFAULTS.goodbyeMs,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2000),
  });
  const connections = new Set([redis]);
  let closed = false;
  // BullMQ gives workers and event streams connections of their own: copies of this one, which may be made at any time.
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (override) => {
    const copy = duplicate(override);
    connections.add(copy);
    copy.on('error', onError);
    copy.once('end', () => connections.delete(copy));
    if (closed) copy.disconnect();
    return copy;
  };
  const onError = (err: unknown) => logger.debug({ err }, 'BullMQ on Redis');
  let problem: Error | undefined;
  redis.on('error', (error) => {
    problem = error;
    onError(error);
  });
  redis.on('ready', () => {
    problem = undefined;
  });
  const shared = { connection: redis, prefix: enginePrefix };
  return {
    registry: new RedisWorkerRegistry(redis, ownPrefix),
    queue: (name) => ready(new Queue<Ticket>(name, shared).on('error', onError)),
    worker: async (name, lockMs) => {
      const worker = new Worker<Ticket, null>(name, null, { ...shared, ...workerOptions(lockMs) });
      return asWorker(await ready(worker.on('error', onError)));
    },
    events: async (name) => {
      const events = new QueueEvents(name, { ...shared, ...EVENT_OPTIONS });
      return asEvents(await ready(events.on('error', onError)), onError);
    },
    problem: () => problem,
    close: () => {
      closed = true;
      for (const connection of connections) connection.disconnect();
    },
  };
}
