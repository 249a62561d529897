import { DamagedStream } from './errors.js';

/** Takes a stream of chunks apart again, as many bytes as are asked for. */
export class ByteQueue {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    if (done) return false;
    const chunk = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    return true;
  }

  /** Whether nothing is left. */
  async ended(): Promise<boolean> {
    while (this.#rest.length === 0) if (!(await this.#more())) return true;
    return false;
  }

  /** Up to `count` bytes, which stay; fewer only where the stream ends. */
  async peek(count: number): Promise<Buffer> {
    while (this.#rest.length < count) if (!(await this.#more())) break;
    return this.#rest.subarray(0, count);
  }

  /** @throws DamagedStream when fewer than `count` are left */
  async take(count: number): Promise<Buffer> {
    while (this.#rest.length < count) {
      if (!(await this.#more())) throw new DamagedStream('the compressed data are cut off');
    }
    const taken = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    return taken;
  }
}
