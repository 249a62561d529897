import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.js';

const MOST_LINES = 24;

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 80 });
  command.outputHelp();
  return text;
}

/** Lines of help besides those that describe options. */
function linesBesideOptions(help: string): string[] {
  let isOption = false;
  return help
    .trimEnd()
    .split('\n')
    .filter((line) => {
      if (/^ {2}-/.test(line)) isOption = true;
      else if (!/^ {10}/.test(line)) isOption = false;
      return !isOption;
    });
}

const commandsOf = (command: Command): Command[] => [command, ...command.commands.flatMap(commandsOf)];
const commands = buildProgram().commands.flatMap(commandsOf);

it.each(commands.map((command) => [command.name(), command] as const))(
  'the help of %s fits on a screen, but for its options, and has an example',
  (_, command) => {
    const help = helpOf(command);
    expect(linesBesideOptions(help).length, help).toBeLessThanOrEqual(MOST_LINES);
    expect(help).toMatch(/^Examples?\b/m);
  },
);
