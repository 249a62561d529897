import type { Command, Option } from 'commander';

/** A flag as a shell completes it. */
export interface FlagWords {
  flags: string[];
  text: string;
  /** Whether a value follows it. */
  takesValue: boolean;
  /** What the value may be; empty for anything, such as a file. */
  choices: readonly string[];
}

/** A command as a shell completes it. */
export interface CommandWords {
  /** What is typed for it behind the program: `indexes list`; empty for the program itself. */
  path: string;
  text: string;
  flags: FlagWords[];
  /** The commands in it. */
  commands: { name: string; text: string }[];
}

function flagWords({ short, long, description, required, optional, argChoices }: Option): FlagWords {
  const flags = [long, short].filter((flag) => flag !== undefined && flag !== null);
  return {
    flags,
    text: description.split('\n')[0] ?? '',
    takesValue: required || optional,
    choices: argChoices ?? [],
  };
}

/** All commands of a program, itself first. */
export function commandWords(command: Command, path: readonly string[] = []): CommandWords[] {
  const { options, commands } = command;
  const own = {
    path: path.join(' '),
    text: command.summary(),
    flags: [
      ...options.map(flagWords),
      { flags: ['--help', '-h'], text: 'help', takesValue: false, choices: [] },
    ],
    commands: commands.map((part) => ({ name: part.name(), text: part.summary() })),
  };
  return [own, ...commands.flatMap((part) => commandWords(part, [...path, part.name()]))];
}
