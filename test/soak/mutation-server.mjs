// A server of its own for `mutations.ts`: solves with the package's own engine, and measures how long its event loop is held up.

import { serve } from '../../dist/http/index.js';
import { AstroJobs, MemoryJobStore } from '../../dist/index.js';

const TICK_MS = 10;
/** Milliseconds: on the wall, and of that at most as much as this process has computed. */
const held = { wall: 0, own: 0 };
let before = { at: performance.now(), cpu: process.cpuUsage() };
setInterval(() => {
  const now = { at: performance.now(), cpu: process.cpuUsage() };
  const wall = now.at - before.at - TICK_MS;
  const cpu = now.cpu.user + now.cpu.system - before.cpu.user - before.cpu.system;
  held.wall = Math.max(held.wall, wall);
  held.own = Math.max(held.own, Math.min(wall, cpu / 1000));
  before = now;
}, TICK_MS).unref();

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
