/**
 * How turns are given. What is used is what this process computes meanwhile, shared by the turns of the time: on the clock whoever is kept
 * waiting by others would pay for it. All in milliseconds.
 */
export interface FairTurnsOptions {
  /** Turns that those have at one time who have used up their allowance; while others ask too one, and half of the time. */
  places: number;
  /** Turns at one time of those who have not. */
  lightPlaces: number;
  /** Of either, turns of one key. */
  placesPerKey: number;
  /** What a key may use before it counts as heavy. */
  allowanceMs: number;
  /** What of that comes back in a second. */
  refillMsPerSecond: number;
  /** A turn that takes longer goes on without its place: it waits for something else than this process. */
  longestMs: number;
  /** Heavy keys wait while others come, but no longer than this. */
  postponedMs: number;
  /** Calls of one key that may wait for a turn. */
  waitingPerKey: number;
  /** What a call is rejected with that may not even wait. */
  refusal(): Error;
}

/** A turn that has begun. */
export interface Turn {
  /** Gives it back. Once more does nothing. */
  leave(): void;
}

/** Whoever has one turn after the other. */
export interface TurnTaker {
  /** Gives back the turn that it has, and waits for one of this key; without one, of the same as before. @throws what `enter` throws */
  take(key?: string): Promise<void>;
  leave(): void;
}

type Weight = 'light' | 'heavy';

interface Account {
  key: string;
  usedMs: number;
  /** When that was so. */
  at: number;
  inside: number;
  /** Longest ago first. */
  waiting: ((weight: Weight) => void)[];
  /** Number of the turn that it had last. */
  last: number;
}

interface LightTurn {
  key: string;
  /** When it began. */
  at: number;
}

/** What a key is remembered to have used, in allowances: so it is forgotten in time. */
const MOST_ALLOWANCES = 10;
/**
 * What this process has computed is asked for once in so long, milliseconds: asking can take a tenth of a short turn. All of it is put down to
 * those that have a turn then; in the long run each is met as often as it computes.
 */
const CLOCK_MS = 5;
/** After a turn of a light key the others leave half of the time free for so long, milliseconds. */
const SHARED_MS = 1000;

/**
 * Gives turns to callers, so that many calls of one key hold up no other. A key that has used little of late has its turn at once. Of those
 * that have used more than that, a few have a turn at one time: the key that has used least comes next, and begins when no other has come in
 * this round of the event loop. For Node accepts one connection in each round: work between them keeps those waiting that come behind.
 * While light keys ask, the others have half of the time. Where only heavy ones ask, they have all of it.
 */
export class FairTurns {
  readonly #options: FairTurnsOptions;
  /** Those that were asked about last stand last. */
  readonly #accounts = new Map<string, Account>();
  readonly #withWaiting = new Set<Account>();
  readonly #inside: Record<Weight, number> = { light: 0, heavy: 0 };
  #arrivals = 0;
  #turns = 0;
  #isLooking = false;
  #lastLight: LightTurn = { key: '', at: Number.NEGATIVE_INFINITY };
  /** The last of another key than that. */
  #otherLight = this.#lastLight;
  #computed = 0;
  #readAt = Number.NEGATIVE_INFINITY;
  #share = 0;
  #restsUntil = Number.NEGATIVE_INFINITY;

  constructor(options: FairTurnsOptions) {
    this.#options = options;
  }

