import { z } from 'zod';
import { AstroJobsError } from './job/errors.js';
import { parseInput } from './job/params.js';
import { expectedSetting, fromEnvironment, isSettingText, SETTING_NAMES, settingOf } from './settings.js';

/** Anything with these methods: stores, queues, solvers and loggers are known by what they can do, not by their class. */
function withMethods<T>(what: string, methods: readonly string[]): z.ZodType<T> {
  return z.custom<T>(
    (value) =>
      methods.every((name) => typeof (value as Record<string, unknown> | null)?.[name] === 'function'),
    { error: `${what}, with the methods ${methods.join(', ')}` },
  );
}

const count = z.int({ error: 'a whole number, 1 or more' }).min(1, { error: 'a whole number, 1 or more' });
const seconds = z
  .number({ error: 'a positive number of seconds' })
  .positive({ error: 'a positive number of seconds' });
const text = z.string({ error: 'a text that is not empty' }).min(1, { error: 'a text that is not empty' });
const folders = z.array(text, { error: 'a list of folders' });
const plainObject = z.custom<object>((value) => typeof value === 'object' && value !== null, {
  error: 'an object',
});
const solver = withMethods('a solver', ['inspect', 'solve']);

const imageLimits = { maxBytes: count, maxPixels: count, maxMemoryBytes: count };
const runningLimits = { ...imageLimits, maxLogBytes: count };
const limitsOf = <S extends z.ZodRawShape>(shape: S) => z.strictObject(shape).partial();

const solving = {
  solver: z.union([solver, z.array(solver).min(1)], {
    error: 'a solver, or a list of solvers, with the methods inspect, solve',
  }),
  extractorBin: text,
  indexDirs: folders,
  elements: z.array(text, { error: 'a list of files and folders' }),
  objects: plainObject,
  limits: limitsOf(imageLimits),
  isolation: z.enum(['process', 'none'], { error: '`process` or `none`' }),
  cores: count,
  scratchDir: text,
  memory: z.union([z.literal(false), withMethods('an OpticsMemory', ['get', 'put', 'keys', 'forget'])], {
    error: '`false`, or an OpticsMemory with the methods get, put, keys, forget',
  }),
};

const callback = z.custom<() => void>((value) => typeof value === 'function', { error: 'a function' });

const running = {
  ...solving,
  limits: limitsOf(runningLimits),
  leaseSeconds: seconds,
  maxAttempts: count,
  hooks: z.strictObject({ afterResult: callback }).partial(),
  logger: withMethods('a logger', ['debug', 'info', 'warn', 'error']),
};

const store = withMethods('a JobStore', ['create', 'get', 'replace', 'list', 'runnable', 'remove', 'close']);
const queue = withMethods('a JobQueue', ['attach', 'enqueue', 'wake', 'close']);

const astroJobsOptions = z
  .strictObject({
    ...running,
    limits: limitsOf({ ...runningLimits, maxJobs: count }),
    hooks: z.strictObject({ beforeSubmit: callback, afterResult: callback }).partial(),
    dir: text,
    store,
    queue,
    concurrency: count,
  })
  .partial();

const workerOptions = z
  .strictObject({
    ...running,
    queue,
    concurrency: count,
    health: z.strictObject({ port: z.int().min(0).max(65_535), host: text.optional() }),
  })
  .partial()
  .extend({ store });

const analyzeOptions = z
  .strictObject({
    ...solving,
    signal: z.instanceof(AbortSignal, { error: 'an AbortSignal' }),
    onProgress: callback,
    onLog: callback,
  })
  .partial();

/** @throws AstroJobsError `invalid_params` for a variable that has a value which it cannot have */
function checkEnvironment(): void {
  for (const name of SETTING_NAMES) {
    const setting = settingOf(name);
    const value = fromEnvironment(name);
    if (value !== undefined && !isSettingText(setting, value))
      throw new AstroJobsError(
        'invalid_params',
        `Expected the environment variable ${setting.variable} to be ${expectedSetting(setting)}, got ${JSON.stringify(value)}`,
      );
  }
}

const checked = (schema: z.ZodObject) => (options: object) => {
  parseInput(schema, options, 'option');
  checkEnvironment();
};

/**
 * What a constructor or `analyze` was given, and what the environment adds to it.
 * @throws AstroJobsError `invalid_params` that names the option, or the variable
 */
export const checkAstroJobsOptions = checked(astroJobsOptions);
export const checkWorkerOptions = checked(workerOptions);
export const checkAnalyzeOptions = checked(analyzeOptions);
