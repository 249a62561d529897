import { HttpError } from './errors.js';

/** So many tokens a minute for each key, and as many at once: a token bucket. */
export class RateLimiter {
  readonly #perMinute: number;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** @throws HttpError 429 `rate_limited` */
  take(key: string, what: string, now: number = Date.now()): void {
    const rate = this.#perMinute / 60_000;
    const bucket = this.#buckets.get(key) ?? { tokens: this.#perMinute, at: now };
    bucket.tokens = Math.min(this.#perMinute, bucket.tokens + (now - bucket.at) * rate);
    bucket.at = now;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    this.#forgetIdle(now);
    if (bucket.tokens < 1) {
      const seconds = Math.max(1, Math.ceil((1 - bucket.tokens) / rate / 1000));
      throw new HttpError('rate_limited', `Too many ${what}; try again in ${seconds} s`, {
        'retry-after': String(seconds),
      });
    }
    bucket.tokens -= 1;
  }

  /** A bucket untouched for a minute is full again, and as good as none. The oldest stand first. */
  #forgetIdle(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (now - bucket.at < 60_000) return;
      this.#buckets.delete(key);
    }
  }
}

/** Lets a limited number of calls run at a time; the next wait in a queue of limited length, and further ones are refused. */
export class Gate {
  #inside = 0;
  readonly #line: (() => void)[] = [];

  constructor(
    private readonly places: number,
    private readonly waiting: number,
  ) {}

  /**
   * Resolves, once there is a place, with how to leave it.
   * @throws HttpError 503 `busy`; the reason of `signal`
   */
  async enter(signal?: AbortSignal): Promise<() => void> {
    if (this.#inside >= this.places) {
      if (this.#line.length >= this.waiting) {
        throw new HttpError('busy', 'Too many uploads at this moment; try again soon', {
          'retry-after': '5',
        });
      }
      await this.#wait(signal);
    } else {
      this.#inside++;
    }
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = this.#line.shift();
      if (next) next();
      else this.#inside--;
    };
  }

  #wait(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abandon = () => {
        const place = this.#line.indexOf(proceed);
        if (place >= 0) this.#line.splice(place, 1);
        reject(signal?.reason);
      };
      const proceed = () => {
        signal?.removeEventListener('abort', abandon);
        resolve();
      };
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', abandon, { once: true });
      this.#line.push(proceed);
    });
  }
}

/** How many of something each key has open. */
export class OpenCount {
  readonly #open = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** @throws HttpError 429 `too_many_streams` */
  enter(key: string): () => void {
    const count = this.#open.get(key) ?? 0;
    if (count >= this.most) {
      throw new HttpError('too_many_streams', `At most ${this.most} streams may be open at one time`);
    }
    this.#open.set(key, count + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const now = (this.#open.get(key) ?? 1) - 1;
      if (now > 0) this.#open.set(key, now);
      else this.#open.delete(key);
    };
  }
}
