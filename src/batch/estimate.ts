/** Rows that the pace is taken from. */
const LATEST = 50;

/** How long the rest will take, by the last rows. */
export class Estimate {
  readonly #times: number[] = [performance.now()];

  /** One more is done. */
  count(): void {
    this.#times.push(performance.now());
    if (this.#times.length > LATEST + 1) this.#times.shift();
  }

  /** Seconds for as many more; undefined before the first. */
  secondsFor(rest: number): number | undefined {
    const done = this.#times.length - 1;
    if (done === 0) return undefined;
    const seconds = (performance.now() - (this.#times[0] ?? 0)) / 1000;
    return Math.round((seconds / done) * rest);
  }
}
