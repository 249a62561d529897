import { rename, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { BatchRow } from '../row.js';
import { reportPage } from './page.js';

/** While pictures are being solved the page is written this often, milliseconds. */
const EVERY_MS = 30_000;

/** The report beside the table, replaced as a whole each time. */
export class ReportFile {
  readonly #path: string;
  readonly #folder: string;
  #writtenAt = performance.now();
  #writing: Promise<void> = Promise.resolve();

  /** @param folder whose pictures it is about */
  constructor(path: string, folder: string) {
    this.#path = path;
    this.#folder = folder;
  }

  /** Writes it when it is old. What hinders that is said by `write` at the end. */
  writeNowAndThen(rows: ReadonlyMap<string, BatchRow>): void {
    if (performance.now() - this.#writtenAt < EVERY_MS) return;
    this.write(rows).catch(() => {});
  }

  write(rows: ReadonlyMap<string, BatchRow>): Promise<void> {
    this.#writtenAt = performance.now();
    const write = async () => {
      const made = `${this.#path}.new`;
      await writeFile(made, reportPage(basename(this.#folder), [...rows.values()]));
      await rename(made, this.#path);
    };
    this.#writing = this.#writing.catch(() => {}).then(write);
    return this.#writing;
  }
}
