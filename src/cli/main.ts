#!/usr/bin/env node
import { decoders } from '../decoding/child/this-process.js';
import { defaultIsolation } from '../defaults.js';
import { failOnFileSizeLimit } from '../process/file-size-limit.js';
import { failureOf } from './failure.js';
import { endQuietlyOnClosedPipe } from './interrupt.js';
import { printDocument } from './print.js';

endQuietlyOnClosedPipe();
failOnFileSizeLimit();
// The process that reads images takes about as long to start as the rest of this one: beside it.
if (process.argv[2] === 'solve' && defaultIsolation() === 'process') decoders.prepare();
try {
  // Loaded here, so that also a program that cannot be loaded, for want of file handles, ends with a document.
  const { runProgram } = await import('./program.js');
  await runProgram();
} catch (error) {
  const { document, exitCode } = failureOf(error);
  printDocument(document);
  process.exitCode = exitCode;
}
