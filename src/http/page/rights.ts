import type { Caller } from '../../client/index.js';

/** What the caller may do here; the style sheet leaves out what is marked `for-submit` or `for-read` and may not be. */
export function createRights() {
  let [submit, read] = [false, false];
  return {
    get submit() {
      return submit;
    },
    get read() {
      return read;
    },
    set({ scopes }: Pick<Caller, 'scopes'>): void {
      const has = (...wanted: Caller['scopes'][number][]) =>
        scopes.includes('admin') || wanted.some((scope) => scopes.includes(scope));
      submit = has('submit');
      read = has('read:own', 'read:all');
      document.documentElement.dataset.may = [submit && 'submit', read && 'read'].filter(Boolean).join(' ');
    },
  };
}
