import { availableParallelism } from 'node:os';
import { Gate } from '../../async/gate.js';
import { AstroJobsError } from '../../job/errors.js';
import { type Answer, ChildLost, DecoderChild } from './decoder-child.js';
import { KEPT_IMAGES, type Order } from './protocol.js';

/** A child that has had nothing to do for this long is ended, milliseconds. */
const IDLE_MS = 60_000;

interface Waiting {
  child: DecoderChild;
  timer: NodeJS.Timeout;
}

/**
 * The children of this process that read images: at most as many as there are cores, started when they are needed, kept for the next
 * image. One that ends in its work is replaced; the work is then tried once more, since the child may have been killed for another reason.
 */
export class DecoderPool {
  readonly #gate: Gate;
  /** Used last at the end. */
  readonly #idle: Waiting[] = [];
  /** The images that each child has opened last. */
  readonly #opened = new WeakMap<DecoderChild, readonly number[]>();

  constructor({ children = availableParallelism() }: { children?: number } = {}) {
    this.#gate = new Gate({ places: children });
  }

  /** Starts a child unless one waits. What fails is told to the first order. */
  prepare(): void {
    if (this.#idle.length > 0) return;
    try {
      this.#keep(new DecoderChild());
    } catch {}
  }

  /** Ends the children that have nothing to do. */
  release(): void {
    for (const { child, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      child.kill();
    }
  }

  /**
   * @param imageId of the image that the order is about; the child that has opened it is preferred
   * @throws `signal.reason` at once; AstroJobsError `corrupt_image` when the image has ended its child twice, `image_too_large` when that
   * took too much memory, `solver_unavailable` when no child can be started; what was thrown in the child
   */
  async run(
    order: Order,
    work: { maxMemoryBytes: number; signal: AbortSignal },
    imageId?: number,
  ): Promise<Answer> {
    const leave = await this.#gate.enter(undefined, work.signal);
    try {
      try {
        return await this.#try(order, work, imageId);
      } catch (error) {
        if (!(error instanceof ChildLost) || error.by === 'memory') throw error;
        return await this.#try(order, work, imageId);
      }
    } catch (error) {
      throw error instanceof ChildLost ? asImageError(error, work.maxMemoryBytes) : error;
    } finally {
      leave();
    }
  }

  async #try(
    order: Order,
    work: { maxMemoryBytes: number; signal: AbortSignal },
    imageId: number | undefined,
  ): Promise<Answer> {
    work.signal.throwIfAborted();
    const child = this.#take(imageId) ?? new DecoderChild();
    if (imageId !== undefined) this.#remember(child, imageId);
    return child.obey(order, work, () => this.#keep(child));
  }

  /** The child that has the image open, or else the one that was used last. */
  #take(imageId: number | undefined): DecoderChild | undefined {
    const alive = this.#idle.filter(({ child }) => !child.isGone);
    const taken =
      alive.find(({ child }) => imageId !== undefined && this.#hasOpen(child, imageId)) ?? alive.at(-1);
    const rest = alive.filter((waiting) => waiting !== taken);
    this.#idle.splice(0, this.#idle.length, ...rest);
    clearTimeout(taken?.timer);
    return taken?.child;
  }

  #keep(child: DecoderChild): void {
    if (child.isGone) return;
    if (child.isBloated) {
      child.kill();
      return;
    }
    const timer = setTimeout(() => child.kill(), IDLE_MS);
    timer.unref();
    this.#idle.push({ child, timer });
  }

  #hasOpen(child: DecoderChild, imageId: number): boolean {
    return this.#opened.get(child)?.includes(imageId) === true;
  }

  #remember(child: DecoderChild, imageId: number): void {
    if (!this.#hasOpen(child, imageId))
      this.#opened.set(child, [...(this.#opened.get(child) ?? []), imageId].slice(-KEPT_IMAGES));
  }
}

/** What the end of a child says of the image, or of this installation. */
function asImageError({ by, message }: ChildLost, maxMemoryBytes: number): AstroJobsError {
  if (by === 'memory')
    return new AstroJobsError(
      'image_too_large',
      `Reading the image takes more than the ${Math.round(maxMemoryBytes / 2 ** 20)} MiB of memory that are allowed: shrink it, or raise maxMemoryBytes`,
    );
  if (by === 'start')
    return new AstroJobsError(
      'solver_unavailable',
      `The process that reads images cannot be started (${message}). Where this package was bundled, the file decoder-process.js must lie beside the bundle; ASTRO_JOBS_ISOLATION=none reads images without it`,
    );
  return new AstroJobsError(
    'corrupt_image',
    `The image is damaged: the process that read it ended twice (${message}); get a whole copy of it`,
  );
}
