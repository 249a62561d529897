import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { abortable } from '../async/abortable.js';
import type { ElementFile } from '../job/observation.js';
import { ownFolder } from '../process/own-folder.js';
import type { OnLine } from './element-lines.js';
import { type IndexDocument, indexPath, indexSchema } from './orbit-index-document.js';
import { writeOrbitIndex } from './write-orbit-index.js';

/** Smaller files are read as they are, bytes. */
export const INDEXED_BYTES = 8 * 2 ** 20;
/** Those that are being written by this process. */
const underWay = new Map<string, Promise<void>>();

/** The lines of a large file of MPCORB, by how bright an asteroid can become: most fields are worth but a small part of them. */
export class OrbitIndex {
  readonly #folder: string;
  readonly #document: IndexDocument;

  private constructor(folder: string, document: IndexDocument) {
    this.#folder = folder;
    this.#document = document;
  }

  /**
   * The index of a file as it is now, made where there is none.
   * @param folders the first that can be used keeps it
   * @returns undefined for a small file, and where it cannot be kept
   * @throws Error of the file system, or what `readLines` throws; the signal's reason
   */
  static async of(
    path: string,
    folders: readonly string[],
    signal: AbortSignal,
  ): Promise<OrbitIndex | undefined> {
    const { size, mtimeMs } = await stat(path);
    const folder = size >= INDEXED_BYTES ? ownFolder(folders) : undefined;
    if (folder === undefined) return undefined;
    const find = async () => {
      const document = await documentAt(indexPath(folder, path));
      return document?.bytes === size && document.changed_ms === mtimeMs ? document : undefined;
    };
    const found = await find();
    if (found) return new OrbitIndex(folder, found);
    const key = indexPath(folder, path);
    const writing =
      underWay.get(key) ??
      writeOrbitIndex(path, { bytes: size, changed_ms: mtimeMs }, folder).finally(() => underWay.delete(key));
    underWay.set(key, writing);
    await abortable(writing, signal);
    const made = await find();
    return made && new OrbitIndex(folder, made);
  }

  /** Of the whole file. */
  get report(): Pick<ElementFile, 'objects' | 'damaged' | 'warnings'> {
    return structuredClone(this.#document.report);
  }

  /**
   * The lines of all asteroids that can be as bright as that, and of some that cannot, with their numbers in the file.
   * @throws Error of the file system; the signal's reason
   */
  async read(magnitude: number, signal: AbortSignal, onLine: OnLine): Promise<void> {
    const { lines, pages } = this.#document;
    const handle = await open(join(this.#folder, lines));
    try {
      for (const { brightest, start, bytes } of pages) {
        if ((brightest ?? Number.NEGATIVE_INFINITY) > magnitude) continue;
        signal.throwIfAborted();
        const page = Buffer.allocUnsafe(bytes);
        const { bytesRead } = await handle.read(page, 0, bytes, start);
        if (bytesRead < bytes) throw new RangeError('its index is cut off');
        linesOf(page, onLine);
      }
    } finally {
      await handle.close();
    }
  }
}

const [NEWLINE, TAB] = [10, 9];

/** Each stands with its number behind it. */
function linesOf(page: Buffer, onLine: OnLine): void {
  for (let start = 0; start < page.length; ) {
    const end = page.indexOf(NEWLINE, start);
    const tab = page.lastIndexOf(TAB, end);
    onLine(page, start, tab, Number(page.toString('latin1', tab + 1, end)));
    start = end + 1;
  }
}

async function documentAt(path: string): Promise<IndexDocument | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return indexSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