  /**
   * Resolves when it is the turn of this call.
   * @throws `refusal`; the reason of `signal` when that comes first
   */
  async enter(key: string, signal?: AbortSignal): Promise<Turn> {
    signal?.throwIfAborted();
    this.#arrivals += 1;
    const account = this.#accountOf(key);
    const { waiting } = account;
    if (waiting.length === 0 && this.#hasPlace(account, 'light')) return this.#begin(account, 'light');
    if (waiting.length >= this.#options.waitingPerKey) throw this.#options.refusal();
    return new Promise((resolve, reject) => {
      const proceed = (weight: Weight) => {
        signal?.removeEventListener('abort', abandon);
        resolve(this.#begin(account, weight));
      };
      const abandon = () => {
        waiting.splice(waiting.indexOf(proceed), 1);
        if (waiting.length === 0) this.#withWaiting.delete(account);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abandon, { once: true });
      waiting.push(proceed);
      this.#withWaiting.add(account);
      this.#proceed();
    });
  }

  /** Gives up what it waits for when `signal` is aborted. */
  taker(signal: AbortSignal): TurnTaker {
    let turn: Turn | undefined;
    let lastKey = '';
    return {
      take: async (key = lastKey) => {
        turn?.leave();
        lastKey = key;
        turn = await this.enter(key, signal);
      },
      leave: () => turn?.leave(),
    };
  }

  #begin(account: Account, weight: Weight): Turn {
    const began = performance.now();
    const shareBefore = this.#shareOfOne();
    this.#inside[weight] += 1;
    account.inside += 1;
    this.#turns += 1;
    account.last = this.#turns;
    if (weight === 'light') this.#noteLight({ key: account.key, at: began });
    let left = false;
    const leave = () => {
      if (left) return;
      left = true;
      clearTimeout(longest);
      account.usedMs = this.#usedMs(account) + this.#shareOfOne() - shareBefore;
      this.#inside[weight] -= 1;
      account.inside -= 1;
      const now = performance.now();
      if (weight === 'heavy' && this.#sharesWithLight(account)) this.#restsUntil = now + (now - began);
      this.#proceed();
      this.#forgetIdle();
    };
    const longest = setTimeout(leave, this.#options.longestMs);
    longest.unref();
    return { leave };
  }

  /** What a turn would have used that were there from the beginning. */
  #shareOfOne(): number {
    const now = performance.now();
    if (now - this.#readAt < CLOCK_MS) return this.#share;
    this.#readAt = now;
    const { user, system } = process.cpuUsage();
    const computed = (user + system) / 1000;
    this.#share += (computed - this.#computed) / Math.max(1, this.#inside.light + this.#inside.heavy);
    this.#computed = computed;
    return this.#share;
  }

  /** Lets those proceed for whom there is a place: light ones now, the others when no other comes. */
  #proceed(): void {
    while (this.#giveNext('light'));
    if (!this.#isLooking && this.#next('heavy')) this.#giveInQuietRound(performance.now());
  }

  #giveInQuietRound(since: number): void {
    this.#isLooking = true;
    const rest = this.#restsUntil - performance.now();
    if (rest > 1) {
      setTimeout(() => this.#giveInQuietRound(performance.now()), rest).unref();
      return;
    }
    const arrivals = this.#arrivals;
    setImmediate(() => {
      this.#isLooking = false;
      const isPostponed =
        arrivals !== this.#arrivals && performance.now() - since < this.#options.postponedMs;
      if (!isPostponed) this.#giveNext('heavy');
      if (this.#next('heavy')) this.#giveInQuietRound(isPostponed ? since : performance.now());
    });
  }

  #giveNext(weight: Weight): boolean {
    const account = this.#next(weight);
    const proceed = account?.waiting.shift();
    if (!account || !proceed) return false;
    if (account.waiting.length === 0) this.#withWaiting.delete(account);
    proceed(weight);
    return true;
  }

  /** Of those that wait and have a place, the one that has used least. */
  #next(weight: Weight): Account | undefined {
    let next: Account | undefined;
    for (const account of this.#withWaiting)
      if (this.#hasPlace(account, weight) && (!next || isBefore(account, next))) next = account;
    return next;
  }

  #noteLight(turn: LightTurn): void {
    if (turn.key !== this.#lastLight.key) this.#otherLight = this.#lastLight;
    this.#lastLight = turn;
  }

  /** Whether a light key has asked of late that is not this one: about its allowance a key is light now and heavy then. */
  #sharesWithLight({ key }: Account): boolean {
    const { at } = this.#lastLight.key === key ? this.#otherLight : this.#lastLight;
    return performance.now() - at < SHARED_MS;
  }

  #hasPlace(account: Account, weight: Weight): boolean {
    const { places, lightPlaces, placesPerKey, allowanceMs } = this.#options;
    if (account.inside >= placesPerKey) return false;
    if (weight === 'heavy') return this.#inside.heavy < (this.#sharesWithLight(account) ? 1 : places);
    return this.#inside.light < lightPlaces && this.#usedMs(account) < allowanceMs;
  }

  /** What a key has used up to now and has not got back. */
  #usedMs(account: Account): number {
    const now = performance.now();
    const { refillMsPerSecond, allowanceMs } = this.#options;
    const refilled = ((now - account.at) / 1000) * refillMsPerSecond;
    account.usedMs = Math.min(Math.max(0, account.usedMs - refilled), MOST_ALLOWANCES * allowanceMs);
    account.at = now;
    return account.usedMs;
  }

  #accountOf(key: string): Account {
    const account = this.#accounts.get(key) ?? {
      key,
      usedMs: 0,
      at: performance.now(),
      inside: 0,
      waiting: [],
      last: 0,
    };
    this.#accounts.delete(key);
    this.#accounts.set(key, account);
    return account;
  }

  /** A key that has used nothing of late is as good as one that is not known. */
  #forgetIdle(): void {
    for (const [key, account] of this.#accounts) {
      if (this.#usedMs(account) > 0 || account.inside > 0 || account.waiting.length > 0) return;
      this.#accounts.delete(key);
    }
  }
}

const isBefore = (one: Account, other: Account): boolean =>
  one.usedMs === other.usedMs ? one.last < other.last : one.usedMs < other.usedMs;
