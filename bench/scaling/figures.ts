import { readFile, writeFile } from 'node:fs/promises';
import { load } from '../shared/machine.js';

const PAGE = new URL('../../docs/scaling.md', import.meta.url);

type Cell = string | number;
const line = (cells: readonly Cell[]) => `| ${cells.join(' | ')} |`;

/** Columns that every table has at its end: what a figure is worth. */
const WORTH = ['load before', 'measured'];

/**
 * One table of docs/scaling.md. A row stands there as soon as it is measured, in the place of the row that has the same first cells; the others
 * stay, so that each can be measured by itself, when the machine is quiet.
 */
export class Figures {
  readonly #section: string;
  readonly #head: string[];
  readonly #keys: number;
  readonly #wanted: RegExp;

  /** @param keys cells at the beginning that tell rows apart @param wanted rows that are measured, by those cells */
  constructor(section: string, keys: readonly string[], figures: readonly string[], wanted: RegExp) {
    this.#section = section;
    this.#keys = keys.length;
    this.#wanted = wanted;
    const columns = [...keys, ...figures, ...WORTH];
    const isNumber = (name: string) => !['store', 'queue', 'store, queue', 'measured'].includes(name);
    this.#head = [line(columns), line(columns.map((name) => (isNumber(name) ? '--:' : '---')))];
  }

  wants(...key: Cell[]): boolean {
    return this.#wanted.test(key.join(', '));
  }

  /** Measures a row that is wanted, and writes it. */
  async row(key: Cell[], measure: () => Promise<Cell[]>): Promise<void> {
    if (!this.wants(...key)) return;
    const before = load().toFixed(1);
    const written = line([...key, ...(await measure()), before, new Date().toISOString().slice(0, 10)]);
    process.stderr.write(`${written}\n`);
    const page = await readFile(PAGE, 'utf8');
    const section = new RegExp(
      `(<!-- figures: ${this.#section} -->\n)([\\s\\S]*?)(\n<!-- end of figures -->)`,
    );
    const [, begin, text = '', end] = section.exec(page) ?? [];
    if (begin === undefined) throw new Error(`docs/scaling.md has no figures: ${this.#section}`);
    const rows = text.split('\n').filter((one) => one.startsWith('| ') && !this.#head.includes(one));
    const keyOf = (row: string) => row.split(' | ', this.#keys).join(' | ');
    const at = rows.findIndex((row) => keyOf(row) === keyOf(written));
    rows.splice(at < 0 ? rows.length : at, at < 0 ? 0 : 1, written);
    await writeFile(
      PAGE,
      page.replace(section, () => `${begin}\n${[...this.#head, ...rows].join('\n')}\n${end}`),
    );
  }
}
