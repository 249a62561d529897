import type { Scope } from '../index.js';
import { HttpError } from './errors.js';
import type { Action } from './options.js';

const READ = ['read:own', 'read:all'] as const;

/** The scopes of which an action asks for one; `admin` has them all. None: whoever is known may. */
export const ACTION_SCOPES: Readonly<Record<Action, readonly Scope[]>> = {
  identify: [],
  submit: ['submit'],
  list: READ,
  read: READ,
  stats: ['read:all'],
  operate: ['admin'],
  cancel: ['submit'],
  retry: ['submit'],
  remove: ['submit'],
};

export type Scopes = readonly Scope[];

const isAdmin = (scopes: Scopes) => scopes.includes('admin');

/** Whether the jobs of others are there for a caller, and not only its own. */
export const seesAll = (scopes: Scopes): boolean => isAdmin(scopes) || scopes.includes('read:all');

/** Whether a caller may change jobs of others. */
export const changesAll = isAdmin;

/** @throws HttpError 403 `forbidden` */
export function assertScope(scopes: Scopes, action: Action): void {
  const wanted = ACTION_SCOPES[action];
  if (wanted.length === 0 || isAdmin(scopes) || wanted.some((scope) => scopes.includes(scope))) return;
  throw forbidden(
    `This key may not do that: it asks for the scope ${wanted.map((s) => `\`${s}\``).join(' or ')}`,
    wanted,
  );
}

export function forbidden(message: string, wanted: Scopes): HttpError {
  const challenge = `Bearer realm="astro-jobs", error="insufficient_scope", scope="${wanted.join(' ')}"`;
  return new HttpError('forbidden', message, { 'www-authenticate': challenge });
}
