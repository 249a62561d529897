import type { JobStatus } from '../job/status.js';

/** What the order of waiting jobs is made of. */
export interface Waiting {
  /** Higher runs earlier. */
  priority: number;
  /** Whose job it is; all jobs without a `rate_key` are of one client. */
  client: string;
  /** Place among the jobs of one client and priority, Unix seconds: see `turnOf`. */
  turn: number;
}

/**
 * A job stands where it would if it had come later by the time that it is expected to take: short jobs pass long ones, and a
 * long one waits for them no longer than that.
 */
export function turnOf(status: JobStatus): number {
  return Math.max(status.created_at, status.not_before ?? 0) + (status.expected_seconds ?? 0);
}

/** What clients have had already. */
export interface Service {
  /** How many jobs of each client run. */
  running: ReadonlyMap<string, number>;
  /** Clients whose jobs were started lately, the latest last. */
  served: readonly string[];
}

/**
 * Higher priority first; within one, clients take turns: a job comes after as many jobs of each other client as its own client has
 * running or before it. Ties go to the client that was served longest ago, then to the earlier turn.
 * @param waiting in the order of their turns
 */
export function inFairOrder<T extends Waiting>(waiting: readonly T[], { running, served }: Service): T[] {
  const before = new Map<string, number>();
  const servedAt = new Map(served.map((client, at) => [client, at]));
  const ranked = waiting.map((job) => {
    const key = `${job.priority} ${job.client}`;
    const ahead = before.get(key) ?? running.get(job.client) ?? 0;
    before.set(key, ahead + 1);
    return { job, ahead, served: servedAt.get(job.client) ?? -1 };
  });
  ranked.sort(
    (a, b) =>
      b.job.priority - a.job.priority || a.ahead - b.ahead || a.served - b.served || a.job.turn - b.job.turn,
  );
  return ranked.map(({ job }) => job);
}

/** How often each client is among these. */
export function countClients(clients: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const client of clients) counts.set(client, (counts.get(client) ?? 0) + 1);
  return counts;
}
