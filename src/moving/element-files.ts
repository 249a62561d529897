import { opendir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isComet } from './comets.js';
import { isMinorPlanet } from './minor-planets.js';
import { isFirstLine } from './tle.js';

export const ELEMENT_KINDS = ['minor-planets', 'comets', 'satellites'] as const;
export type ElementKind = (typeof ELEMENT_KINDS)[number];

/** What a line of elements is, by its form; nothing for a heading, a name or anything else. */
export function kindOfLine(line: string): ElementKind | undefined {
  if (isFirstLine(line)) return 'satellites';
  if (isMinorPlanet(line)) return 'minor-planets';
  return isComet(line) ? 'comets' : undefined;
}

/** A folder with more files than this is none of elements. */
const MOST_FILES = 200;
const IGNORED = /^\.|~$/;

/**
 * The files that paths name: those of a folder are in the order of their names, and folders in it are not looked into.
 * @returns what cannot be read beside, with the reason
 */
export async function findElementFiles(
  paths: readonly string[],
): Promise<{ files: string[]; unreadable: { name: string; why: string }[] }> {
  const files: string[] = [];
  const unreadable: { name: string; why: string }[] = [];
  for (const path of paths) {
    try {
      if ((await stat(path)).isDirectory()) files.push(...(await filesIn(path)));
      else files.push(path);
    } catch (error) {
      unreadable.push({ name: basename(path), why: reasonOf(error) });
    }
  }
  return { files, unreadable };
}

async function filesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of await opendir(folder)) {
    if (entry.isDirectory() || IGNORED.test(entry.name)) continue;
    names.push(entry.name);
    if (names.length > MOST_FILES) throw new RangeError(`more than ${MOST_FILES} files in it`);
  }
  return names.toSorted().map((name) => join(folder, name));
}

/** Why a file could not be read, without its path: results are read elsewhere. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'no such file or folder';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it';
  if (error instanceof RangeError) return error.message;
  return code ?? 'it cannot be read';
}

/** Lines before the first one of a kind are the heading of a file. */
export function afterHeading(kind: ElementKind): (bytes: Buffer, from: number, to: number) => boolean {
  let begun = false;
  return (bytes, from, to) => {
    begun ||= kindOfLine(bytes.toString('latin1', from, to)) === kind;
    return begun;
  };
}
