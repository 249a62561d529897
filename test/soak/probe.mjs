// Loaded into a server (`NODE_OPTIONS=--import`): writes every second how large it is, and for how long its event loop was held up.
import { renameSync, writeFileSync } from 'node:fs';

const { SOAK_PROBE } = process.env;
const TICK_MS = 10;
/** Milliseconds since the start: on the wall, and of that at most as much as this process has computed. */
const held = { wall: 0, own: 0 };
let before = { at: performance.now(), cpu: process.cpuUsage() };

function look() {
  const now = { at: performance.now(), cpu: process.cpuUsage() };
  const wall = now.at - before.at - TICK_MS;
  const cpu = now.cpu.user + now.cpu.system - before.cpu.user - before.cpu.system;
  held.wall = Math.max(held.wall, wall);
  held.own = Math.max(held.own, Math.min(wall, cpu / 1000));
  before = now;
}

function tell() {
  writeFileSync(`${SOAK_PROBE}.new`, JSON.stringify({ held, resident: process.memoryUsage.rss() }));
  renameSync(`${SOAK_PROBE}.new`, SOAK_PROBE);
}

// Not in the threads and children of the server.
if (SOAK_PROBE && process.argv.includes('serve')) {
  setTimeout(() => {
    before = { at: performance.now(), cpu: process.cpuUsage() };
    setInterval(look, TICK_MS).unref();
    setInterval(tell, 1000).unref();
  }, 2000).unref();
}
