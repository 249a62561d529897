import { join, relative, sep } from 'node:path';
import { forEachOf } from '../async/for-each-of.js';
import { folderPictures } from '../image/folder-pictures.js';
import { isSame, lookAt, type Picture } from './picture.js';
import type { BatchRow } from './row.js';

export interface IntakeOptions {
  recursive: boolean;
  /** A folder that is left out where it is inside: an absolute path. */
  without: string;
  settleSeconds: number;
  /** Whether a picture that has this row needs another one. */
  isDone(row: BatchRow, picture: Picture): boolean;
}

interface Seen {
  picture: Picture;
  /** Since when it has not changed, milliseconds of the monotonic clock. */
  since: number;
}

/** File system calls at once. */
const LOOKS_AT_ONCE = 16;

/** Which pictures of a folder are to be taken next: whole ones that have no row, or have changed since. */
export class Intake {
  readonly #folder: string;
  readonly #rows: ReadonlyMap<string, BatchRow>;
  readonly #options: IntakeOptions;
  #present: ReadonlySet<string> = new Set();
  /** Not known to be whole. */
  #unsettled = new Map<string, Seen>();
  #ready: Picture[] = [];
  readonly #taken = new Set<string>();
  #isFirst = true;

  constructor(folder: string, rows: ReadonlyMap<string, BatchRow>, options: IntakeOptions) {
    this.#folder = folder;
    this.#rows = rows;
    this.#options = options;
  }

  /** Pictures that are there and need nothing. */
  get done(): string[] {
    const ready = new Set(this.#ready.map(({ file }) => file));
    const isLeft = (file: string) => ready.has(file) || this.#unsettled.has(file) || this.#taken.has(file);
    return [...this.#present].filter((file) => !isLeft(file));
  }

  /** Pictures that still want a row, or a new one. */
  get left(): number {
    return this.#ready.length + this.#unsettled.size + this.#taken.size;
  }

  get hasReady(): boolean {
    return this.#ready.length > 0;
  }

  /** Pictures that are there. */
  get total(): number {
    return this.#present.size;
  }

  /** Files that still change, or have changed a moment ago. */
  get unsettled(): string[] {
    return [...this.#unsettled.keys()];
  }

  /** Looks through the folder. */
  async look(): Promise<void> {
    const left = relative(this.#folder, this.#options.without).split(sep).join('/');
    const files = await folderPictures(this.#folder, this.#options);
    const found: Picture[] = [];
    await forEachOf(files, LOOKS_AT_ONCE, async (file) => {
      if (file.startsWith(`${left}/`)) return;
      const picture = await lookAt(file, join(this.#folder, file));
      if (picture) found.push(picture);
    });
    this.#present = new Set(found.map(({ file }) => file));
    const unsettled = new Map<string, Seen>();
    const ready: Picture[] = [];
    for (const picture of inOrder(found, files)) {
      if (this.#taken.has(picture.file)) continue;
      const row = this.#rows.get(picture.file);
      if (row && this.#options.isDone(row, picture)) continue;
      const seen = this.#seen(picture);
      if (this.#isWhole(seen)) ready.push(picture);
      else unsettled.set(picture.file, seen);
    }
    this.#unsettled = unsettled;
    this.#ready = ready.reverse();
    this.#isFirst = false;
  }

  /** The next picture; it is not given again until it is put back. */
  take(): Picture | undefined {
    const picture = this.#ready.pop();
    if (picture) this.#taken.add(picture.file);
    return picture;
  }

  /** The picture has its row, or has changed meanwhile: it is looked at again as any other. */
  putBack({ file }: Picture): void {
    this.#taken.delete(file);
  }

  #seen(picture: Picture): Seen {
    const before = this.#unsettled.get(picture.file);
    return before && isSame(before.picture, picture) ? before : { picture, since: performance.now() };
  }

  #isWhole({ picture, since }: Seen): boolean {
    const wait_ms = this.#options.settleSeconds * 1000;
    if (performance.now() - since >= wait_ms) return true;
    // What lay there before the batch need not be watched first.
    return this.#isFirst && Date.now() - picture.changed_ms >= wait_ms;
  }
}

/** As the files stand in their folder. */
function inOrder(found: readonly Picture[], files: readonly string[]): Picture[] {
  const place = new Map(files.map((file, index) => [file, index]));
  return [...found].sort((a, b) => (place.get(a.file) ?? 0) - (place.get(b.file) ?? 0));
}
