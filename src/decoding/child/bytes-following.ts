import type { Readable } from 'node:stream';

interface Wanted {
  bytes: Uint8Array<ArrayBuffer>;
  filled: number;
  done(bytes: Uint8Array<ArrayBuffer>): void;
}

/** The pipe on which the bytes of large answers come: copied piece by piece, so that no plane holds up the event loop. */
export class BytesFollowing {
  readonly #pipe: Readable | null | undefined;
  /** What came before the message that says how much it is. */
  readonly #early: Uint8Array[] = [];
  #wanted: Wanted | undefined;

  constructor(pipe: Readable | null | undefined) {
    this.#pipe = pipe;
    pipe?.on('data', (chunk: Buffer) => {
      this.#early.push(chunk);
      this.#fill();
    });
    // The process at its other end tells its own end.
    pipe?.on('error', () => {});
  }

  /** Calls `done` with the next so many bytes, when they are there. */
  take(count: number, done: (bytes: Uint8Array<ArrayBuffer>) => void): void {
    this.#wanted = { bytes: new Uint8Array(count), filled: 0, done };
    this.#fill();
  }

  unref(): void {
    if (this.#pipe && 'unref' in this.#pipe && typeof this.#pipe.unref === 'function') this.#pipe.unref();
  }

  #fill(): void {
    const wanted = this.#wanted;
    if (!wanted) return;
    for (const chunk of this.#early.splice(0)) {
      const part = chunk.subarray(0, wanted.bytes.length - wanted.filled);
      wanted.bytes.set(part, wanted.filled);
      wanted.filled += part.length;
    }
    if (wanted.filled < wanted.bytes.length) return;
    this.#wanted = undefined;
    wanted.done(wanted.bytes);
  }
}
