// A server over jobs of which `list` leaves a rejection to nothing and `stats` never answers; ends as `astro-jobs serve` does.

import { lastGuard } from '../../src/http/last-guard.js';
import { serve } from '../../src/http/serve.js';
import { AstroJobs, MemoryJobStore } from '../../src/index.js';

const jobs = new AstroJobs({ store: new MemoryJobStore() });
const faulty = new Proxy(jobs, {
  get(target, key) {
    if (key === 'stats') return () => new Promise(() => {});
    if (key !== 'list') return Reflect.get(target, key);
    return async () => {
      Promise.reject(new Error('Left to nothing'));
      return { jobs: [], damaged: [] };
    };
  },
});
const log = (level: string) => (fields: object, message: string) =>
  console.error(JSON.stringify({ level, message, cause: String((fields as { err?: unknown }).err) }));
const logger = { debug() {}, info() {}, warn: log('warn'), error: log('error') };

using guard = lastGuard(logger);
const server = await serve(faulty, { port: 0, logger });
console.log(server.url);
await new Promise((resolve) => guard.signal.addEventListener('abort', resolve, { once: true }));
await server.close({ fault: true, graceSeconds: 1 });
await jobs.close();
process.exitCode = 1;
