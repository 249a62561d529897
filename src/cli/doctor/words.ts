import { GAP, labelled } from '../layout.js';
import { printable } from '../printable.js';
import { type Style, styled } from '../style.js';
import type { Check } from './checks.js';

const MARKS: Readonly<Record<Check['state'], readonly [mark: string, look: Style]>> = {
  ok: ['✓', 'green'],
  note: ['·', 'magenta'],
  missing: ['✗', 'red'],
};
const MARK_WIDTH = 2;

/** What was looked at, a line each, and below it what to do. */
export function checksInWords(checks: readonly Check[]): string {
  const indent = MARK_WIDTH + Math.max(...checks.map(({ name }) => name.length)) + GAP;
  return checks.map((check) => checkInWords(check, indent)).join('\n');
}

function checkInWords({ name, state, found, advice }: Check, indent: number): string {
  const [mark, look] = MARKS[state];
  const label = `${styled(look, mark)} ${name.padEnd(indent - MARK_WIDTH)}`;
  const line = labelled(label, printable(found), indent);
  if (advice === undefined) return line;
  return `${line}\n${labelled(`${' '.repeat(indent)}→ `, printable(advice), indent + MARK_WIDTH)}`;
}
