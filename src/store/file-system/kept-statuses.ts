import { lstat } from 'node:fs/promises';
import type { JobStatus } from '../../job/status.js';
import { exists } from './folders.js';
import { jobPaths, type Layout } from './layout.js';
import { unlessMissing } from './missing.js';
import { stampOf } from './regular-files.js';

/** Jobs whose status is kept, the latest read. */
const MOST = 2000;

/** A status and the change that it is of. */
export interface KeptStatus {
  revision: number;
  status: JobStatus;
}

interface Kept {
  stamp: string;
  revision: number;
  isFinal: boolean;
  /** Text, so that no caller changes what the next one is given. */
  text: string;
}

/**
 * What `status.json` was last read or written to say, for as long as its file is the same one and no later change is in the history: two
 * calls tell so, where reading and checking the document takes seven.
 */
export class KeptStatuses {
  readonly #layout: Layout;
  readonly #kept = new Map<string, Kept>();

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  keep(id: string, stamp: string, { revision, status }: KeptStatus): void {
    this.#kept.delete(id);
    this.#kept.set(id, { stamp, revision, isFinal: status.state === 'done', text: JSON.stringify(status) });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest);
  }

  /** The newest status of a job; undefined where it has to be read. */
  async get(id: string): Promise<KeptStatus | undefined> {
    const kept = this.#kept.get(id);
    if (!kept) return undefined;
    if (!(await this.#stands(id, kept))) {
      this.#kept.delete(id);
      return undefined;
    }
    return this.recall(id);
  }

  /** The status that is kept, whether or not it is still the newest. */
  recall(id: string): KeptStatus | undefined {
    const kept = this.#kept.get(id);
    return kept && { revision: kept.revision, status: JSON.parse(kept.text) as JobStatus };
  }

  async #stands(id: string, { stamp, revision, isFinal }: Kept): Promise<boolean> {
    const { status, history } = jobPaths(this.#layout, id);
    const file = await unlessMissing(lstat(status, { bigint: true }), undefined);
    if (!file || stampOf(file) !== stamp) return false;
    // Nothing leaves `done`.
    return isFinal || !(await exists(`${history}/${revision + 1}.json`));
  }
}
