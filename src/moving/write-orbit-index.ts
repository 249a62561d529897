// biome-ignore-all lint/style/noNonNullAssertion: there is a page for each bin.
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterHeading } from './element-files.js';
import { readLines } from './element-lines.js';
import { damagedLine, emptyReport } from './element-report.js';
import { noElements, readMinorPlanet } from './minor-planets.js';
import { INDEX_VERSION, type IndexDocument, indexPath } from './orbit-index-document.js';
import { brightestOf } from './small-bodies.js';

/** Lines that are written, and read, at once: bytes. */
const PAGE_BYTES = 64 * 1024;
/** Characters of a line that tell something; and the most that its number takes. */
const TELLING = 194;
const NUMBER = 16;
/** Bins a magnitude, from 0 to 32; the first one is without a bound. */
const BINS = 2;
const MOST_BINS = 32 * BINS;

/**
 * Sorts the lines of a file of MPCORB by how bright an asteroid can become, in one pass and some megabytes of memory. What was kept of it before is
 * replaced in one step.
 * @param source the file as it is now
 * @throws what `readLines` throws, and Error of the file system
 */
export async function writeOrbitIndex(
  path: string,
  source: { bytes: number; changed_ms: number },
  folder: string,
): Promise<void> {
  const place = indexPath(folder, path);
  const lines = `${basename(place, '.json')}-${randomUUID()}.lines`;
  const before = await linesOf(place);
  try {
    const sorted = await writeLines(path, join(folder, lines));
    const document: IndexDocument = { version: INDEX_VERSION, ...source, lines, ...sorted };
    const fresh = `${join(folder, lines)}.json`;
    await writeFile(fresh, JSON.stringify(document), { mode: 0o600 });
    await rename(fresh, place);
  } catch (error) {
    await rm(join(folder, lines), { force: true });
    throw error;
  }
  // A process that reads it has it open.
  if (before !== undefined) await rm(join(folder, before), { force: true }).catch(() => {});
}

async function writeLines(path: string, to: string) {
  const report = emptyReport(basename(path));
  const file = openSync(to, 'wx', 0o600);
  try {
    const pages = new Pages(file);
    const elements = noElements();
    const start = afterHeading('minor-planets');
    await readLines(path, new AbortController().signal, (bytes, from, end, number) => {
      if (from === end || !start(bytes, from, end)) return;
      const wrong = readMinorPlanet(bytes, from, end, elements);
      if (wrong !== undefined) {
        damagedLine(report, number, wrong);
        return;
      }
      report.objects++;
      const brightest = brightestOf(elements);
      if (!Number.isNaN(brightest)) pages.add(brightest, bytes, from, end, number);
    });
    const { objects, damaged, warnings } = report;
    return { report: { objects, damaged, warnings }, pages: pages.end() };
  } finally {
    closeSync(file);
  }
}

/** Lines of about one brightness, put together until they fill a page. */
class Pages {
  readonly #file: number;
  readonly #open: (Buffer | undefined)[] = Array.from({ length: MOST_BINS });
  readonly #filled = new Uint32Array(MOST_BINS);
  readonly #written: { bin: number; start: number; bytes: number }[] = [];
  #size = 0;

  constructor(file: number) {
    this.#file = file;
  }

  add(brightest: number, bytes: Buffer, from: number, end: number, number: number): void {
    const bin = Math.max(0, Math.min(MOST_BINS - 1, Math.floor(brightest * BINS)));
    if (this.#filled[bin]! + TELLING + NUMBER > PAGE_BYTES) this.#flush(bin);
    this.#open[bin] ??= Buffer.allocUnsafe(PAGE_BYTES);
    const page = this.#open[bin];
    let at = this.#filled[bin]!;
    at += bytes.copy(page, at, from, Math.min(end, from + TELLING));
    at += page.write(`\t${number}\n`, at, 'latin1');
    this.#filled[bin] = at;
  }

  /** The brightest first. */
  end() {
    for (let bin = 0; bin < MOST_BINS; bin++) if (this.#filled[bin]! > 0) this.#flush(bin);
    return this.#written
      .toSorted((a, b) => a.bin - b.bin || a.start - b.start)
      .map(({ bin, start, bytes }) => ({ brightest: bin === 0 ? null : bin / BINS, start, bytes }));
  }

  #flush(bin: number): void {
    const bytes = this.#filled[bin]!;
    for (let done = 0; done < bytes; ) done += writeSync(this.#file, this.#open[bin]!, done, bytes - done);
    this.#written.push({ bin, start: this.#size, bytes });
    this.#size += bytes;
    this.#filled[bin] = 0;
  }
}

/** Name of the file of lines of an index; undefined where there is none. */
async function linesOf(place: string): Promise<string | undefined> {
  try {
    const { lines } = JSON.parse(await readFile(place, 'utf8')) as { lines?: unknown };
    return typeof lines === 'string' && basename(lines) === lines ? lines : undefined;
  } catch {
    return undefined;
  }
}
