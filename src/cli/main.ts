#!/usr/bin/env node
import { CommanderError } from 'commander';
import { failOnFileSizeLimit } from '../process/file-size-limit.js';
import { EXIT, failureOf } from './failure.js';
import { endQuietlyOnClosedPipe } from './interrupt.js';
import { printDocument } from './print.js';

endQuietlyOnClosedPipe();
failOnFileSizeLimit();
try {
  // Loaded here, so that also a program that cannot be loaded, for want of file handles, ends with a document.
  const { buildProgram } = await import('./program.js');
  await buildProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else {
    const { document, exitCode } = failureOf(error);
    printDocument(document);
    process.exitCode = exitCode;
  }
}
