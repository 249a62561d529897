import { PlateError } from './plate-error.js';

/**
 * Starts the worker. Bundlers look for `new Worker(new URL(…, import.meta.url))` written out like this, and make a file of it.
 * @throws PlateError `worker_failed`
 */
export function startWorker(): Worker {
  try {
    if (!isElsewhere()) return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    // A worker must come from the page's own origin; what it imports may come from a content delivery network.
    const source = `import ${JSON.stringify(new URL('./worker.js', import.meta.url).href)};`;
    const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    return new Worker(address, { type: 'module' });
  } catch (cause) {
    const message =
      'The browser does not start the worker: a page must come from a web server, not from a file';
    throw new PlateError('worker_failed', message, { cause });
  }
}

function isElsewhere(): boolean {
  const { protocol, origin } = new URL(import.meta.url);
  return protocol.startsWith('http') && origin !== location.origin;
}
