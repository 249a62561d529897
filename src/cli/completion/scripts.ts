import type { CommandWords } from './words.js';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Words that may follow a command: flags, and commands in it. */
const wordsOf = ({ flags, commands }: CommandWords) =>
  [...commands.map(({ name }) => name), ...flags.flatMap((flag) => flag.flags)].join(' ');

/** Lines of `case` for values that are known, and for values that are files. */
function valueCases(
  commands: readonly CommandWords[],
  answer: (choices: string) => string,
  files: string,
): string {
  return commands
    .flatMap(({ path, flags }) =>
      flags
        .filter(({ takesValue }) => takesValue)
        .map((flag) => {
          const pattern = flag.flags.map((one) => quoted(`${path} ${one}`)).join('|');
          return `    ${pattern}) ${flag.choices.length > 0 ? answer(flag.choices.join(' ')) : files}; return ;;`;
        }),
    )
    .join('\n');
}

/** The command that is being typed, as a function of bash and zsh that sets `typed`: words of the line that are commands. */
const findPath = (commands: readonly CommandWords[], words: string) => `  local typed='' word
  for word in ${words}; do
    case "\${typed:+$typed }$word" in
${commands
  .filter(({ path }) => path !== '')
  .map(({ path }) => `      ${quoted(path)}) typed=${quoted(path)} ;;`)
  .join('\n')}
    esac
  done`;

function bash(commands: readonly CommandWords[]): string {
  return `# astro-jobs: completion for bash. To have it: source <(astro-jobs completion bash)
_astro_jobs() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=''
${findPath(commands, `"\${COMP_WORDS[@]:1:COMP_CWORD-1}"`)}
  COMPREPLY=()
  case "$typed $previous" in
${valueCases(commands, (choices) => `COMPREPLY=($(compgen -W ${quoted(choices)} -- "$current"))`, 'COMPREPLY=($(compgen -f -- "$current"))')}
  esac
  case "$typed" in
${commands.map((command) => `    ${quoted(command.path)}) words=${quoted(wordsOf(command))} ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ $current == -* || \${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _astro_jobs astro-jobs
`;
}

function zsh(commands: readonly CommandWords[]): string {
  const described = ({ flags, commands: parts }: CommandWords) =>
    [
      ...parts.map(({ name, text }) => quoted(`${name}:${text}`)),
      ...flags.flatMap((flag) =>
        flag.flags.map((one) => quoted(`${one}:${flag.text.replaceAll(':', '\\:')}`)),
      ),
    ].join(' ');
  return `#compdef astro-jobs
# astro-jobs: completion for zsh. To have it: source <(astro-jobs completion zsh)
_astro_jobs() {
  local current="\${words[CURRENT]}" previous="\${words[CURRENT-1]}"
  local -a found
${findPath(commands, `"\${(@)words[2,CURRENT-1]}"`)}
  case "$typed $previous" in
${valueCases(commands, (choices) => `compadd -- ${choices}`, '_files')}
  esac
  case "$typed" in
${commands.map((command) => `    ${quoted(command.path)}) found=(${described(command)}) ;;`).join('\n')}
  esac
  _describe -V 'astro-jobs' found
  [[ $current == -* ]] || _files
}
compdef _astro_jobs astro-jobs
`;
}

function fish(commands: readonly CommandWords[]): string {
  const names = (path: string) => path.split(' ').filter((name) => name !== '');
  const condition = ({ path, commands: parts }: CommandWords) => {
    const typed = names(path).map((name) => `__fish_seen_subcommand_from ${name}`);
    const none =
      parts.length > 0 ? [`not __fish_seen_subcommand_from ${parts.map(({ name }) => name).join(' ')}`] : [];
    return quoted([...typed, ...none].join('; and '));
  };
  const lines = commands.flatMap((command) => {
    const start = `complete -c astro-jobs -n ${condition(command)}`;
    return [
      ...command.commands.map(({ name, text }) => `${start} -a ${name} -d ${quoted(text)}`),
      ...command.flags.map(({ flags, text, takesValue, choices }) => {
        const named = flags.map((flag) =>
          flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
        );
        const value = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : takesValue ? ' -r' : '';
        return `${start} ${named.join(' ')}${value} -d ${quoted(text)}`;
      }),
    ];
  });
  return `# astro-jobs: completion for fish. To have it: astro-jobs completion fish | source\n${lines.join('\n')}\n`;
}

/** What a shell reads to complete the commands and flags of the program. */
export function completionScript(shell: Shell, commands: readonly CommandWords[]): string {
  return { bash, zsh, fish }[shell](commands);
}
