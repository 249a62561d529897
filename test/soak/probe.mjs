// Loaded into a server (`NODE_OPTIONS=--import`): writes every second how large it is, and for how long its event loop was held up.
import { renameSync, writeFileSync } from 'node:fs';
import { heldUp } from './held-up.mjs';

const { SOAK_PROBE } = process.env;

// Not in the threads and children of the server.
if (SOAK_PROBE && process.argv.includes('serve')) {
  setTimeout(() => {
    const held = heldUp();
    setInterval(() => {
      writeFileSync(`${SOAK_PROBE}.new`, JSON.stringify({ held, resident: process.memoryUsage.rss() }));
      renameSync(`${SOAK_PROBE}.new`, SOAK_PROBE);
    }, 1000).unref();
  }, 2000).unref();
}
