import type { Analyze } from './analysis/analysis.js';
import type { FieldOptions } from './catalog/objects-in-field.js';
import type { ImageReader } from './decoding/image-reader.js';
import { wireReader } from './decoding/wire-reader.js';
import { DEFAULTS, defaultCores, defaultElements, defaultRemember } from './defaults.js';
import type { ImageLimits } from './image/image.js';
import type { JobHooks } from './job/hooks.js';
import { type Logger, silentLogger } from './job/logger.js';
import { FileOpticsMemory } from './optics/file-memory.js';
import type { OpticsMemory } from './optics/memory.js';
import { ProcessOpticsMemory } from './optics/process-memory.js';
import { failOnFileSizeLimit } from './process/file-size-limit.js';
import type { Solver } from './solver/solver.js';
import type { JobStore } from './store/job-store.js';
import { JobRunner } from './worker/job-runner.js';
import { createTracer } from './worker/tracing.js';

/** How images are solved, whoever asks for it: `analyze`, an `AstroJobs` or an `AstroJobWorker`. */
export interface SolvingOptions {
  /**
   * Solvers instead of the package's own ones, the preferred first: `auto` takes the first that is available, and `params.solver` names
   * one. The external script stands behind them. @default the package's own engine, which solve-field joins after a second where it is
   * installed; the external script is asked where it is not
   */
  solver?: Solver | readonly Solver[];
  /** The external extraction script. @default process.env.ASTRO_EXTRACT_BIN ?? './astro_extract.py' */
  extractorBin?: string;
  /** Folders with index files besides those of solve-field's configuration. @default process.env.ASTRO_INDEX_DIRS */
  indexDirs?: readonly string[];
  /**
   * Files with elements of asteroids (MPCORB), comets and satellites (two-line elements), and folders of such files: what of them moved
   * through an image is listed and drawn. @default process.env.ASTRO_ELEMENTS
   */
  elements?: readonly string[];
  /** Which objects a result lists, and catalogues of one's own. */
  objects?: FieldOptions;
  /** How large images may be; what is not named has its default. */
  limits?: Partial<ImageLimits>;
  /**
   * Where images are decoded, their metadata read and their stars found: `process`, in child processes that are ended when an image takes
   * too much time or memory, at most as many as there are cores; `none`, in this process, for images that are trusted.
   * @default process.env.ASTRO_JOBS_ISOLATION ?? 'process'
   */
  isolation?: 'process' | 'none';
  /** CPU cores that the images of this process share. @default the number of cores */
  cores?: number;
  /** Where images have their private folders while they are solved. @default the system's temporary folder */
  scratchDir?: string;
  /**
   * Where the last pixel scale and lens of each camera and its optics are kept, and the last position of a sequence, as first guesses for the next image
   * of the same camera; `false` to remember nothing. @default beside the jobs of a jobs directory, otherwise in the process, unless
   * process.env.ASTRO_JOBS_MEMORY is `off`; for `analyze` nothing
   */
  memory?: OpticsMemory | false;
}

/** What one job may take. */
export interface RunningLimits extends ImageLimits {
  /** Cap of each `task.log`, bytes. @default 10 MiB */
  maxLogBytes: number;
}

/** How jobs are run: what an `AstroJobs` and an `AstroJobWorker` have in common. */
export interface RunningOptions extends SolvingOptions {
  /** How large images and logs may be; what is not named has its default. */
  limits?: Partial<RunningLimits>;
  /**
   * Seconds for which a worker holds a job without a sign of life; it renews the lease three times as often. When the worker has died
   * its job is taken up again at the next look for jobs after that: within a second, or a sixth of the lease through BullMQ. @default 30
   */
  leaseSeconds?: number;
  /** How often a job is taken up in all when its worker dies. @default 3 */
  maxAttempts?: number;
  /** What the host does after each job that this process has run. */
  hooks?: Pick<JobHooks, 'afterResult'>;
  /** Anything with pino's methods. @default silent */
  logger?: Logger;
}

/** Loads once, when first asked for; what failed (no file handle was free, say) is loaded again at the next question. */
function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

/** A solver whose code is loaded when it is first asked for: most images are solved without it. */
function lateSolver(name: string, load: () => Promise<Solver>): Solver {
  const solver = lazy(load);
  return {
    name,
    inspect: async () => (await solver()).inspect(),
    solve: async (request, context) => (await solver()).solve(request, context),
  };
}

