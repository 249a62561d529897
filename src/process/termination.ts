import { constants } from 'node:os';

/** The user or the system asked this program to end. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') {
    super(`Ended by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Beyond its grace a program may take so long to let go; with what else a process does at its end that is within two seconds. */
const LETTING_GO_MS = 1800;

/**
 * How this program ends: the first SIGINT, SIGTERM or SIGHUP aborts `signal` with an `Interrupted`, so that what is open can be ended
 * in order, for which it has the grace and a little more; then, or at the second one, the program ends on the spot.
 */
export class Termination {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  #isDone = false;

  constructor({ graceSeconds, lettingGoMs = LETTING_GO_MS }: { graceSeconds: number; lettingGoMs?: number }) {
    this.signal = this.#controller.signal;
    for (const name of SIGNALS)
      process.on(name, () => this.#take(new Interrupted(name), graceSeconds * 1000 + lettingGoMs));
  }

  /** All has been said and nothing is to be ended in order: from now on the first signal ends the program on the spot. */
  done(): void {
    this.#isDone = true;
  }

  #take(interrupted: Interrupted, withinMs: number): void {
    const end = () => process.exit(interrupted.exitCode);
    if (this.#isDone || this.signal.aborted) end();
    setTimeout(end, withinMs).unref();
    this.#controller.abort(interrupted);
  }
}
