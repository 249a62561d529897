import type { Command } from 'commander';
import { anySignal } from '../../async/any-signal.js';
import { untilAborted } from '../../async/until-aborted.js';
import { silentLogger } from '../../job/logger.js';
import { keepHeapSmall } from '../../process/heap.js';
import { fromEnvironment } from '../../settings.js';
import { jobsAction } from '../action.js';
import { EXIT } from '../failure.js';
import { graceOption, parsePort, settingOption } from '../options.js';
import { printDocument, say } from '../print.js';

interface ServeCommandOptions {
  jobId?: string;
  port?: number;
  host?: string;
  token?: string;
  nova?: boolean;
  novaPrivate?: boolean;
  fetchUrls?: boolean;
  allowAnonymous?: boolean;
  allowedHosts?: string[];
  trustedProxies?: string[];
  grace: number;
}

const parseNames = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

export function addServe(program: Command): void {
  program
    .command('serve')
    .summary('serve the page, the REST API and the nova API')
    .description(
      'Serves the page and the REST API over HTTP until it is told to stop (SIGTERM, Ctrl-C); running jobs go on. ' +
        'Listens on this machine only, unless --host says otherwise; then callers must show a key (see `astro-jobs keys`) or the token.',
    )
    .option('--port <n>', 'port, 0 for any free one (default: 8080)', parsePort)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .addOption(settingOption('token'))
    .option('--nova', 'serve the API of nova.astrometry.net too')
    .option(
      '--nova-private',
      "the same, and a job is read with its submitter's key only (publicReads: false)",
    )
    .option('--fetch-urls', 'let callers name the URL of an image')
    .option('--allow-anonymous', 'listen beyond this machine without keys and token')
    .option(
      '--allowed-hosts <names>',
      'further names it answers to, comma-separated (behind a proxy)',
      parseNames,
    )
    .option(
      '--trusted-proxies <addresses>',
      'proxies whose X-Forwarded-For is believed, comma-separated',
      parseNames,
    )
    .addOption(graceOption('requests'))
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs serve
  $ astro-jobs serve --port 9000 --nova          # for astroquery, N.I.N.A., Ekos: http://127.0.0.1:9000/
  $ astro-jobs keys add --name me --scopes admin && astro-jobs serve --host 0.0.0.0
  $ ASTRO_JOBS_TOKEN=… astro-jobs serve --host 0.0.0.0
  $ astro-jobs serve --allowed-hosts sky.example.org --trusted-proxies 127.0.0.1   # behind nginx`,
    )
    .action(
      jobsAction<ServeCommandOptions>(
        async ({ jobs, signal, where }, options) => {
          const { serve } = await import('../../http/serve.js');
          const { lastGuard } = await import('../../http/last-guard.js');
          const { logger = silentLogger } = where;
          keepHeapSmall();
          // What cannot be used is said now, not to the first caller.
          await jobs.store.check();
          using guard = lastGuard(logger);
          const server = await serve(jobs, {
            port: options.port,
            host: options.host,
            token: options.token ?? fromEnvironment('token'),
            nova: options.novaPrivate ? { publicReads: false } : options.nova,
            urlFetch: options.fetchUrls,
            allowAnonymous: options.allowAnonymous,
            allowedHosts: options.allowedHosts,
            trustedProxies: options.trustedProxies,
            logger,
          });
          printDocument({ ok: true, url: server.url });
          await untilAborted(anySignal(signal, guard.signal));
          say('Stopping; once more to leave at once');
          await server.close({ graceSeconds: options.grace, fault: guard.signal.aborted });
          return guard.signal.aborted ? EXIT.failed : undefined;
        },
        { service: true, graceSeconds: ({ grace }) => grace },
      ),
    );
}
