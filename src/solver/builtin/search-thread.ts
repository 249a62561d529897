import { parentPort } from 'node:worker_threads';
import { Engine } from '../../engine/engine.js';
import type { IndexFiles } from '../../engine/index-source/index-files.js';
import { PackagedStars } from '../../engine/packaged-stars.js';
import { StarCatalog } from '../../engine/star-catalog.js';
import type { FromSearcher, ToSearcher } from './messages.js';
import { openIndexFiles } from './open-index-files.js';

// Searches for one image after another, over stars and quads that other threads have made.

let stars: PackagedStars | undefined;
let files: IndexFiles | undefined;

function tell(message: FromSearcher): void {
  parentPort?.postMessage(message);
}

function handle(message: ToSearcher): void {
  if (message.kind === 'catalog') {
    stars = new PackagedStars(new StarCatalog(message.catalog), { levels: 'put' });
    return;
  }
  if (message.kind === 'index-files') {
    files?.close();
    files = openIndexFiles(message.paths, {
      shorterThan_rad: message.shorterThan_rad,
      onFailure: (path, error) =>
        tell({
          kind: 'note',
          line: `${path} is left out: ${error instanceof Error ? error.message : String(error)}`,
        }),
    });
    return;
  }
  if (!stars) throw new Error('The engine was asked before it had stars');
  if (message.kind === 'level') {
    stars.put(message.size_deg, message.level);
    return;
  }
  const { question, sizes, withFiles, stop } = message;
  const shouldStop = () => Atomics.load(stop, 0) !== 0;
  const packaged = stars.only(sizes);
  const sources = files && withFiles ? [packaged, files] : [packaged];
  tell({ kind: 'answer', answer: new Engine(sources).solve({ ...question, shouldStop }) });
}

parentPort?.on('message', (message: ToSearcher) => {
  try {
    handle(message);
  } catch (error) {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
