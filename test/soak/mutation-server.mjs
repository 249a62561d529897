// A server of its own for `mutations.ts`: solves with the package's own engine, and measures how long its event loop is held up.

import { serve } from '../../dist/http/index.js';
import { AstroJobs, MemoryJobStore } from '../../dist/index.js';
import { heldUp } from './held-up.mjs';

const held = heldUp();
const jobs = new AstroJobs({ store: new MemoryJobStore(), memory: false, indexDirs: [] });
const everything = 1e9;
const server = await serve(jobs, {
  port: 0,
  limits: { requestsPerMinute: everything, submitsPerMinute: everything },
});
process.on('message', (message) => {
  if (message === 'reset') Object.assign(held, { wall: 0, own: 0 });
  process.send({ held, resident: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit());
process.send({ url: server.url });
