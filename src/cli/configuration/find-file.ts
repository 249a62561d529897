import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { cwd } from 'node:process';
import { AstroJobsError } from '../../job/errors.js';

const FILE = 'astro-jobs.config.json';
const PACKAGE = 'package.json';
const KEY = 'astro-jobs';

/** What a file says, before it is checked. */
export interface FoundFile {
  /** Absolute. */
  path: string;
  content: unknown;
}

/**
 * The configuration of the current folder, or of the nearest one above it: `astro-jobs.config.json`, or the key `astro-jobs` of
 * `package.json`.
 * @param named a file that is taken instead
 * @throws AstroJobsError `invalid_params` for a file that cannot be read, is no JSON, or belongs to another user
 */
export function findFile(named: string | undefined): FoundFile | undefined {
  if (named !== undefined) return namedFile(named);
  for (let folder = cwd(); ; ) {
    const own = readJson(join(folder, FILE));
    if (own) return trusted(own);
    const host = readJson(join(folder, PACKAGE));
    const content = keyOf(host?.content);
    if (host && content !== undefined) return trusted({ path: host.path, content });
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
}

function namedFile(named: string): FoundFile {
  const path = resolve(named);
  const file = readJson(path);
  if (!file) throw refused(named, 'is not there');
  return path.endsWith(PACKAGE) ? { path, content: keyOf(file.content) ?? {} } : file;
}

const keyOf = (content: unknown): unknown => (content as Record<string, unknown> | null | undefined)?.[KEY];

function readJson(path: string): FoundFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // A package.json that cannot be read is none of our business.
    if (code === 'ENOENT' || code === 'ENOTDIR' || path.endsWith(PACKAGE)) return undefined;
    throw refused(path, `cannot be read: ${message}`);
  }
  try {
    return { path, content: JSON.parse(text) };
  } catch (error) {
    if (path.endsWith(PACKAGE)) return undefined;
    throw refused(path, `is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A file that was found by looking around may name a program to run: that of another user is not believed. */
function trusted(file: FoundFile): FoundFile {
  const { uid } = statSync(file.path);
  const user = process.getuid?.();
  if (user === undefined || uid === user || uid === 0) return file;
  throw refused(file.path, 'belongs to another user; if you trust it, name it: --config <file>');
}

function refused(path: string, why: string): AstroJobsError {
  return new AstroJobsError('invalid_params', `The configuration ${path} ${why}`);
}
