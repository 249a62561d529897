import { levelTurns } from '../engine/level-plan.js';
import type { FromWorker, ToWorker } from './messages.js';
import { PlateError } from './plate-error.js';
import { Sky } from './sky.js';
import { solvePicture } from './solve-picture.js';

// The worker of a page: it has the stars and quads, and solves one picture after another. Its memory is its own, so that no page needs to
// be cross-origin isolated.

/** What a search without bounds asks for. */
const ANY_QUADS = { shortest_rad: 0, longest_rad: Math.PI };

const running = new Map<number, AbortController>();
let sky: Sky | undefined;
let queue: Promise<void> = Promise.resolve();

function tell(message: FromWorker): void {
  self.postMessage(message);
}

const report = (progress: (FromWorker & { kind: 'progress' })['progress']) =>
  tell({ kind: 'progress', progress });

/** Loads the stars and makes the quads that are made soon before there is a picture. */
async function warmUp(opened: Sky): Promise<void> {
  try {
    const { catalog } = await opened.stars(report);
    const turns = levelTurns(ANY_QUADS, catalog.count, opened);
    for (const { needed } of turns.slice(0, -1))
      await opened.prepare(needed, report, new AbortController().signal);
  } catch {
    // The first picture meets the same, and says so.
  }
}

async function solve(
  { id, picture, bounds }: ToWorker & { kind: 'solve' },
  signal: AbortSignal,
): Promise<void> {
  try {
    signal.throwIfAborted();
    if (!sky) throw new Error('The worker was asked before it had stars');
    tell({ kind: 'answer', id, answer: await solvePicture(picture, bounds, sky, report, signal) });
  } catch (error) {
    const code = error instanceof PlateError ? error.code : 'worker_failed';
    const message = error instanceof Error ? error.message : String(error);
    tell({ kind: 'failed', id, code, message });
  } finally {
    running.delete(id);
  }
}

self.addEventListener('message', ({ data: message }: MessageEvent<ToWorker>) => {
  if (message.kind === 'open') {
    const opened = new Sky(message.stars, message.isCached);
    sky = opened;
    queue = queue.then(() => warmUp(opened));
  } else if (message.kind === 'solve') {
    const controller = new AbortController();
    running.set(message.id, controller);
    queue = queue.then(() => solve(message, controller.signal));
  } else running.get(message.id)?.abort();
});
