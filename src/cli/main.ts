#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT } from './failure.js';
import { endQuietlyOnClosedPipe } from './interrupt.js';
import { buildProgram } from './program.js';

endQuietlyOnClosedPipe();
try {
  await buildProgram().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
}
