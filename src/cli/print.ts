import { printable, printableLines } from './printable.js';
import { type Style, styled } from './style.js';

let isQuiet = false;

/** From now on nothing is said beside the answer. */
export function beQuiet(): void {
  isQuiet = true;
}

/** Where progress goes: stderr, or what a test puts in its place. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** stderr, or nowhere with `--quiet`. */
export const progressStream = (): ProgressStream => (isQuiet ? { write() {} } : process.stderr);

/** Strings, the names before a colon among them, and the other words of a line of JSON. One that does not end is taken whole: linear time. */
const JSON_PARTS = /("(?:[^"\\]|\\.)*(?:"|\\?$))(:)?|\b(?:true|false|null)\b/gs;

function coloured(line: string): string {
  return line.replace(JSON_PARTS, (part: string, text?: string, colon?: string) => {
    if (colon !== undefined) return `${styled('blue', text ?? '')}:`;
    const style: Style = text === undefined ? 'magenta' : 'green';
    return styled(style, part);
  });
}

/**
 * A document as JSON text that no terminal takes for a command: laid out and coloured for people, or in one line with the
 * spaces of the documented form, `{"ok": true, "job_id": "…"}`.
 */
export function formatDocument(document: unknown, forPeople: boolean): string {
  // JSON.stringify leaves no newline inside a string, so every newline here is layout.
  const lines = JSON.stringify(document, null, 2).split('\n').map(printable);
  if (forPeople) return lines.map(coloured).join('\n');
  const parts = lines.map((line) => line.trimStart());
  const isGlued = (part: string, before: string) => /[{[]$/.test(before) || /^[}\]]/.test(part);
  return parts
    .map((part, at) => (at === 0 || isGlued(part, parts[at - 1] ?? '') ? part : ` ${part}`))
    .join('');
}

/** What a program reads: one JSON document on stdout. */
export function printDocument(document: unknown): void {
  process.stdout.write(`${formatDocument(document, process.stdout.isTTY === true)}\n`);
}

/** What a person reads: lines on stderr. */
export function say(text: string): void {
  if (!isQuiet) process.stderr.write(`${printableLines(text)}\n`);
}

interface AnswerOptions {
  /** The document, on a terminal too. */
  json?: boolean;
}

/** The answer of a command on stdout: in words on a terminal, one JSON document where it goes to a program. @param words what it says is printable */
export function answer(document: unknown, words: string, { json = false }: AnswerOptions): void {
  if (json || process.stdout.isTTY !== true) printDocument(document);
  else process.stdout.write(`${words}\n`);
}

/** The same, and the words on stderr where the document goes to a program. */
export function tellBoth(document: unknown, words: string, options: AnswerOptions): void {
  if (!options.json && process.stdout.isTTY !== true) say(words);
  answer(document, words, options);
}
