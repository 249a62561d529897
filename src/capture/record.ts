import type { Capture, CaptureNote } from '../job/capture.js';
import type { Reading } from './reading.js';
import { printable } from './text.js';

export type Field = Exclude<keyof Capture & string, 'sources' | 'notes'>;

/** One place that a field may come from. */
export interface Candidate<T> {
  /** As `capture.sources` and `capture.notes` name it: `FITS EXPTIME`, `EXIF FNumber`. */
  key: string;
  /** What stands there, for a note. */
  written: unknown;
  read(): Reading<T>;
}

/** More notes tell nothing new of a header. */
const MAX_NOTES = 50;

function shown(written: unknown): string {
  if (typeof written === 'string') return printable(written);
  if (Buffer.isBuffer(written)) return printable(written.toString('latin1'));
  return Array.isArray(written) ? printable(written.map(shown).join(' ')) : printable(String(written ?? ''));
}

const unreadable = (thrown: unknown) =>
  `it cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`;

/** Gathers what is known of the capture, each value with its origin, and what had to be left out. */
export class CaptureRecord {
  readonly #fields: Partial<Record<Field, unknown>> = {};
  readonly #sources: Record<string, string> = {};
  readonly #notes: CaptureNote[] = [];

  has(field: Field): boolean {
    return field in this.#fields;
  }

  /** Reads one value. What is left out, or makes the reader fail, costs a note and nothing else. */
  read<T>({ key, written, read }: Candidate<T>): { value: T; source: string } | undefined {
    try {
      const reading = read();
      if (reading === undefined) return undefined;
      if ('value' in reading) {
        return { value: reading.value, source: reading.unit ? `${key} [${reading.unit}]` : key };
      }
      this.note(key, written, reading.why);
    } catch (thrown) {
      this.note(key, written, unreadable(thrown));
    }
    return undefined;
  }

  /** Runs a part of the reading; whatever it throws costs a note and what that part would have added. */
  guard(key: string, work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.note(key, '', unreadable(thrown));
    }
  }

  /** Fills a field from the first candidate that can be read; says whether one could. */
  take<F extends Field>(field: F, candidates: Iterable<Candidate<NonNullable<Capture[F]>>>): boolean {
    for (const candidate of candidates) {
      if (this.has(field)) break;
      const found = this.read(candidate);
      if (found) this.set(field, found.value, found.source);
    }
    return this.has(field);
  }

  /** The first value that is known counts. */
  set<F extends Field>(field: F, value: NonNullable<Capture[F]>, source: string): void {
    if (this.has(field)) return;
    this.#fields[field] = value;
    this.#sources[field] = source;
  }

  /** Says where something comes from that is no field of its own. */
  source(name: 'image', source: string): void {
    this.#sources[name] = source;
  }

  /** Notes what was left out and why; text of the file in it is made fit to be shown. */
  note(key: string, written: unknown, why: string): void {
    const note = { key: printable(key), value: shown(written), why: printable(why) };
    const repeated = this.#notes.some((other) => other.key === note.key && other.value === note.value);
    if (!repeated && this.#notes.length < MAX_NOTES) this.#notes.push(note);
  }

  capture(): Capture {
    return {
      ...(this.#fields as Capture),
      ...(Object.keys(this.#sources).length > 0 && { sources: this.#sources }),
      ...(this.#notes.length > 0 && { notes: this.#notes }),
    };
  }
}
