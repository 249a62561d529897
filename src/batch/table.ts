import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { CSV_HEAD, csvRow } from './csv.js';
import type { BatchRow } from './row.js';

/** Where a batch keeps what it makes. */
export const batchFiles = (folder: string) => ({
  jsonl: join(folder, 'table.jsonl'),
  csv: join(folder, 'table.csv'),
  report: join(folder, 'report.html'),
});

const NEWLINE = 0x0a;

/**
 * The rows of a batch, each picture once: `table.jsonl`, one document a line, is the truth and grows with each row; `table.csv` holds the same. A
 * line that a killed process left half-written is cut off. A picture that is taken again has its new row at the end, and its old
 * one goes at the next `tidy`.
 */
export class BatchTable {
  readonly #files: ReturnType<typeof batchFiles>;
  readonly #rows: Map<string, BatchRow>;
  readonly #ofBytes = new Map<string, BatchRow>();
  #jsonl: FileHandle;
  #csv: FileHandle;
  #isTidy = true;
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    files: ReturnType<typeof batchFiles>,
    rows: Map<string, BatchRow>,
    handles: [FileHandle, FileHandle],
  ) {
    this.#files = files;
    this.#rows = rows;
    [this.#jsonl, this.#csv] = handles;
    for (const row of rows.values()) this.#remember(row);
  }

  /** Opens the table of a folder, which is made by its first row. Only one process may have it open. */
  static async open(folder: string): Promise<BatchTable> {
    const files = batchFiles(folder);
    const rows = await readRows(files.jsonl);
    return new BatchTable(files, rows, await rewritten(files, rows));
  }

  /** Whether `tidy` has something to drop. */
  get hasOldRows(): boolean {
    return !this.#isTidy;
  }

  get rows(): ReadonlyMap<string, BatchRow> {
    return this.#rows;
  }

  /** A row of a picture with the same bytes: the first one that was solved for itself. */
  sameBytes(sha256: string): BatchRow | undefined {
    return this.#ofBytes.get(sha256);
  }

  /** Writes a row; it survives the process from then on. */
  async add(row: BatchRow): Promise<void> {
    const before = this.#rows.get(row.file);
    if (before) {
      this.#isTidy = false;
      this.#rows.delete(row.file);
      if (this.#ofBytes.get(before.sha256) === before) this.#ofBytes.delete(before.sha256);
    }
    this.#rows.set(row.file, row);
    this.#remember(row);
    // One after another: pieces of two rows would mix.
    const written = this.#writing.then(async () => {
      await this.#jsonl.appendFile(`${JSON.stringify(row)}\n`);
      await this.#csv.appendFile(csvRow(row));
    });
    this.#writing = written.catch(() => {});
    await written;
  }

  /** Drops the rows that were replaced. */
  async tidy(): Promise<void> {
    if (this.#isTidy) return;
    await this.close();
    [this.#jsonl, this.#csv] = await rewritten(this.#files, this.#rows);
    this.#isTidy = true;
  }

  async close(): Promise<void> {
    await Promise.all([this.#jsonl.close(), this.#csv.close()]);
  }

  #remember(row: BatchRow): void {
    if (row.duplicate_of === undefined) this.#ofBytes.set(row.sha256, row);
  }
}

async function readRows(path: string): Promise<Map<string, BatchRow>> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  // What stands behind the last newline was being written when the process was killed.
  const lines = bytes.toString('utf8', 0, bytes.lastIndexOf(NEWLINE) + 1).split('\n');
  const rows = new Map<string, BatchRow>();
  for (const line of lines) {
    const row = parseRow(line);
    if (!row) continue;
    rows.delete(row.file);
    rows.set(row.file, row);
  }
  return rows;
}

/** Undefined for what is no row: that picture is taken again. */
function parseRow(line: string): BatchRow | undefined {
  try {
    const row = JSON.parse(line) as Partial<BatchRow> | null;
    return typeof row?.file === 'string' && typeof row.sha256 === 'string' ? (row as BatchRow) : undefined;
  } catch {
    return undefined;
  }
}

/** Both files anew, each replaced as a whole, and open for more rows. */
async function rewritten(
  files: ReturnType<typeof batchFiles>,
  rows: ReadonlyMap<string, BatchRow>,
): Promise<[FileHandle, FileHandle]> {
  const all = [...rows.values()];
  return [
    await replaced(files.jsonl, all.map((row) => `${JSON.stringify(row)}\n`).join('')),
    await replaced(files.csv, CSV_HEAD + all.map(csvRow).join('')),
  ];
}

async function replaced(path: string, content: string): Promise<FileHandle> {
  const handle = await open(`${path}.new`, 'w');
  try {
    await handle.appendFile(content);
    await handle.sync();
    await rename(`${path}.new`, path);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}
