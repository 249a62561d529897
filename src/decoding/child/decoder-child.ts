import { type ChildProcess, fork } from 'node:child_process';
import type { Readable } from 'node:stream';
import { AstroJobsError } from '../../job/errors.js';
import { assertHandles } from '../../process/handles.js';
import { BytesFollowing } from './bytes-following.js';
import { childEnvironment } from './child-environment.js';
import { entryFile } from './decoder-entry.js';
import { DATA_FD, type FromChild, MEMORY_MARK, type Order, type ToChild } from './protocol.js';

/** How long a child may take to stop at what it has been told to stop, before it is killed, milliseconds. */
const STOPPING_MS = 100;
/** Resident memory at which a child is not used again; one that has read ordinary images has 100 to 200 MiB. */
const BLOATED_BYTES = 512 * 2 ** 20;
/** What a child printed last is kept for the message about its end. */
const KEPT_CHARACTERS = 2000;

/** A child ended in the middle of its work, or before it could begin. */
export class ChildLost extends Error {
  override readonly name = 'ChildLost';
  /** What it was lost by: its own start, its memory, or the image. */
  readonly by: 'start' | 'memory' | 'work';

  constructor(by: ChildLost['by'], message: string) {
    super(message);
    this.by = by;
  }
}

/** What a child answered: plain data, and bytes where there are some. */
export interface Answer {
  value: unknown;
  bytes: Uint8Array<ArrayBuffer>;
}

interface Pending {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** One child process that reads images, as its parent sees it. It does one order at a time. */
export class DecoderChild {
  readonly #child: ChildProcess;
  readonly #bytes: BytesFollowing;
  #printed = '';
  #hasStarted = false;
  #resident = 0;
  #lost: ChildLost | undefined;
  #pending: Pending | undefined;

  /** @throws AstroJobsError `storage_failed` when this process has no file handle left to start any */
  constructor() {
    assertHandles('the process that reads images');
    this.#child = fork(entryFile(), [], {
      serialization: 'advanced',
      env: childEnvironment(),
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
    });
    const data = this.#child.stdio[DATA_FD] as Readable | null | undefined;
    this.#bytes = new BytesFollowing(data);
    this.#child.on('message', (message: FromChild) => this.#hear(message));
    this.#child.stderr?.on('data', (text: Buffer) => {
      this.#printed = (this.#printed + text.toString()).slice(-KEPT_CHARACTERS);
    });
    this.#child.on('error', (error) => this.#lose(error.message));
    // `close` comes after all that it has printed.
    this.#child.on('close', (code, signal) => this.#lose(signal ?? `exit status ${code}`));
    this.#letParentEnd();
  }

  get isGone(): boolean {
    return this.#lost !== undefined;
  }

  /** It holds memory that it no longer needs: allocators give little back. */
  get isBloated(): boolean {
    return this.#resident > BLOATED_BYTES;
  }

  /**
   * Resolves with the answer. Rejects with the reason of `signal` at once; the child is then killed unless it stops within 100 ms.
   * @param onFree called when the child can be given its next order, or is gone
   * @throws ChildLost; AstroJobsError or Error as thrown in the child
   */
  async obey(
    order: Order,
    { maxMemoryBytes, signal }: { maxMemoryBytes: number; signal: AbortSignal },
    onFree: () => void,
  ): Promise<Answer> {
    if (this.#lost) throw this.#lost;
    const ending = new AbortController();
    const work = new Promise<Answer>((resolve, reject) => {
      this.#pending = { resolve, reject };
    }).finally(() => {
      ending.abort();
      this.#letParentEnd();
      onFree();
    });
    this.#keepParent();
    this.#send({ kind: 'order', order, maxMemoryBytes });
    return new Promise<Answer>((resolve, reject) => {
      const stop = () => {
        reject(signal.reason);
        this.#send({ kind: 'stop' });
        const timer = setTimeout(() => this.kill(), STOPPING_MS);
        ending.signal.addEventListener('abort', () => clearTimeout(timer));
      };
      signal.addEventListener('abort', stop, { once: true, signal: ending.signal });
      if (signal.aborted) stop();
      work.then(resolve, reject);
    });
  }

  /** Ends the child, whatever it does. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #send(message: ToChild): void {
    // A child that has gone tells so by its `close`.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #hear(message: FromChild): void {
    this.#hasStarted = true;
    if (message.kind === 'ready') return;
    if (message.kind === 'failed') {
      const { code, message: text } = message;
      this.#settle(({ reject }) => reject(code ? new AstroJobsError(code, text) : new Error(text)));
      return;
    }
    this.#resident = message.resident;
    this.#bytes.take(message.bytes, (bytes) =>
      this.#settle(({ resolve }) => resolve({ value: message.value, bytes })),
    );
  }

  #settle(how: (pending: Pending) => void): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) how(pending);
  }

  #lose(how: string): void {
    if (this.#lost) return;
    const outOfMemory = this.#printed.includes(MEMORY_MARK) || /heap out of memory/.test(this.#printed);
    const by = outOfMemory ? 'memory' : this.#hasStarted ? 'work' : 'start';
    const [said = ''] = this.#printed.split('\n').filter((line) => /Error|error/.test(line));
    const lost = new ChildLost(by, [how, said.trim()].filter(Boolean).join(': '));
    this.#lost = lost;
    this.#settle(({ reject }) => reject(lost));
  }

  #keepParent(): void {
    this.#child.ref();
    this.#child.channel?.ref();
  }

  /** A child that waits keeps no process alive. */
  #letParentEnd(): void {
    this.#child.unref();
    this.#child.channel?.unref();
    unref(this.#child.stderr);
    this.#bytes.unref();
  }
}

/** Pipes of a child are sockets, which their type does not say. */
function unref(stream: Readable | null): void {
  if (stream && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
}
