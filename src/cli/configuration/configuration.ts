import { dirname, resolve } from 'node:path';
import { AstroJobsError } from '../../job/errors.js';
import type { SolveParamsInput } from '../../job/param-table.js';
import { parseInput } from '../../job/params.js';
import { fromEnvironment, SETTING_NAMES, type Setting, type SettingName, settingOf } from '../../settings.js';
import { findFile } from './find-file.js';
import { fileSchema } from './schema.js';

/** What a configuration file adds to what was said at the call and in the environment. */
export interface Configuration {
  /** The file; absent where there is none. */
  path?: string;
  /** Settings that hold because the file says so. */
  fromFile: ReadonlySet<SettingName>;
  /** Parameters of the jobs that are submitted. */
  params: SolveParamsInput;
}

/**
 * Reads the configuration file, and puts what it says into the environment where that says nothing: so it holds for all of this process,
 * and for the processes that it starts.
 * @param named the file of `--config`; otherwise that of `ASTRO_JOBS_CONFIG`, or the one that is found (`findFile`)
 * @throws AstroJobsError `invalid_params` that names the file and the key
 */
export function loadConfiguration(named?: string): Configuration {
  const file = findFile(named ?? (process.env.ASTRO_JOBS_CONFIG || undefined));
  if (!file) return { fromFile: new Set(), params: {} };
  const { params = {}, ...settings } = parsed(file.path, file.content);
  const fromFile = new Set<SettingName>();
  for (const name of SETTING_NAMES) {
    const value = (settings as Record<string, unknown>)[name];
    if (value === undefined || fromEnvironment(name) !== undefined) continue;
    process.env[settingOf(name).variable] = textOf(settingOf(name), value, dirname(file.path));
    fromFile.add(name);
  }
  return { path: file.path, fromFile, params: params as SolveParamsInput };
}

function parsed(path: string, content: unknown) {
  try {
    return parseInput(fileSchema, content, 'key');
  } catch (error) {
    if (!(error instanceof AstroJobsError)) throw error;
    throw new AstroJobsError('invalid_params', `The configuration ${path}: ${error.message}`);
  }
}

/** A checked value as the environment has it. @param folder that paths are relative to */
function textOf({ kind }: Setting, value: unknown, folder: string): string {
  if (kind === 'paths') return (value as string[]).map((path) => resolve(folder, path)).join(':');
  if (kind === 'names') return (value as string[]).join(',');
  if (kind === 'switch') return value ? 'on' : 'off';
  const text = String(value);
  // A program is looked for on the PATH, unless it is a path itself.
  return kind === 'folder' || (kind === 'program' && text.includes('/')) ? resolve(folder, text) : text;
}
