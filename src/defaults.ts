import { availableParallelism, homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { choiceOf, fromEnvironment, isOn, namesOf, pathsOf, SETTING_TABLE } from './settings.js';

/**
 * Every default of the library, and what the environment says instead (`SETTING_TABLE`). An option that a caller gives outweighs
 * the variable. The variables are read when a default is asked for, so a host may set them after the import.
 */

/** The jobs directory. */
export const defaultJobsDir = (): string => fromEnvironment('jobsDir') ?? SETTING_TABLE.jobsDir.usual;

/** Jobs that one process runs side by side. */
export function defaultConcurrency(): number {
  const wanted = Number(fromEnvironment('concurrency'));
  return Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism();
}

/** CPU cores that the jobs of one process share. */
export const defaultCores = (): number => availableParallelism();

/** Who may read the files of a jobs directory: `private` (0700, 0600) or `group` (0770, 0660). */
export const defaultAccess = (): 'private' | 'group' =>
  choiceOf(SETTING_TABLE.access, fromEnvironment('access') ?? '') === 'group' ? 'group' : 'private';

/** Whether the last solution of each camera is remembered. */
export const defaultRemember = (): boolean => isOn(fromEnvironment('memory') ?? '');

/** Whether images are read in processes of their own or in this one. */
export const defaultIsolation = (): 'process' | 'none' =>
  choiceOf(SETTING_TABLE.isolation, fromEnvironment('isolation') ?? '') === 'none' ? 'none' : 'process';

/** Path or name of solve-field. */
export const defaultSolveField = (): string =>
  fromEnvironment('solveField') ?? SETTING_TABLE.solveField.usual;

/** Folders with index files besides those of solve-field's configuration. */
export const defaultIndexDirs = (): string[] => pathsOf(fromEnvironment('indexDirs') ?? '');

/** Files and folders with elements of asteroids, comets and satellites. */
export const defaultElements = (): string[] => pathsOf(fromEnvironment('elements') ?? '');

/** Folders for what can be reckoned again, the first that can be used: of the user, else among the temporary files. */
export function defaultCacheDirs(): string[] {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const named = fromEnvironment('cacheDir');
  if (named !== undefined) return [named];
  const temporary = join(tmpdir(), `astro-jobs-${process.getuid?.() ?? 'user'}`);
  const base = XDG_CACHE_HOME || LOCALAPPDATA || homeCache();
  return base === undefined ? [temporary] : [join(base, 'astro-jobs'), temporary];
}

/** A container may run as a user of whom its machine knows nothing, and without HOME. */
function homeCache(): string | undefined {
  try {
    return join(homedir(), '.cache');
  } catch {
    return undefined;
  }
}

/** The external extraction script. */
export const defaultExtractorBin = (): string =>
  fromEnvironment('extractorBin') ?? SETTING_TABLE.extractorBin.usual;

/** Names of environment variables that the external script is given besides the usual ones, with commas or spaces between. */
export const defaultExtractorEnv = (): string[] => namesOf(fromEnvironment('extractorEnv') ?? '');

/** What `serve` and `worker` log. */
export const defaultLogLevel = (): string => fromEnvironment('logLevel') ?? SETTING_TABLE.logLevel.usual;

/** The database of a queue engine, as a URL; empty when none is named. */
export const defaultQueueUrl = (): string => fromEnvironment('queueUrl') ?? '';

export const DEFAULTS = {
  /** Seconds until the job of a dead worker is taken up again. */
  leaseSeconds: 30,
  /** How often a job is taken up in all when its worker dies. */
  maxAttempts: 3,
  /** Bytes of one image. */
  maxBytes: 2 ** 30,
  /** Pixels of one image. */
  maxPixels: 400_000_000,
  /** Bytes of memory that reading one image may take. */
  maxMemoryBytes: 2 * 2 ** 30,
  /** Bytes of one `task.log`. */
  maxLogBytes: 10 * 2 ** 20,
  /**
   * Seconds that running jobs, requests and commands have to end when their process is told to stop, or what runs them is closed. With
   * the two seconds that letting go takes it fits into the ten of `docker stop`.
   */
  graceSeconds: 8,
  /** Milliseconds within which jobs that were stopped are given back: those of a store that does not answer are left to their leases. */
  releaseMs: 1000,
  /** Milliseconds within which connections say goodbye before they are cut. */
  goodbyeMs: 300,
  /** That the hook `afterResult` has for one job. */
  afterResultSeconds: 30,
  /** In which a store and a queue must answer when a caller asks whether all is in order, milliseconds. */
  inspectMs: 1200,
  /** The same for a solver, which may have to start its program and look at index files on a disk that sleeps. */
  inspectSolverMs: 5_000,
  /** Milliseconds between two questions to the store for jobs that were not announced to this process. */
  pollMs: 1000,
} as const;
