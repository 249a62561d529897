import type { KeyFacts } from '../keys/key.js';
import { table, terminalWidth } from './layout.js';
import { printable } from './printable.js';

const STATE_COLUMN = 1;
const COLOURS = { valid: 'green', expired: 'dim', revoked: 'red' } as const satisfies Record<
  KeyFacts['state'],
  string
>;

const day = (seconds?: number) =>
  seconds === undefined ? '' : new Date(seconds * 1000).toISOString().slice(0, 10);

/** Keys for a person, without their secrets, which are kept nowhere. */
export function keysTable(keys: readonly KeyFacts[]): string {
  if (keys.length === 0) return 'There are no keys: `serve` is for this machine only.';
  const rows = keys.map(({ id, state, scopes, created_at, expires_at, name = '' }) => [
    id,
    state,
    day(created_at),
    day(expires_at) || 'never',
    scopes.join(','),
    printable(name),
  ]);
  return table(rows, {
    head: ['key', 'state', 'made', 'ends', 'scopes', 'name'],
    styleOf: (row, column) => (column === STATE_COLUMN ? COLOURS[keys[row]?.state ?? 'valid'] : undefined),
    width: terminalWidth(),
  }).join('\n');
}
