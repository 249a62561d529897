import { Command, CommanderError } from 'commander';
import { addAnnotate } from './commands/annotate.js';
import { addBatch } from './commands/batch.js';
import { addCalibrate } from './commands/calibrate.js';
import { addCalibrations } from './commands/calibrations.js';
import { addCancel, addPrune, addRemove, addRetry } from './commands/change.js';
import { addCompletion } from './commands/completion.js';
import { addConfig } from './commands/config.js';
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
import { applyParams } from './configuration/apply.js';
import type { Configuration } from './configuration/configuration.js';
import { EXIT, isUsageError } from './failure.js';
import { wrapped } from './layout.js';
import { addGeneralOptions, settingOption } from './options.js';
import { beQuiet } from './print.js';
import { printableLines } from './printable.js';
import { versionWords } from './version.js';

const EXAMPLES = `
Examples:
  $ astro-jobs doctor                                   # is everything here?
  $ astro-jobs indexes recommend M42.jpg                # are there stars for its field of view?
  $ astro-jobs solve M42.jpg                            # one photograph, or several, now
  $ astro-jobs submit --image M42.jpg                   # or in the background: prints a job id
  $ astro-jobs wait 1f0c                                # an id, or how it begins
  $ astro-jobs batch night/                             # every picture of a folder: a table and a report
  $ astro-jobs annotate 1f0c -o M42-named.jpg           # the picture with its objects named

JSON goes to stdout and nothing else; words and progress go to stderr; a terminal gets words.
Exit status: 0 well, 1 it failed ("ok": false says why), 2 wrong usage or a damaged document.`;

/** An error of usage: a terminal gets its words whole. */
function outputError(text: string, write: (text: string) => void): void {
  const { isTTY, columns } = process.stderr;
  const lines = text.trimEnd().split('\n');
  write(isTTY ? `${lines.flatMap((line) => wrapped(line, columns)).join('\n')}\n` : text);
}

/** What is typed for a command: `astro-jobs indexes list`. */
const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

/** What follows an error of usage: short, so that the error above it is seen. */
function usageOf(command: Command): string {
  const path = pathOf(command);
  return `\nUsage: ${path} ${command.usage()}\n       ${path} --help  tells more`;
}

/** Of a group each command says itself what it understands. */
const leaves = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);

/** Reads the configuration for a command that is about to run. */
async function configure(command: Command): Promise<Configuration> {
  const { config, quiet } = command.optsWithGlobals<{ config?: string; quiet?: boolean }>();
  if (quiet) beQuiet();
  const { loadConfiguration } = await import('./configuration/configuration.js');
  try {
    const configuration = loadConfiguration(config);
    applyParams(command, configuration.params);
    return configuration;
  } catch (error) {
    if (isUsageError(error)) command.error(`error: ${error.message}`, { exitCode: EXIT.usage });
    throw error;
  }
}

/** The whole command line; commands load what they need when they are run. */
export function buildProgram(): Command {
  let configuration: Configuration = { fromFile: new Set(), params: {} };
  const program = new Command('astro-jobs')
    .description('A photograph of the sky in, structured astrometry out.')
    .option('-V, --version', 'the versions of program, engine and stars')
    .on('option:version', () => {
      process.stdout.write(`${versionWords()}\n`);
      throw new CommanderError(EXIT.ok, 'commander.version', '');
    })
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(printableLines(text)), outputError })
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
  addCalibrations(program);
  addAnnotate(program);
  addExport(program);
  addCalibrate(program);
  addDoctor(program);
  addConfig(program, () => configuration);
  addIndexes(program);
  addServe(program);
  addMcp(program);
  addKeys(program);
  addWorker(program);
  program.addOption(settingOption('jobsDir')).showHelpAfterError(usageOf(program));
  for (const command of program.commands) {
    command.showHelpAfterError(usageOf(command));
    for (const part of command.commands) part.showHelpAfterError(usageOf(part));
    if (command.commands.length === 0) command.addOption(settingOption('jobsDir'));
  }
  for (const command of leaves(program)) addGeneralOptions(command);
  program.hook('preAction', async (_, command) => {
    // A shell that starts reads this one, whatever lies in its folder.
    if (command.name() !== 'completion') configuration = await configure(command);
  });
  addCompletion(program);
  return program;
}

/** Does what was typed. The exit status is that of the process. */
export async function runProgram(): Promise<void> {
  try {
    await buildProgram().parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
}
