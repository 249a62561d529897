import type { Command } from 'commander';
import { PARAM_NAMES, paramOf } from '../../job/param-table.js';
import { fromEnvironment, SETTING_NAMES, type SettingName, settingOf } from '../../settings.js';
import { ParamOption } from './apply.js';
import type { Configuration } from './configuration.js';

/** What said it. */
export type Origin = 'flag' | 'environment' | 'file' | 'default';

/** A setting or parameter, and what said it. */
export interface Held {
  value: unknown;
  from: Origin;
  /** The flag, the variable or the file. */
  said_by?: string;
}

/** All that holds. */
export interface ConfigurationReport {
  /** The configuration file; null where there is none. */
  file: string | null;
  settings: Record<string, Held>;
  params: Record<string, Held>;
}

/** What holds for a command that is called like this. @param command which has the flags of all settings and parameters */
export function reportOf(command: Command, configuration: Configuration): ConfigurationReport {
  const names = SETTING_NAMES.filter((name) => !settingOf(name).isVariableOnly);
  return {
    file: configuration.path ?? null,
    settings: Object.fromEntries(names.map((name) => [name, settingHeld(name, command, configuration)])),
    params: Object.fromEntries(paramsHeld(command, configuration)),
  };
}

function settingHeld(name: SettingName, command: Command, { path, fromFile }: Configuration): Held {
  const { flag, variable, usual } = settingOf(name);
  const option = command.options.find(({ flags }) => flags === flag);
  if (option && command.getOptionValueSource(option.attributeName()) === 'cli') {
    const value: unknown = command.getOptionValue(option.attributeName());
    return { value: shown(name, textOf(value)), from: 'flag', said_by: option.long ?? flag };
  }
  const said = fromEnvironment(name);
  if (said === undefined) return { value: usual, from: 'default' };
  const value = shown(name, said);
  return fromFile.has(name)
    ? { value, from: 'file', said_by: path }
    : { value, from: 'environment', said_by: variable };
}

const textOf = (value: unknown): string =>
  Array.isArray(value) ? value.join(':') : value === false ? 'off' : String(value);

/** No secret is printed: not that of a token, nor the password in a URL. */
function shown(name: SettingName, text: string): string {
  const { kind } = settingOf(name);
  if (kind === 'secret') return '(set)';
  return kind === 'url' ? text.replace(/\/\/([^/@:]*):[^/@]*@/, '//$1:***@') : text;
}

function paramsHeld(command: Command, { path }: Configuration): [name: string, held: Held][] {
  const options = new Map(
    command.options.flatMap((option) => (option instanceof ParamOption ? [[option.param, option]] : [])),
  );
  return PARAM_NAMES.map((name) => {
    const option = options.get(name);
    const attribute = option?.attributeName() ?? '';
    const value: unknown = command.getOptionValue(attribute);
    const source = command.getOptionValueSource(attribute);
    if (source === 'cli') return [name, { value, from: 'flag', said_by: option?.long ?? undefined }];
    if (source === 'config') return [name, { value, from: 'file', said_by: path }];
    return [name, { value: paramOf(name).default, from: 'default' }];
  });
}
