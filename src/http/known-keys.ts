import type { KeyFacts, KeyStore, StoredKey } from '../index.js';
import { nowSeconds } from '../job/status.js';
import { factsOf } from '../keys/key.js';
import { RecentMap } from '../recent-map.js';

/** For so long an answer of the store is believed: a key that was revoked elsewhere is refused after this at the latest, milliseconds. */
const BELIEVED_MS = 1000;
const REMEMBERED = 1000;

interface Remembered<T> {
  answer: Promise<T>;
  askedAt: number;
}

/** The keys of a store, asked for so seldom that each request may look. */
export class KnownKeys {
  readonly #keys: KeyStore;
  readonly #found = new RecentMap<string, Remembered<StoredKey | undefined>>(REMEMBERED);
  #listed: Remembered<boolean> | undefined;

  constructor(keys: KeyStore) {
    this.#keys = keys;
  }

  async find(id: string): Promise<StoredKey | undefined> {
    let known = this.#found.get(id);
    if (!known || !isFresh(known)) {
      known = { answer: this.#keys.find(id), askedAt: performance.now() };
      this.#found.set(id, known);
    }
    return known.answer;
  }

  /** Whether there is a key, valid or not; it stays so. */
  async any(): Promise<boolean> {
    const known = this.#listed;
    if (known && (isFresh(known) || (await known.answer.catch(() => false)))) return known.answer;
    const answer = this.#keys.list().then((keys) => keys.length > 0);
    this.#listed = { answer, askedAt: performance.now() };
    return answer;
  }

  /** Aborts when the key is valid no longer; looks until `signal` aborts. What cannot be looked up stays as it was. */
  ending({ id }: KeyFacts, signal: AbortSignal): AbortSignal {
    const ended = new AbortController();
    const timer = setInterval(() => {
      this.find(id).then(
        (key) => {
          if (key && factsOf(key, nowSeconds()).state === 'valid') return;
          clearInterval(timer);
          ended.abort(new Error('The key is valid no longer'));
        },
        () => {},
      );
    }, BELIEVED_MS);
    timer.unref();
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    return ended.signal;
  }
}

const isFresh = ({ askedAt }: Remembered<unknown>) => performance.now() - askedAt < BELIEVED_MS;
