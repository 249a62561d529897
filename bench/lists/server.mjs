// A server of its own for `main.ts`: `node server.mjs folder|PostgreSQL|memory WHERE`. Runs no job, and asks no limits of its callers.
import { serve } from '../../dist/http/index.js';
import { AstroJobs, FileSystemJobStore, InProcessQueue, MemoryJobStore } from '../../dist/index.js';
import { PostgresJobStore } from '../../dist/store/postgres/index.js';
import { listedStatus } from './listed-status.mjs';

const TICK_MS = 10;
let heldMs = 0;
let before = performance.now();
setInterval(() => {
  const now = performance.now();
  heldMs = Math.max(heldMs, now - before - TICK_MS);
  before = now;
}, TICK_MS).unref();

async function filled(count) {
  const store = new MemoryJobStore();
  async function* nothing() {}
  for (let n = 0; n < count; n++) await store.create(listedStatus(n), nothing());
  return store;
}

const [kind, where] = process.argv.slice(2);
const store =
  kind === 'folder'
    ? new FileSystemJobStore({ dir: where })
    : kind === 'memory'
      ? await filled(Number(where))
      : new PostgresJobStore({ connectionString: where });
const jobs = new AstroJobs({ store, queue: new InProcessQueue({ concurrency: 0 }), memory: false });
const everything = 1e9;
const server = await serve(jobs, {
  port: 0,
  page: false,
  limits: { requestsPerMinute: everything },
  authorize: (request) => {
    const caller = request.headers.get('x-caller');
    return caller === null ? { caller: 'anyone' } : { caller, sees: 'own' };
  },
});
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({
    heldMs,
    resident: process.memoryUsage.rss(),
    cpuMs: (user + system) / 1000,
  });
  heldMs = 0;
});
process.on('disconnect', () => process.exit());
process.send({ url: server.url });
