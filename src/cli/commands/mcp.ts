import type { Command } from 'commander';
import type { AstroJobs } from '../../astro-jobs.js';
import { DEFAULTS, defaultConcurrency } from '../../defaults.js';
import { assertInstalled } from '../../process/packages.js';
import { action } from '../action.js';
import type { OpenOptions } from '../open.js';
import { packageVersion } from '../version.js';

/**
 * Jobs that have not ended go on in a process of their own, which is started before this one lets go of them: a host may end this one within
 * a few seconds.
 */
async function handOver(jobs: AstroJobs, where: OpenOptions): Promise<void> {
  const { jobs: unsettled } = await jobs.list({ state: ['queued', 'processing'], limit: 1 });
  const [waiting] = unsettled;
  if (!waiting) return;
  const { openJobs } = await import('../open.js');
  const others = await openJobs(where);
  await others.queue.enqueue(waiting);
  await others.close();
}

export function addMcp(program: Command): void {
  program
    .command('mcp')
    .summary('serve the tools of an MCP host')
    .description(
      'Speaks the Model Context Protocol on stdin and stdout, for the host that has started it: its tools solve photographs, and tell and draw\n' +
        'what is in them. Needs the package @modelcontextprotocol/server beside astro-jobs.',
    )
    .addHelpText(
      'after',
      `
What a host is told, in the form that most of them read:
  {"mcpServers": {"astro-jobs": {"command": "astro-jobs", "args": ["mcp"]}}}

Examples:
  $ astro-jobs mcp --jobs-dir ./jobs      # as a host starts it`,
    )
    .action(
      action(
        async ({ signal, where }) => {
          assertInstalled('astro-jobs mcp', ['@modelcontextprotocol/server']);
          const [{ openJobs, serviceLogger }, { serveMcp }] = await Promise.all([
            import('../open.js'),
            import('../../mcp/serve-mcp.js'),
          ]);
          const jobs = await openJobs(where, { inForeground: defaultConcurrency() });
          try {
            await jobs.store.check();
            await serveMcp(jobs, { version: packageVersion(), logger: serviceLogger(), signal });
          } finally {
            await handOver(jobs, where);
            await jobs.close({ graceSeconds: 0 });
          }
          return undefined;
        },
        { graceSeconds: () => DEFAULTS.graceSeconds },
      ),
    );
}
