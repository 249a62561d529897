import { Command } from 'commander';
import { addAnnotate } from './commands/annotate.js';
import { addBatch } from './commands/batch.js';
import { addCalibrate } from './commands/calibrate.js';
import { addCancel, addPrune, addRemove, addRetry } from './commands/change.js';
import { addCompletion } from './commands/completion.js';
import { addDoctor } from './commands/doctor.js';
import { addExport } from './commands/export.js';
import { addFiles } from './commands/files.js';
import { addForget } from './commands/forget.js';
import { addIndexes } from './commands/indexes.js';
import { addKeys } from './commands/keys.js';
import { addMcp } from './commands/mcp.js';
import { addList, addLogs, addResult, addStats, addStatus } from './commands/read.js';
import { addServe } from './commands/serve.js';
import { addSolve } from './commands/solve.js';
import { addSubmit } from './commands/submit.js';
import { addWait } from './commands/wait.js';
import { addWorker } from './commands/worker.js';
import { jobsDirOption } from './options.js';
import { printableLines } from './printable.js';
import { packageVersion } from './version.js';

const EXAMPLES = `
Examples:
  $ astro-jobs doctor                                   # is everything here?
  $ astro-jobs indexes recommend M42.jpg                # are there stars for its field of view?
  $ astro-jobs solve M42.jpg                            # one photograph, or several, now
  $ astro-jobs submit --image M42.jpg                   # or in the background: prints a job id
  $ astro-jobs wait 1f0c                                # an id, or how it begins
  $ astro-jobs batch night/                             # every picture of a folder: a table and a report
  $ astro-jobs annotate 1f0c -o M42-named.jpg           # the picture with its objects named

JSON goes to stdout and nothing else; words and progress go to stderr.
Exit status: 0 well, 1 it failed ("ok": false says why), 2 wrong usage or a damaged document.`;

/** What is typed for a command: `astro-jobs indexes list`. */
const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

/** What follows an error of usage: short, so that the error above it is seen. */
function usageOf(command: Command): string {
  const path = pathOf(command);
  return `\nUsage: ${path} ${command.usage()}\n       ${path} --help  tells more`;
}

/** The whole command line; commands load what they need when they are run. */
export function buildProgram(): Command {
  const program = new Command('astro-jobs')
    .description('A photograph of the sky in, structured astrometry out.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(printableLines(text)) })
    .addHelpText('after', EXAMPLES);
  addSubmit(program);
  addSolve(program);
  addBatch(program);
  addWait(program);
  addStatus(program);
  addResult(program);
  addList(program);
  addLogs(program);
  addFiles(program);
  addStats(program);
  addCancel(program);
  addRetry(program);
  addRemove(program);
  addPrune(program);
  addForget(program);
  addAnnotate(program);
  addExport(program);
  addCalibrate(program);
  addDoctor(program);
  addIndexes(program);
  addServe(program);
  addMcp(program);
  addKeys(program);
  addWorker(program);
  program.addOption(jobsDirOption()).showHelpAfterError(usageOf(program));
  for (const command of program.commands) {
    command.showHelpAfterError(usageOf(command));
    for (const part of command.commands) part.showHelpAfterError(usageOf(part));
    // Of a group each command says itself whether it is about jobs.
    if (command.commands.length === 0) command.addOption(jobsDirOption());
  }
  addCompletion(program);
  return program;
}
