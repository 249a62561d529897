import { type Style, styled } from './style.js';

/** Lines of text are hard to read beyond. */
const WIDEST = 100;
/** A column that is cut to what is left keeps as much. */
const LEAST = 12;
/** Between columns. */
export const GAP = 2;

const lengthOf = (text: string) => [...text].length;

/** Characters that a line of the terminal has; where there is none, lines are as long as they are. */
export const terminalWidth = (): number => process.stdout.columns || Number.POSITIVE_INFINITY;

/** A text in lines of at most so many characters, broken at spaces; a longer word stays whole. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && lengthOf(last) + 1 + lengthOf(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A text behind its label; what does not fit goes on below, under its beginning. @param indent characters of the label, gap included */
export function labelled(label: string, text: string, indent: number): string {
  const width = terminalWidth();
  const most = Number.isFinite(width) ? Math.min(WIDEST, width) : width;
  const [first = '', ...rest] = wrapped(text, most - indent);
  return [label + first, ...rest.map((line) => ' '.repeat(indent) + line)].join('\n');
}

/** Text in as many characters, with `…` where there were more. */
export function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

export interface TableOptions {
  head?: readonly string[];
  /** Of a cell. @param row from 0, the head left out */
  styleOf?(row: number, column: number): Style | undefined;
  /** The last column is cut to what a terminal of so many characters has left. @default it is left whole */
  width?: number;
}

/** Rows of cells as lines, the columns aligned. */
export function table(
  rows: readonly (readonly string[])[],
  { head, styleOf, width = Number.POSITIVE_INFINITY }: TableOptions = {},
): string[] {
  const all = head ? [head, ...rows] : rows;
  const columns = Math.max(0, ...all.map(({ length }) => length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...all.map((row) => lengthOf(row[column] ?? ''))),
  );
  const taken = widths.slice(0, -1).reduce((sum, one) => sum + one + GAP, 0);
  const left = Math.max(LEAST, width - taken);
  const line = (row: readonly string[], style: (column: number) => Style | undefined) =>
    widths
      .map((size, column) => {
        const cell = row[column] ?? '';
        const shown = column === columns - 1 ? cut(cell, left) : cell + ' '.repeat(size - lengthOf(cell));
        const look = style(column);
        return look === undefined || cell === '' ? shown : styled(look, shown);
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  return [
    ...(head ? [line(head, () => 'dim')] : []),
    ...rows.map((row, at) => line(row, (column) => styleOf?.(at, column))),
  ];
}
