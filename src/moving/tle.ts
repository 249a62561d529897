/** Two-line elements of a satellite. */
export interface TwoLines {
  /** Of the line before them; otherwise empty. */
  name: string;
  /** Number in the catalogue of satellites. */
  id: string;
  line1: string;
  line2: string;
}

const LENGTH = 69;
const FIRST = /^1 [ \dA-Z][ \d]{3}\d[ A-Z] /;

/** Whether a line looks like the first of two. */
export const isFirstLine = (line: string) => FIRST.test(line);

/** Sum of the digits, a minus sign as 1, modulo 10 (https://celestrak.org/columns/v04n03/). */
function checksum(line: string): number {
  let sum = 0;
  for (const sign of line.slice(0, LENGTH - 1)) sum += sign === '-' ? 1 : Number(sign) || 0;
  return sum % 10;
}

function wrongWith(line: string, which: 1 | 2): string | undefined {
  if (line.length < LENGTH)
    return `line ${which} of two is cut off after ${line.length} of ${LENGTH} characters`;
  if (Number(line[LENGTH - 1]) !== checksum(line))
    return `the checksum of line ${which} of two is ${line[LENGTH - 1]}, and the line sums up to ${checksum(line)}`;
  return undefined;
}

/** Puts names and pairs of lines together, as they come. */
export class TleReader {
  #name = '';
  #first: { text: string; number: number } | undefined;
  readonly #onSet: (set: TwoLines) => void;
  readonly #onDamage: (number: number, why: string) => void;

  constructor(onSet: (set: TwoLines) => void, onDamage: (number: number, why: string) => void) {
    this.#onSet = onSet;
    this.#onDamage = onDamage;
  }

  line(text: string, number: number): void {
    const line = text.trimEnd();
    if (line.startsWith('2 ') && this.#first) {
      this.#pair(this.#first, line, number);
      return;
    }
    this.end();
    if (/^1 /.test(line) && line.length > LENGTH - 10) this.#first = { text: line, number };
    else if (line.startsWith('2 ') && line.length > LENGTH - 10)
      this.#onDamage(number, 'a second line of two without its first');
    else this.#name = line.replace(/^0 /, '').trim();
  }

  /** No line follows. */
  end(): void {
    if (this.#first) this.#onDamage(this.#first.number, 'a first line of two without its second');
    this.#first = undefined;
  }

  #pair(first: { text: string; number: number }, second: string, number: number): void {
    const name = this.#name;
    this.#first = undefined;
    this.#name = '';
    const wrong = wrongWith(first.text, 1);
    if (wrong !== undefined) {
      this.#onDamage(first.number, wrong);
      return;
    }
    const id = first.text.slice(2, 7);
    const why =
      wrongWith(second, 2) ??
      (second.slice(2, 7) === id ? undefined : 'its number is not that of the line before');
    if (why !== undefined) this.#onDamage(number, why);
    else this.#onSet({ name, id: id.trim().replace(/^0+(?=\d)/, ''), line1: first.text, line2: second });
  }
}
