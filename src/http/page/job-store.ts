import { type AstroJobsClient, AstroJobsClientError, type PublicStatus } from '../../client/index.js';

const MOST_WATCHED = 50;
const REFRESH_MS = 10_000;
/** Older jobs that are asked for at once. */
const MORE = 500;

export const isSettled = ({ state }: PublicStatus) => state === 'done' || state === 'error';

export interface JobList {
  readonly jobs: readonly PublicStatus[];
  readonly more: boolean;
  get(id: string): PublicStatus | undefined;
  put(status: PublicStatus): void;
  drop(id: string): void;
  refresh(): Promise<void>;
  loadMore(): Promise<void>;
}

export interface JobListEvents {
  onChange(): void;
  onUnauthorized(): void;
  mayRead(): boolean;
}

/** The jobs that the server has, as of now: those that run are watched on one stream, the others asked for now and then. */
export function createJobList(
  client: AstroJobsClient,
  eventsAddress: string,
  events: JobListEvents,
): JobList {
  const known = new Map<string, PublicStatus>();
  let next: string | undefined;
  let stream: EventSource | undefined;
  let watched = '';

  let inOrder: PublicStatus[] | undefined;
  let loadingMore: Promise<void> | undefined;

  const sorted = () => {
    inOrder ??= [...known.values()].sort((one, other) => other.created_at - one.created_at);
    return inOrder;
  };
  const changed = () => {
    inOrder = undefined;
    events.onChange();
  };

  function put(status: PublicStatus) {
    known.set(status.job_id, status);
    inOrder = undefined;
    watch();
    events.onChange();
  }

  /** Opens the stream anew when other jobs are to be watched. */
  function watch() {
    const ids = sorted()
      .filter((status) => !isSettled(status))
      .map(({ job_id }) => job_id)
      .slice(-MOST_WATCHED)
      .sort();
    if (ids.join() === watched) return;
    // What has settled stays on the stream until something new comes: nothing is lost by that.
    if (stream && ids.every((id) => watched.includes(id)) && ids.length > 0) return;
    watched = ids.join();
    stream?.close();
    stream = undefined;
    if (ids.length === 0) return;
    const query = new URLSearchParams(ids.map((id) => ['job_id', id]));
    stream = new EventSource(`${eventsAddress}?${query}`);
    stream.addEventListener('status', ({ data }) => {
      const status: PublicStatus = JSON.parse(data);
      if (known.has(status.job_id)) put(status);
    });
  }

  async function load(after?: string) {
    if (!events.mayRead()) return;
    try {
      const page = await client.list({ limit: after === undefined ? 100 : MORE, after });
      for (const status of page.jobs) known.set(status.job_id, status);
      if (after === undefined) {
        const oldest = page.jobs[page.jobs.length - 1]?.created_at ?? Number.POSITIVE_INFINITY;
        const here = new Set(page.jobs.map(({ job_id }) => job_id));
        for (const { job_id, created_at } of [...known.values()]) {
          if (!here.has(job_id) && (created_at > oldest || page.next === undefined)) known.delete(job_id);
        }
      }
      if (after !== undefined || next === undefined) next = page.next;
      inOrder = undefined;
      watch();
      events.onChange();
    } catch (error) {
      if (error instanceof AstroJobsClientError && error.status === 401) events.onUnauthorized();
    }
  }

  setInterval(() => {
    if (!document.hidden) void load();
  }, REFRESH_MS);

  return {
    get jobs() {
      return sorted();
    },
    get more() {
      return next !== undefined;
    },
    get: (id) => known.get(id),
    put,
    drop(id) {
      known.delete(id);
      changed();
    },
    refresh: () => load(),
    loadMore() {
      if (next === undefined) return Promise.resolve();
      loadingMore ??= load(next).finally(() => {
        loadingMore = undefined;
      });
      return loadingMore;
    },
  };
}
