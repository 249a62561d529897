import { describe, it } from 'vitest';
import { NEEDS, type NeedName } from '../scripts/setup/needs.mjs';

declare module 'vitest' {
  interface TaskMeta {
    /** Why the test was left out; `left-out.ts` says it at the end of the run. */
    missing?: string;
  }
}

const has = new Map<NeedName, boolean>();

function present(name: NeedName): boolean {
  const known = has.get(name) ?? NEEDS[name].present();
  has.set(name, known);
  return known;
}

/** What this machine lacks of `names`, and how to have it; undefined where nothing is missing. */
export function missing(names: readonly NeedName[]): string | undefined {
  const lines = names
    .filter((name) => !present(name))
    .map((name) => {
      const need = NEEDS[name];
      return `${need.what} (${need.package ? `apt-get install ${need.package}` : need.elsewhere})`;
    });
  return lines.length === 0 ? undefined : lines.join(' and ');
}

/** Continuous integration leaves nothing out: there what is missing fails the file. */
function leftOutFor(names: readonly NeedName[]): { meta: { missing: string } } | undefined {
  const lacking = missing(names);
  if (lacking === undefined) return undefined;
  if (process.env.CI) throw new Error(`Missing: ${lacking}. CI leaves nothing out.`);
  return { meta: { missing: lacking } };
}

/** `describe` for what needs more of the machine than Node and npm's packages: without it, the tests are left out and the run says so. */
export function describeWith(names: readonly NeedName[], title: string, body: () => void): void {
  const leftOut = leftOutFor(names);
  if (leftOut) describe.skip(title, leftOut, body);
  else describe(title, body);
}

/** `it`, likewise. `timeout` in milliseconds. */
export function itWith(
  names: readonly NeedName[],
  title: string,
  body: () => void | Promise<void>,
  timeout?: number,
): void {
  const leftOut = leftOutFor(names);
  if (leftOut) it.skip(title, leftOut, body);
  else it(title, { ...(timeout !== undefined && { timeout }) }, body);
}
