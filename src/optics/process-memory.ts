import { RecentMap } from '../recent-map.js';
import { MAX_REMEMBERED, type OpticsMemory, type RememberedField } from './memory.js';

/** Remembers as long as the process lives, for itself alone. */
export class ProcessOpticsMemory implements OpticsMemory {
  #fields = new RecentMap<string, RememberedField>(MAX_REMEMBERED);

  async get(key: string): Promise<RememberedField | undefined> {
    return this.#fields.get(key);
  }

  async put(key: string, field: RememberedField): Promise<void> {
    this.#fields.set(key, field);
  }

  async keys(): Promise<string[]> {
    return this.#fields.keys();
  }

  async forget(key?: string): Promise<number> {
    if (key !== undefined) return this.#fields.delete(key) ? 1 : 0;
    const { size } = this.#fields;
    this.#fields = new RecentMap(MAX_REMEMBERED);
    return size;
  }
}
