import { type Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULTS } from '../defaults.js';
import { JOB_STATES, type JobState } from '../job/status.js';
import { type Setting, type SettingWithFlag, settingOf } from '../settings.js';
import { HOUR } from '../wcs/angles.js';

/** A finite number; its range is checked where parameters are. */
export function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}

/** A whole number that counts something. */
export function parseCount(text: string): number {
  const value = parseNumber(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('Expected a whole number, 0 or more.');
  return value;
}

/** Right ascension in degrees, or as `05:35:17`, `5h35m17.3s` or `5 35 17`. */
export function parseRightAscension(text: string): number {
  const degrees = degreesOf(text) ?? scaled(sexagesimal(text, 'h'), HOUR);
  if (degrees === undefined)
    throw new InvalidArgumentError('Expected degrees, or hours such as 05:35:17 or 5h35m17s.');
  return degrees;
}

/** Declination in degrees, or as `-05:23:28`, `-5d23m28s` or `+22°14'`. */
export function parseDeclination(text: string): number {
  const degrees = degreesOf(text) ?? sexagesimal(text, 'd°');
  if (degrees === undefined)
    throw new InvalidArgumentError('Expected degrees, also as -05:23:28 or -5d23m28s.');
  return degrees;
}

const degreesOf = (text: string): number | undefined =>
  text.trim() === '' || !Number.isFinite(Number(text)) ? undefined : Number(text);
const scaled = (value: number | undefined, by: number) => (value === undefined ? undefined : value * by);

/** The value of an angle or a time in its first unit; undefined for what is none, such as one of 60 minutes. */
function sexagesimal(text: string, unit: string): number | undefined {
  const parts = new RegExp(
    `^([+\\-−]?)(\\d{1,3})[${unit}: ]\\s*(\\d{1,2})(?:[m:'′ ]\\s*(?:(\\d{1,2}(?:\\.\\d*)?)[s"″]?)?)?$`,
  ).exec(text.trim());
  if (!parts) return undefined;
  const [, sign, whole, minutes, seconds = '0'] = parts;
  if (Number(minutes) >= 60 || Number(seconds) >= 60) return undefined;
  const size = Number(whole) + Number(minutes) / 60 + Number(seconds) / 3600;
  return sign === '-' || sign === '−' ? -size : size;
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** A whole number that counts something there must be. */
export function parsePositive(text: string): number {
  const value = parseCount(text);
  if (value < 1) throw new InvalidArgumentError('Expected 1 or more.');
  return value;
}

/** A TCP port; 0 for any that is free. */
export function parsePort(text: string): number {
  const value = parseCount(text);
  if (value > 65_535) throw new InvalidArgumentError('Expected a port, 0 to 65535.');
  return value;
}

/** As `parseDuration`, and not without a unit: what is deleted by mistake is gone. */
export function parseAge(text: string): number {
  if (/^[\d.]+$/.test(text))
    throw new InvalidArgumentError('Expected a duration with its unit, such as 30d, 12h, 90m or 45s.');
  return parseDuration(text);
}

/** `30d`, `12h`, `90m`, `45s` or plain seconds, as seconds. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhdw]?)$/.exec(text);
  if (!match) throw new InvalidArgumentError('Expected a duration such as 30d, 12h, 90m or 45s.');
  return Number(match[1]) * SECONDS[(match[2] || 's') as keyof typeof SECONDS];
}

/** `done` or `done,error`. */
export function parseStates(text: string): JobState[] {
  const states = text.split(',').map((state) => state.trim());
  const known: readonly string[] = JOB_STATES;
  if (!states.every((state) => known.includes(state))) {
    throw new InvalidArgumentError(`Expected one or more of ${JOB_STATES.join(', ')}, with commas between.`);
  }
  return states as JobState[];
}

/** Of a command that ends in order. */
export function graceOption(what: string): Option {
  return new Option('--grace <duration>', `how long ${what} may go on after the signal`)
    .argParser(parseDuration)
    .default(DEFAULTS.graceSeconds, `${DEFAULTS.graceSeconds}s`);
}

export function jobIdOption(): Option {
  return new Option('-j, --job-id <id>', 'the job, as submit named it');
}

/** An option that may be repeated. */
export const collect = (value: string, earlier: string[] = []) => [...earlier, value];

/** The flag of a setting, with what holds where it is not given. */
export function settingOption(name: SettingWithFlag): Option {
  const setting: Setting = settingOf(name);
  const { flag = '', variable, text, usual } = setting;
  if (setting.kind === 'switch') return new Option(flag, `do not ${text} (default: as $${variable} says)`);
  const repeated = setting.kind === 'paths';
  const option = new Option(
    flag,
    `${text}${repeated ? '; may be repeated' : ''} (default: $${variable}${usual.startsWith('none') ? '' : ` or ${usual}`})`,
  );
  if (repeated) return option.argParser(collect);
  return setting.kind === 'count' ? option.argParser(parsePositive) : option;
}

/** Flags that every command about solving or jobs understands. */
export function addGeneralOptions(command: Command): Command {
  return command
    .option('--config <file>', 'settings from this file (default: the nearest astro-jobs.config.json)')
    .option('-q, --quiet', 'no progress and no words: the answer alone');
}

export const JSON_OPTION = ['--json', 'JSON, on a terminal too'] as const;
