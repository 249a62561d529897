import { planLevels } from '../engine/level-plan.js';
import type { FromWorker, ToWorker } from './messages.js';
import { PlateError } from './plate-error.js';
import { Sky } from './sky.js';
import { solvePicture } from './solve-picture.js';

// The worker of a page: it has the stars and quads, and solves one picture after another. Its memory is its own, so that no page needs to
// be cross-origin isolated.

/** The levels that a search without bounds needs and that are made soon. */
const FIRST_LEVELS = planLevels({ shortest_rad: 0, longest_rad: Math.PI }, () => false).soon;

const running = new Map<number, AbortController>();
let sky: Sky | undefined;
let queue: Promise<void> = Promise.resolve();

function tell(message: FromWorker): void {
  self.postMessage(message);
}

const report = (progress: (FromWorker & { kind: 'progress' })['progress']) =>
  tell({ kind: 'progress', progress });

/** Loads the stars and makes the first quads before there is a picture. What fails is tried again, and told, with the first one. */
async function warmUp(opened: Sky): Promise<void> {
  await opened.prepare(FIRST_LEVELS, report, new AbortController().signal).catch(() => {});
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
