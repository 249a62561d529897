import { readFileSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { type Command, InvalidArgumentError } from 'commander';
import type { AstroJobs } from '../../astro-jobs.js';
import type { ExportKind } from '../../export/formats.js';
import { expected, type ParamGroup } from '../../job/param-kinds.js';
import { PARAM_NAMES, type ParamName, paramOf, type SolveParamsInput } from '../../job/param-table.js';
import { paramFromText } from '../../job/param-text.js';
import type { JobStatus } from '../../job/status.js';
import { ParamOption } from '../configuration/apply.js';
import { parseFormats } from '../export-formats.js';
import { collect, parseDeclination, parseDuration, parseNumber, parseRightAscension } from '../options.js';

/** What `submit` and `solve` are given besides the parameters of the solve. */
export interface SubmissionOptions {
  image?: string;
  filename?: string;
  priority?: number;
  delay?: number;
  idempotencyKey?: string;
  rateKey?: string;
  tag?: string[];
  meta?: Record<string, unknown>;
  export?: ExportKind[];
}

/** The value of a parameter as it was typed; what it may be is checked where all parameters are. */
function parserOf(name: ParamName): (text: string) => unknown {
  const param = paramOf(name);
  if (param.kind === 'document') return (path) => readJson(path);
  if (name === 'ra') return parseRightAscension;
  if (name === 'dec') return parseDeclination;
  if (name === 'timeout') return parseDuration;
  if (param.kind === 'number' || param.kind === 'integer') return parseNumber;
  return (text) => {
    const value = paramFromText(name, text);
    if (param.kind === 'choice' && !param.choices.some((choice) => choice === value))
      throw new InvalidArgumentError(`Expected ${expected(param)}.`);
    return value;
  };
}

/** The document in a file, whatever it is: what it may be is checked where all parameters are. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError(`Expected a file with JSON: ${why}.`);
  }
}

function paramOption(name: ParamName): ParamOption {
  const { flag, text, kind, default: usual } = paramOf(name);
  const note = kind === 'flag' || usual === null ? '' : ` (default: ${usual})`;
  const option = new ParamOption(flag, text.replaceAll('`', '') + note, name);
  return kind === 'flag' ? option : option.argParser(parserOf(name));
}

interface ParamFlags {
  /** Those that mean nothing to the command. */
  without?: readonly ParamName[];
  /** Whether those of a configuration file hold where none are given. @default true */
  isConfigurable?: boolean;
}

/** The options of a group of parameters. */
export function addParams(
  command: Command,
  group: ParamGroup,
  { without = [], isConfigurable = true }: ParamFlags = {},
): Command {
  for (const name of PARAM_NAMES) {
    if (paramOf(name).group !== group || without.includes(name)) continue;
    command.addOption(Object.assign(paramOption(name), { isConfigurable }));
  }
  return command;
}

function parsePriority(text: string): number {
  const value = parseNumber(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('Expected a whole number.');
  return value;
}

/** What it may be is checked where all options of a job are. */
function parseMetadata(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('Expected a JSON object, such as {"night": 3}.');
  }
}

/** The options that say which image, what is known of it, and how it shall be run. */
export function addSubmissionOptions(command: Command): Command {
  command
    .argument(
      '[images...]',
      "the photographs, folders of them, or patterns such as 'night/*.fit'; - reads one from stdin",
    )
    .option('-i, --image <path>', 'one more of them')
    .option('--filename <name>', 'what to call it, when it comes from stdin')
    .optionsGroup('What you know about the field (a bound, never relaxed):');
  addParams(command, 'field').optionsGroup('How to solve:');
  return addParams(command, 'solve')
    .optionsGroup('How to queue:')
    .option(
      '--export <names>',
      'formats to write among its files once it is solved, separated by commas (see export --help)',
      parseFormats,
    )
    .option('--priority <n>', 'higher runs earlier (default: 0)', parsePriority)
    .option('--delay <duration>', 'not before this has passed: 90s, 10m, 2h', parseDuration)
    .option('--idempotency-key <key>', 'the same key again gives the first job again')
    .option('--rate-key <key>', 'whose job it is, for fair shares')
    .option('--tag <tag>', 'a word to find it by, list --tag; may be given again', collect)
    .option('--meta <json>', 'a JSON object that is kept with the job as its metadata', parseMetadata)
    .optionsGroup('Options:');
}

/** The parameters among the options of a command, under the names that the library gives them. */
export function paramsOf(options: Readonly<Record<string, unknown>>): SolveParamsInput {
  const given = PARAM_NAMES.map((name) => [name, options[paramOption(name).attributeName()]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as SolveParamsInput;
}

/** Makes the job of an image; when it resolves the job is durable and a worker will run it. */
export function submit(
  jobs: AstroJobs,
  image: string,
  options: SubmissionOptions,
  signal: AbortSignal,
): Promise<JobStatus> {
  const source = image === '-' ? addAbortSignal(signal, process.stdin) : image;
  return jobs.submit(source, paramsOf({ ...options }), {
    signal,
    filename: options.filename,
    priority: options.priority,
    delaySeconds: options.delay,
    idempotencyKey: options.idempotencyKey,
    rateKey: options.rateKey,
    tags: options.tag,
    metadata: options.meta,
    exports: options.export,
  });
}
