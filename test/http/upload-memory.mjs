// Serves the built package in a process of its own, and tells its parent how much memory it takes.

import { serve } from '../../dist/http/index.js';
import { AstroJobs } from '../../dist/index.js';

const jobs = new AstroJobs({
  dir: process.argv[2],
  solver: {
    name: 'none',
    inspect: async () => ({ name: 'none', available: true, indexes: [] }),
    solve: () => new Promise(() => {}),
  },
});
const server = await serve(jobs, { port: 0, nova: true });
let peak = 0;
setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 5);
process.on('message', (message) => {
  if (message === 'reset') {
    global.gc?.();
    peak = process.memoryUsage.rss();
  }
  process.send({ peak });
});
process.send({ url: server.url });
