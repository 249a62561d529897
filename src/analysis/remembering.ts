import type { ImageHints } from '../capture/hints.js';
import type { Astrometry } from '../job/astrometry.js';
import type { Calibration } from '../job/calibration.js';
import type { Capture } from '../job/capture.js';
import { fieldToRemember, withRemembered } from '../optics/guess.js';
import { identifyOptics, type OpticsIdentity } from '../optics/identity.js';
import type { OpticsMemory } from '../optics/memory.js';
import { shownLens } from '../optics/shown-lens.js';
import type { SolvedPlate } from '../solver/solver.js';

export interface RememberingOptions {
  /** Absent where nothing is to be remembered, or the image's metadata are not to guide the search. */
  memory?: OpticsMemory | undefined;
  capture: Capture;
  /** Whose image it is. */
  owner?: string | undefined;
  /** Told, in one line, what went wrong with the memory. */
  note(line: string): void;
}

/** What the last image of the same camera tells of this one, and this one of the next. A memory that fails costs a line in the log. */
export class Remembering {
  readonly #options: RememberingOptions;
  readonly #identity: OpticsIdentity | undefined;
  #lens: Calibration | undefined;

  constructor(options: RememberingOptions) {
    this.#options = options;
    this.#identity = options.memory && identifyOptics(options.capture, options.owner);
  }

  /** The hints of the metadata, and before them what is remembered. */
  async addTo(hints: ImageHints): Promise<ImageHints> {
    const identity = this.#identity;
    if (!identity) return hints;
    const field = await this.#attempt('read', (memory) => memory.get(identity.key));
    this.#lens = field?.calibration;
    return field ? withRemembered(hints, field, this.#options.capture) : hints;
  }

  /** Keeps the solution of the image; of a lens that it does not show to the corners what was known before. */
  async learn(astrometry: Astrometry, { wcs, report }: SolvedPlate): Promise<void> {
    const identity = this.#identity;
    if (!identity) return;
    const lens = shownLens(wcs, report.fit, identity.optics) ?? this.#lens;
    const field = fieldToRemember(identity.optics, astrometry, this.#options.capture, lens);
    await this.#attempt('kept', (memory) => memory.put(identity.key, field));
  }

  async #attempt<T>(what: string, use: (memory: OpticsMemory) => Promise<T>): Promise<T | undefined> {
    const { memory, note } = this.#options;
    try {
      return memory && (await use(memory));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      note(`What is remembered of the camera could not be ${what}: ${detail}`);
      return undefined;
    }
  }
}
