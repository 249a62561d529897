import { printable, printableLines } from './printable.js';

/**
 * A document as JSON text that no terminal takes for a command: laid out for people, or in one line with the
 * spaces of the documented form, `{"ok": true, "job_id": "…"}`.
 */
export function formatDocument(document: unknown, forPeople: boolean): string {
  // JSON.stringify leaves no newline inside a string, so every newline here is layout.
  const lines = JSON.stringify(document, null, 2).split('\n').map(printable);
  if (forPeople) return lines.join('\n');
  const [first = '', ...rest] = lines.map((line) => line.trimStart());
  return rest.reduce((text, line) => {
    const glued = text.endsWith('{') || text.endsWith('[') || line.startsWith('}') || line.startsWith(']');
    return `${text}${glued ? '' : ' '}${line}`;
  }, first);
}

/** What a program reads: one JSON document on stdout. */
export function printDocument(document: unknown): void {
  process.stdout.write(`${formatDocument(document, process.stdout.isTTY === true)}\n`);
}

/** What a person reads: lines on stderr. */
export function say(text: string): void {
  process.stderr.write(`${printableLines(text)}\n`);
}

/**
 * The same for programs and for people: JSON on stdout, and words on stderr. A terminal shows the words alone, unless `json`
 * asks for the document.
 */
export function tellBoth(document: unknown, words: string, { json = false }: { json?: boolean }): void {
  if (!json) say(words);
  if (json || process.stdout.isTTY !== true) printDocument(document);
}
