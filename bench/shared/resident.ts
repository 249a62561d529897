import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A program that stays in memory and answers each line of JSON with one line of JSON, after one line at its start. */
export class Resident {
  readonly #command: readonly string[];
  #child: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  #lines: Interface | undefined;
  #settle: ((line: string | undefined) => void) | undefined;
  #greeting: unknown;
  #said = '';

  /** @param command program and arguments */
  constructor(command: readonly string[]) {
    this.#command = command;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** The end of what it has written to stderr. */
  get said(): string {
    return this.#said;
  }

  /** Starts the program unless it runs. @returns what it says at its start */
  async start(): Promise<unknown> {
    if (this.#child) return this.#greeting;
    const [program = '', ...args] = this.#command;
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const lines = createInterface({ input: child.stdout });
    this.#child = child;
    this.#lines = lines;
    lines.on('line', (line) => this.#settle?.(line));
    child.stderr.on('data', (bytes: Buffer) => {
      this.#said = (this.#said + bytes.toString()).slice(-4000);
    });
    const gone = () => {
      if (this.#child === child) this.#child = undefined;
      this.#settle?.(undefined);
    };
    child.once('error', gone).once('exit', gone);
    // A program that ended while it was written to is met by `gone`.
    child.stdin.on('error', () => undefined);
    this.#greeting = await this.#next();
    return this.#greeting;
  }

  /**
   * Asks, after the program has been started again where it had ended.
   * @param patience seconds, after which the program is killed
   * @returns undefined when the program ended without an answer
   */
  async ask(question: object, patience: number): Promise<unknown> {
    await this.start();
    const timer = setTimeout(() => this.#child?.kill('SIGKILL'), patience * 1000);
    const answer = this.#next();
    this.#child?.stdin.write(`${JSON.stringify(question)}\n`);
    return answer.finally(() => clearTimeout(timer));
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.stdin.end();
    await exited;
    this.#lines?.close();
  }

  async #next(): Promise<unknown> {
    const line = await new Promise<string | undefined>((resolve) => {
      this.#settle = resolve;
    });
    this.#settle = undefined;
    return line === undefined ? undefined : JSON.parse(line);
  }
}
