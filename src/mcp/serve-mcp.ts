import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { AstroJobs } from '../astro-jobs.js';
import { anySignal } from '../async/any-signal.js';
import { untilAborted } from '../async/until-aborted.js';
import type { Logger } from '../job/logger.js';
import { addFieldTools } from './field-tools.js';
import { addSolvingTools } from './solving-tools.js';

const INSTRUCTIONS =
  'Plate solving: finds where on the sky a photograph of stars looks. Begin with `solve`, or with `submit` for several; the job_id that they ' +
  'give is what the other tools are asked about. A scale or a position that is known makes it faster, and narrow fields possible; both are bounds ' +
  'that are never relaxed, so give none that is a guess.';

export interface ServeMcpOptions {
  version: string;
  logger: Logger;
  signal: AbortSignal;
}

/** Serves the jobs to an MCP host over stdin and stdout, until the host closes them or the signal is aborted. */
export async function serveMcp(jobs: AstroJobs, { version, logger, signal }: ServeMcpOptions): Promise<void> {
  const hostHasGone = new AbortController();
  for (const event of ['end', 'close', 'error'] as const)
    process.stdin.once(event, () => hostHasGone.abort());
  const connection = serveStdio(
    () => {
      const server = new McpServer(
        { name: 'astro-jobs', title: 'Astro Jobs', version },
        { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
      );
      addSolvingTools(server, jobs);
      addFieldTools(server, jobs);
      return server;
    },
    { onerror: (err) => logger.warn({ err }, 'MCP') },
  );
  await untilAborted(anySignal(signal, hostHasGone.signal));
  await connection.close();
}
