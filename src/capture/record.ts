import type { Capture } from '../job/result.js';

type Field = Exclude<keyof Capture & string, 'sources'>;

const MAX_TEXT = 200;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal.
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;

/**
 * Text from a header, fit to be shown: one line, no control characters, no padding; `undefined` when nothing
 * is left.
 */
export function cleanText(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const clean = text
    .slice(0, 4 * MAX_TEXT)
    .replace(CONTROLS, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return clean === '' ? undefined : [...clean].slice(0, MAX_TEXT).join('').trimEnd();
}

/** Gathers what is known of the capture, each value with its origin, and what had to be left out. */
export class CaptureRecord {
  readonly #fields: Partial<Record<Field, unknown>> = {};
  readonly #sources: Record<string, string> = {};
  readonly notes: string[] = [];

  has(field: Field): boolean {
    return field in this.#fields;
  }

  /** The first value that is known counts; `undefined` is no value. */
  set<F extends Field>(field: F, value: Capture[F] | undefined, source: string): void {
    if (value === undefined || this.has(field)) return;
    this.#fields[field] = value;
    this.#sources[field] = source;
  }

  setText(field: Field, value: unknown, source: string): void {
    this.set(field, cleanText(value), source);
  }

  /** A number within bounds; anything else is left out with a note. */
  setNumber(field: Field, value: number | undefined, source: string, low: number, high: number): void {
    if (value === undefined || this.has(field)) return;
    if (value >= low && value <= high) this.set(field, value, source);
    else this.note(`${source} is ${value}, which is no sensible ${field}; it is left out`);
  }

  /** One line; a header's own text in it is made fit to be shown. */
  note(line: string): void {
    this.notes.push(cleanText(line) ?? '');
  }

  capture(): Capture {
    const sources = Object.keys(this.#sources).length > 0 ? { sources: this.#sources } : {};
    return { ...(this.#fields as Capture), ...sources };
  }
}
