import { parseCalibration } from '../job/calibration.js';
import { AstroJobsError, toAstroJobsError } from '../job/errors.js';
import type { OpticsMemory, RememberedField } from './memory.js';

/** What is remembered of one camera and its optics, and under which key. */
export interface RememberedCamera extends RememberedField {
  /** 64 hex digits. */
  key: string;
}

const KEY = /^[0-9a-f]{64}$/;

/**
 * What the solved images have taught of each camera and its optics: the last scale, the lens where it is known, and the last position of a
 * sequence. Keys may be given by their first digits. Every verb throws an `AstroJobsError`: `not_found` where no camera, or several, have
 * such a key; `storage_…` when what is remembered cannot be read or written.
 */
export class Cameras {
  readonly #memory: OpticsMemory;

  constructor(memory: OpticsMemory) {
    this.#memory = memory;
  }

  /** All of them, by their names. */
  list(): Promise<RememberedCamera[]> {
    return accessing(async () => {
      const keys = await this.#memory.keys();
      const cameras = await Promise.all(keys.map((key) => this.#read(key)));
      return cameras
        .filter((camera) => camera !== undefined)
        .sort((a, b) => a.optics.localeCompare(b.optics) || a.key.localeCompare(b.key));
    });
  }

  /** One of them. */
  get(key: string): Promise<RememberedCamera> {
    return accessing(async () => {
      const keys = key === '' ? [] : (await this.#memory.keys()).filter((whole) => whole.startsWith(key));
      const [whole = ''] = keys;
      const camera = keys.length === 1 && KEY.test(whole) ? await this.#read(whole) : undefined;
      if (camera) return camera;
      throw new AstroJobsError(
        'not_found',
        keys.length > 1 ? `${keys.length} cameras have keys that begin so` : 'No such camera is remembered',
      );
    });
  }

  /**
   * Replaces what is known of the lens by a calibration, such as `calibrate` makes: the next image of the camera begins with it.
   * @throws AstroJobsError also `invalid_params` for what is no calibration
   */
  async teach(key: string, calibration: unknown): Promise<RememberedCamera> {
    const lens = parseCalibration(calibration);
    const camera = await this.get(key);
    const taught = { ...camera, arcsec_per_pixel: lens.arcsec_per_pixel, calibration: lens };
    const { key: whole, ...field } = taught;
    await accessing(() => this.#memory.put(whole, field));
    return taught;
  }

  /**
   * Forgets one of them, or all. What is kept beside the jobs is forgotten for every process, what is kept in a process for that one.
   * Resolves with the number that was forgotten.
   * @default all are forgotten
   */
  async forget(key?: string): Promise<number> {
    const camera = key === undefined ? undefined : await this.get(key);
    return accessing(() => this.#memory.forget(camera?.key));
  }

  async #read(key: string): Promise<RememberedCamera | undefined> {
    const field = await this.#memory.get(key);
    return field && { key, ...field };
  }
}

async function accessing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toAstroJobsError(error, 'reading what is remembered of cameras');
  }
}
