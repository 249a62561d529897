#!/usr/bin/env node
import { CommanderError } from 'commander';
import { printableLines } from '../cli/printable.js';
import { packageVersion } from '../cli/version.js';
import { runDropIn, warn } from './run.js';
import { solveFieldArguments, solveFieldCommand } from './solve-field/arguments.js';
import { solveFields, UNUSABLE } from './solve-field/solve-field.js';

// `astro-jobs-solve-field`: for programs that call solve-field.

await runDropIn(UNUSABLE, async (signal, configured) => {
  const command = solveFieldCommand(packageVersion()).exitOverride();
  try {
    command.parse();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : UNUSABLE;
    throw error;
  }
  const given = solveFieldArguments(command);
  if (given.images.length === 0 && !given.filesOnStdin) {
    warn("ERROR: You didn't specify any files to process.");
    return UNUSABLE;
  }
  const voice = {
    tell: (line: string) => void process.stdout.write(`${printableLines(line)}\n`),
    warn,
    log: (text: string) => void process.stderr.write(printableLines(text)),
  };
  return solveFields({ ...given, params: { ...configured, ...given.params } }, voice, signal);
});
