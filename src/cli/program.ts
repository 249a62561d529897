import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addCancel, addPrune, addRemove, addRetry } from './commands/change.js';
import { addList, addLogs, addResult, addStatus } from './commands/read.js';
import { addSubmit } from './commands/submit.js';
import { addSolve, addWait } from './commands/wait.js';
import { jobsDirOption } from './options.js';
import { printableLines } from './printable.js';

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

const EXAMPLES = `
Examples:
  $ astro-jobs doctor                                   # is everything here?
  $ astro-jobs solve --image M42.jpg                    # one photograph, now
  $ astro-jobs submit --image M42.jpg                   # or in the background: prints a job id
  $ astro-jobs wait --job-id ID
  $ astro-jobs annotate --job-id ID -o M42-named.jpg    # the picture with its objects named

JSON goes to stdout and nothing else; words and progress go to stderr.
Exit status: 0 well, 1 it failed ("ok": false says why), 2 wrong usage or a damaged document.`;

/** The whole command line; commands load what they need when they are run. */
export function buildProgram(): Command {
  const program = new Command('astro-jobs')
    .description('A photograph of the sky in, structured astrometry out.')
    .version(version())
    .exitOverride()
    .showHelpAfterError()
    .configureOutput({ writeErr: (text) => process.stderr.write(printableLines(text)) })
    .addHelpText('after', EXAMPLES);
  addSubmit(program);
  addSolve(program);
  addWait(program);
  addStatus(program);
  addResult(program);
  addList(program);
  addLogs(program);
  addCancel(program);
  addRetry(program);
  addRemove(program);
  addPrune(program);
  for (const command of program.commands) command.addOption(jobsDirOption());
  return program.addOption(jobsDirOption());
}
