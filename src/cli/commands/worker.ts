import type { Command } from 'commander';
import { untilAborted } from '../../async/until-aborted.js';
import { defaultConcurrency } from '../../defaults.js';
import { action } from '../action.js';
import { graceOption, parsePort, parsePositive, settingOption } from '../options.js';
import { printDocument, say } from '../print.js';

interface WorkerCommandOptions {
  jobId?: string;
  concurrency?: number;
  cores?: number;
  indexDir?: string[];
  elements?: string[];
  healthPort?: number;
  healthHost?: string;
  grace: number;
  memory: boolean;
  stdin?: boolean;
}

/** A runner that is already there ends when it has no more jobs; until then both take them. */
const LOCK_RETRIES = 3;

/** Solves what stdin names until it ends: no jobs, no store. */
async function answerLines(options: WorkerCommandOptions, signal: AbortSignal): Promise<undefined> {
  const [{ serveLines }, { openAnalysis }] = await Promise.all([
    import('../../json-lines/serve-lines.js'),
    import('../../analyze.js'),
  ]);
  const analysis = openAnalysis({ cores: options.cores, indexDirs: options.indexDir });
  await serveLines({
    input: process.stdin,
    output: process.stdout,
    concurrency: options.concurrency ?? defaultConcurrency(),
    signal,
    solve: (image, params, context) => analysis(image, params, context, async ({ result }) => result),
  });
  signal.throwIfAborted();
  return undefined;
}

export function addWorker(program: Command): void {
  program
    .command('worker')
    .summary('solve jobs until told to stop')
    .description(
      'Takes jobs from the queue (ASTRO_JOBS_QUEUE_URL) or, without one, from the jobs directory, and solves them ' +
        'until it is told to stop (SIGTERM, Ctrl-C): then it ends what it runs within --grace, and gives back the rest.',
    )
    .addOption(settingOption('concurrency'))
    .option('--cores <n>', 'CPU cores that the jobs share (default: all)', parsePositive)
    .addOption(settingOption('indexDirs'))
    .addOption(settingOption('elements'))
    .addOption(settingOption('memory'))
    .option('--health-port <n>', 'answer GET /healthz, /readyz and /metrics here', parsePort)
    .option('--health-host <address>', 'and on this address (default: 127.0.0.1)')
    .option('--stdin', 'take lines of JSON from stdin and answer with lines of JSON on stdout, without jobs')
    .addOption(graceOption('running jobs'))
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs worker --jobs-dir /srv/astro_jobs
  $ ASTRO_JOBS_STORE_URL=postgres://db/astro astro-jobs worker --concurrency 4 --grace 10m --health-port 9001
  $ echo '{"id": 1, "image": "M42.jpg"}' | astro-jobs worker --stdin`,
    )
    .action(
      action<WorkerCommandOptions>(
        async ({ signal, where }, options) => {
          if (options.stdin) return answerLines(options, signal);
          const { openEngine, openStore, serviceLogger } = await import('../open.js');
          const logger = serviceLogger();
          const [{ AstroJobWorker }, { holdRunnerLock }] = await Promise.all([
            import('../../astro-job-worker.js'),
            import('../../queue/runner-lock.js'),
          ]);
          const [store, queue] = [await openStore({ ...where, logger }), await openEngine(where)];
          const worker = new AstroJobWorker({
            store,
            queue,
            concurrency: options.concurrency,
            cores: options.cores,
            indexDirs: options.indexDir,
            elements: options.elements,
            memory: options.memory ? undefined : false,
            health:
              options.healthPort === undefined
                ? undefined
                : { port: options.healthPort, host: options.healthHost },
            logger,
          });
          // It tells callers that submit to the jobs directory on this host that its jobs have a runner.
          let letGo: (() => Promise<void>) | undefined;
          try {
            const started = worker.start();
            await Promise.race([started, untilAborted(signal)]);
            signal.throwIfAborted();
            const { dir } = store.capabilities;
            if (!queue && dir !== undefined) {
              letGo = await holdRunnerLock(dir, {
                retries: LOCK_RETRIES,
                onLost: (err) => logger.warn({ err }, 'Another runner works beside this worker'),
              });
            }
            printDocument({ ok: true, pid: process.pid, health_port: worker.healthPort });
            await untilAborted(signal);
            say(
              `Stopping; ${worker.running} running jobs have ${options.grace} s; once more to leave at once`,
            );
          } finally {
            await worker.close({ graceSeconds: options.grace });
            await letGo?.();
          }
          return undefined;
        },
        { graceSeconds: ({ grace }) => grace },
      ),
    );
}
