import { parentPort } from 'node:worker_threads';
import { Engine } from '../../engine/engine.js';
import { PackagedStars } from '../../engine/packaged-stars.js';
import { StarCatalog } from '../../engine/star-catalog.js';
import type { FromSearcher, ToSearcher } from './messages.js';

// Searches for one image after another, over stars and quads that other threads have made.

let stars: PackagedStars | undefined;

function tell(message: FromSearcher): void {
  parentPort?.postMessage(message);
}

function handle(message: ToSearcher): void {
  if (message.kind === 'catalog') {
    stars = new PackagedStars(new StarCatalog(message.catalog), { levels: 'put' });
    return;
  }
  if (!stars) throw new Error('The engine was asked before it had stars');
  if (message.kind === 'level') {
    stars.put(message.size_deg, message.level);
    return;
  }
  const { question, stop } = message;
  const shouldStop = () => Atomics.load(stop, 0) !== 0;
  tell({ kind: 'answer', answer: new Engine([stars]).solve({ ...question, shouldStop }) });
}

parentPort?.on('message', (message: ToSearcher) => {
  try {
    handle(message);
  } catch (error) {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
