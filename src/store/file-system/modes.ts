import type { Access } from '../job-store.js';

/** Permissions of what a store makes. */
export interface Modes {
  file: number;
  folder: number;
}

/** What the users of a jobs directory may do with its files. */
export const modesOf = (access: Access): Modes =>
  access === 'group' ? { file: 0o660, folder: 0o770 } : { file: 0o600, folder: 0o700 };

/** The umask may take from the group what it is to have. */
export const isShared = (mode: number) => (mode & 0o070) !== 0;