/** The solvers that a caller gives instead of solve-field. */
function givenSolvers({ solver }: SolvingOptions): readonly Solver[] | undefined {
  if (solver === undefined) return undefined;
  return 'solve' in solver ? [solver] : solver;
}

/** What `params.solver` may be. */
export function solverNames(options: SolvingOptions): readonly string[] {
  const given = givenSolvers(options)?.map(({ name }) => name);
  return ['auto', ...(given ?? ['builtin', 'solve-field']), 'external'];
}

/** The solvers that the options name, the preferred first. Loaded late: a process that only submits needs none of them. */
export function wireSolvers(options: SolvingOptions): () => Promise<readonly Solver[]> {
  const { indexDirs, extractorBin } = options;
  return lazy(async () => {
    const script = lateSolver('external', async () => {
      const { ExternalScript } = await import('./solver/external/external-script.js');
      return new ExternalScript({ bin: extractorBin });
    });
    const given = givenSolvers(options);
    if (given) return [...given, script];
    const solveField = lateSolver('solve-field', async () => {
      const { SolveField } = await import('./solver/solve-field/solve-field.js');
      return new SolveField({ indexDirs });
    });
    const [{ AutoSolver }, { BuiltinSolver }] = await Promise.all([
      import('./solver/auto.js'),
      import('./solver/builtin/builtin-solver.js'),
    ]);
    const builtin = new BuiltinSolver({ indexDirs });
    const auto = new AutoSolver({ first: builtin, second: solveField, last: script });
    return [auto, builtin, solveField, script];
  });
}

/** The pipeline of this process. */
export interface Analysis {
  analyze: Analyze;
  /** Begins to load what the pipeline needs, for a caller that will soon have an image. What fails is told to that image. */
  prepare(): void;
}

/**
 * The analysis of one image after another.
 * @param inUse how many images are being analysed at this moment; they share the cores evenly
 */
export function wireAnalysis(
  options: SolvingOptions,
  solvers: () => Promise<readonly Solver[]>,
  inUse: () => number,
  reader: ImageReader = wireReader(options.isolation),
): Analysis {
  const cores = options.cores ?? defaultCores();
  // Decoders and catalogue are large as well.
  const load = lazy(async () => {
    reader.prepare();
    const [{ createAnalyzer }, usable] = await Promise.all([import('./analysis/analyze.js'), solvers()]);
    return createAnalyzer({
      solvers: usable,
      reader,
      limits: options.limits,
      objects: options.objects,
      elements: options.elements ?? defaultElements(),
      memory: options.memory || undefined,
      cores: () => Math.max(1, Math.floor(cores / Math.max(1, inUse()))),
    });
  });
  return {
    analyze: async (path, params, context) => (await load())(path, params, context),
    prepare: () => {
      load()
        .then(async () => (await solvers())[0]?.prepare?.())
        .catch(() => {});
    },
  };
}

/** Everything that runs the jobs of a store. */
export interface Wiring {
  runner: JobRunner;
  solvers: () => Promise<readonly Solver[]>;
  reader: ImageReader;
  logger: Logger;
  maxAttempts: number;
  /** What the solved images have taught; also there when nothing is added to it, so that it can be forgotten. */
  memory: OpticsMemory;
}

/** Where the cameras of a store's jobs are remembered when the caller says nothing else. */
function memoryBeside({ capabilities: { dir, access = 'private' } }: JobStore, logger: Logger): OpticsMemory {
  return dir === undefined ? new ProcessOpticsMemory() : new FileOpticsMemory({ dir, access, logger });
}

/** The one place where the parts that run jobs are put together. */
export function wireRunner(store: JobStore, options: RunningOptions): Wiring {
  failOnFileSizeLimit();
  const { logger = silentLogger, maxAttempts = DEFAULTS.maxAttempts } = options;
  const solvers = wireSolvers(options);
  const memory = options.memory || memoryBeside(store, logger);
  const remembers = options.memory !== undefined ? options.memory !== false : defaultRemember();
  const reader = wireReader(options.isolation);
  const runner: JobRunner = new JobRunner({
    store,
    ...wireAnalysis({ ...options, memory: remembers && memory }, solvers, () => runner.running, reader),
    leaseSeconds: options.leaseSeconds ?? DEFAULTS.leaseSeconds,
    maxAttempts,
    logger,
    tracer: createTracer(),
    scratchDir: options.scratchDir,
    afterResult: options.hooks?.afterResult,
    maxLogBytes: options.limits?.maxLogBytes ?? DEFAULTS.maxLogBytes,
  });
  return { runner, solvers, reader, logger, maxAttempts, memory };
}
