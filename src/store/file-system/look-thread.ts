import { parentPort } from 'node:worker_threads';
import { type Look, look } from './look.js';

// Looks at the documents of very many jobs, so that the host's event loop need not.

parentPort?.on('message', (asked: Look) => parentPort?.postMessage(look(asked)));
