#!/usr/bin/env node
import { printableLines } from '../cli/printable.js';
import { packageVersion } from '../cli/version.js';
import { AstapUsageError, astapHelp, parseAstap } from './astap/arguments.js';
import { solveAsAstap } from './astap/astap.js';
import { ASTAP_EXIT } from './astap/failure.js';
import { runDropIn, warn } from './run.js';

// `astro-jobs-astap`: for programs that call ASTAP.

const tell = (line: string) => void process.stdout.write(`${printableLines(line)}\n`);

await runDropIn(ASTAP_EXIT.noSolution, async (signal, configured) => {
  const argv = process.argv.slice(2);
  try {
    const given = parseAstap(argv);
    if (given) {
      const params = { ...configured, ...given.params };
      return await solveAsAstap({ ...given, params }, ['astap', ...argv].join(' '), { tell, warn }, signal);
    }
    tell(astapHelp(packageVersion()));
    return 0;
  } catch (error) {
    if (!(error instanceof AstapUsageError)) throw error;
    warn(error.message);
    return ASTAP_EXIT.noSolution;
  }
});
