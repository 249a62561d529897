/**
 * Every setting of a process, once: environment variables, flags, keys of a configuration file, their checks and the docs derive from this
 * table. What is said at the call outweighs the variable, the variable the file.
 */

/** What is declared of every setting. */
interface SettingFacts {
  /** The environment variable. */
  variable: string;
  /** What it means, for a person: help and docs say the same. */
  text: string;
  /** What holds where nothing is said. */
  usual: string;
  /** The option of the library that says the same. */
  option?: string;
  /** How the command line calls it, with a placeholder where it takes a value. */
  flag?: string;
  /** Where the docs tell more, below docs/. */
  more?: string;
  /** It is of no use to the program, or known too late: no flag, no key of a file. */
  isVariableOnly?: true;
}

/** A setting, by what its value is. */
export type Setting = SettingFacts &
  (
    | { kind: 'folder' | 'program' | 'url' | 'secret' }
    /** Several, in a variable with `:` between. */
    | { kind: 'paths' }
    /** Names of variables, in a variable with commas or spaces between. */
    | { kind: 'names' }
    /** A whole number, 1 or more. */
    | { kind: 'count' }
    | { kind: 'choice'; choices: readonly string[]; words?: Readonly<Record<string, string>> }
    /** `on` or `off`. */
    | { kind: 'switch' }
  );

const NONE = { off: 'none', no: 'none', false: 'none', 0: 'none' };

