import type { Caller, PublicStatus } from '../../client/index.js';

/** What the caller may do here; the style sheet leaves out what is marked `for-submit`, `for-read` or `for-admin` and may not be. */
export function createRights() {
  let [submit, read, admin] = [false, false, false];
  return {
    /** Whether the caller runs this server. */
    get admin() {
      return admin;
    },
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
      admin = has();
      const may = [submit && 'submit', read && 'read', admin && 'admin'];
      document.documentElement.dataset.may = may.filter(Boolean).join(' ');
    },
  };
}

/** Whether the caller may cancel, retry and remove this job, if it may do so with any. */
export const mayChange = (status: PublicStatus): boolean => status.may_change !== false;
