import { HttpError } from './errors.js';

/** What is left of a limit, as the `RateLimit` headers tell it. */
export interface Budget {
  name: string;
  /** At once, and in a minute. */
  limit: number;
  remaining: number;
  /** Seconds until all of it is there again. */
  resetSeconds: number;
}

/** So many tokens a minute for each key, and as many at once: a token bucket. */
export class RateLimiter {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(
    /** What is counted: `requests`, `submits`. */
    readonly name: string,
    private readonly perMinute: number,
  ) {}

  /**
   * Takes one token, and tells `report` what is left, also when there was none.
   * @throws HttpError 429 `rate_limited`
   */
  take(key: string, report: (budget: Budget) => void = () => {}, now: number = Date.now()): void {
    const rate = this.perMinute / 60_000;
    const bucket = this.#buckets.get(key) ?? { tokens: this.perMinute, at: now };
    bucket.tokens = Math.min(this.perMinute, bucket.tokens + (now - bucket.at) * rate);
    bucket.at = now;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    this.#forgetIdle(now);
    const wait = bucket.tokens < 1 ? Math.max(1, Math.ceil((1 - bucket.tokens) / rate / 1000)) : 0;
    if (wait === 0) bucket.tokens -= 1;
    report({
      name: this.name,
      limit: this.perMinute,
      remaining: Math.floor(bucket.tokens),
      resetSeconds: Math.ceil((this.perMinute - bucket.tokens) / rate / 1000),
    });
    if (wait > 0) {
      throw new HttpError('rate_limited', `Too many ${this.name}; try again in ${wait} s`, {
        'retry-after': String(wait),
      });
    }
  }

  /** A bucket untouched for a minute is full again, and as good as none. The oldest stand first. */
  #forgetIdle(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (now - bucket.at < 60_000) return;
      this.#buckets.delete(key);
    }
  }
}

/** `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10). */
export function rateLimitHeaders(budgets: readonly Budget[]): Record<string, string> {
  if (budgets.length === 0) return {};
  return {
    'ratelimit-policy': budgets.map(({ name, limit }) => `"${name}";q=${limit};w=60`).join(', '),
    ratelimit: budgets
      .map(({ name, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${resetSeconds}`)
      .join(', '),
  };
}

/** How many of something each key has open. */
export class OpenCount {
  readonly #open = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** @throws HttpError 429 `too_many_streams` */
  enter(key: string): () => void {
    const count = this.#open.get(key) ?? 0;
    if (count >= this.most) {
      throw new HttpError('too_many_streams', `At most ${this.most} streams may be open at one time`, {
        'retry-after': '5',
      });
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