export const SETTING_TABLE = {
  jobsDir: {
    kind: 'folder',
    variable: 'JOBS_DIR',
    text: 'where the jobs are',
    usual: '/srv/astro_jobs',
    option: 'dir',
    flag: '--jobs-dir <dir>',
  },
  concurrency: {
    kind: 'count',
    variable: 'ASTRO_JOBS_CONCURRENCY',
    text: 'jobs side by side',
    usual: 'the number of cores',
    option: 'concurrency',
    flag: '--concurrency <n>',
  },
  indexDirs: {
    kind: 'paths',
    variable: 'ASTRO_INDEX_DIRS',
    text: 'folder with more index files',
    usual: "those of astrometry.net's configuration",
    option: 'indexDirs',
    flag: '--index-dir <dir>',
  },
  elements: {
    kind: 'paths',
    variable: 'ASTRO_ELEMENTS',
    text: 'file or folder with elements of asteroids, comets, satellites',
    usual: 'none',
    option: 'elements',
    flag: '--elements <path>',
    more: 'moving-objects.md',
  },
  extractorBin: {
    kind: 'program',
    variable: 'ASTRO_EXTRACT_BIN',
    text: "external extraction script, where solve-field is missing or solver is 'external'",
    usual: './astro_extract.py',
    option: 'extractorBin',
    more: 'which-solver.md',
  },
  extractorEnv: {
    kind: 'names',
    variable: 'ASTRO_EXTRACT_ENV',
    text: 'further variables that the script may see',
    usual: 'PATH, HOME, LANG and those of Python only',
  },
  solveField: {
    kind: 'program',
    variable: 'ASTRO_SOLVE_FIELD',
    text: 'path or name of solve-field',
    usual: 'solve-field',
    option: 'new SolveField({ program })',
  },
  cacheDir: {
    kind: 'folder',
    variable: 'ASTRO_CACHE_DIR',
    text: 'where quads made of the packaged stars are kept (140 MB, made on first need)',
    usual: '~/.cache/astro-jobs, else a temporary folder',
  },
  packageDir: {
    kind: 'folder',
    variable: 'ASTRO_JOBS_PACKAGE_DIR',
    text: 'the folder of this package, where a bundled program does not find it',
    usual: 'found by itself',
    more: 'bundlers.md',
    isVariableOnly: true,
  },
  access: {
    kind: 'choice',
    choices: ['private', 'group'],
    variable: 'ASTRO_JOBS_ACCESS',
    text: 'modes of the jobs directory: private (0700, 0600) or group (0770, 0660)',
    usual: 'private',
    option: 'new FileSystemJobStore({ access })',
  },
  memory: {
    kind: 'switch',
    variable: 'ASTRO_JOBS_MEMORY',
    text: 'remember the last scale and lens of each camera',
    usual: 'on',
    option: 'memory',
    flag: '--no-memory',
    more: 'operations.md#what-is-remembered',
  },
  isolation: {
    kind: 'choice',
    choices: ['process', 'none'],
    words: NONE,
    variable: 'ASTRO_JOBS_ISOLATION',
    text: 'process: images are read in processes that can be ended; none: in this one',
    usual: 'process',
    option: 'isolation',
    more: 'reliability.md#images-of-strangers',
  },
  storeUrl: {
    kind: 'url',
    variable: 'ASTRO_JOBS_STORE_URL',
    text: 'postgres://…: jobs in a database; --jobs-dir outweighs it',
    usual: 'the jobs directory',
    option: 'store',
    more: 'scaling.md',
  },
  queueUrl: {
    kind: 'url',
    variable: 'ASTRO_JOBS_QUEUE_URL',
    text: 'redis://… or postgres://…: workers elsewhere solve',
    usual: "none; the store's database, if it is one",
    option: 'queue',
    more: 'scaling.md',
  },
  token: {
    kind: 'secret',
    variable: 'ASTRO_JOBS_TOKEN',
    text: "the administrator's token of serve, who may do everything",
    usual: 'none; without keys too, this machine only',
    option: 'serve({ token })',
    flag: '--token <token>',
    more: 'http.md#keys',
  },
  logLevel: {
    kind: 'choice',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    variable: 'ASTRO_LOG_LEVEL',
    text: 'what serve and worker log',
    usual: 'info',
    more: 'operations.md#logs-metrics-and-probes',
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof SETTING_TABLE;

/** Those that the command line has a flag for. */
export type SettingWithFlag = {
  [Name in SettingName]: (typeof SETTING_TABLE)[Name] extends { flag: string } ? Name : never;
}[SettingName];

export const SETTING_NAMES = Object.keys(SETTING_TABLE) as SettingName[];

/** What is declared of a setting. */
export const settingOf = (name: SettingName): Setting => SETTING_TABLE[name];

/** What the environment says; undefined for a variable that is not set, or empty. */
export function fromEnvironment(name: SettingName): string | undefined {
  return process.env[SETTING_TABLE[name].variable] || undefined;
}

/** The paths in a variable. */
export const pathsOf = (text: string): string[] => text.split(':').filter((path) => path !== '');

/** The names in a variable. */
export const namesOf = (text: string): string[] => text.split(/[,\s]+/).filter((name) => name !== '');

/** Whether a switch is on. */
export const isOn = (text: string): boolean => !/^(off|no|false|0)$/i.test(text);

/** The choice that a text stands for; undefined for one that stands for none. */
export function choiceOf(setting: Setting & { kind: 'choice' }, text: string): string | undefined {
  const word = text.toLowerCase();
  return setting.choices.find((choice) => choice === (setting.words?.[word] ?? word));
}

/** What a value has to be, as messages say it. */
export function expectedSetting(setting: Setting): string {
  switch (setting.kind) {
    case 'count':
      return 'a whole number, 1 or more';
    case 'choice':
      return setting.choices.length === 2
        ? setting.choices.map((choice) => `\`${choice}\``).join(' or ')
        : `one of ${setting.choices.join(', ')}`;
    case 'switch':
      return '`on` or `off`';
    case 'paths':
      return 'paths, with `:` between';
    case 'names':
      return 'names, with commas between';
    default:
      return 'a text';
  }
}

/** Whether a variable may have this value. */
export function isSettingText(setting: Setting, text: string): boolean {
  switch (setting.kind) {
    case 'count':
      return /^[1-9]\d*$/.test(text);
    case 'choice':
      return choiceOf(setting, text) !== undefined;
    case 'switch':
      return /^(on|yes|true|1|off|no|false|0)$/i.test(text);
    default:
      return true;
  }
}
