import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'vitest';
import { completionScript, type Shell } from '../../src/cli/completion/scripts.js';
import { commandWords } from '../../src/cli/completion/words.js';
import { buildProgram } from '../../src/cli/program.js';
import { itWith } from '../needs.js';
import { useCli } from './process.js';

const cli = useCli();

function scriptFile(shell: Shell): string {
  const path = join(cli.dir, `completion.${shell}`);
  writeFileSync(path, completionScript(shell, commandWords(buildProgram())));
  return path;
}

/** What a line may go on with, and with what not. */
const LINES: readonly [line: string, offered: readonly string[], others: readonly string[]][] = [
  ['astro-jobs so', ['solve'], ['status']],
  ['astro-jobs indexes ', ['list', 'recommend', 'install'], ['solve']],
  ['astro-jobs solve --scale-', ['--scale-low', '--scale-high', '--scale-units'], ['--older-than']],
  ['astro-jobs prune --state ', ['done', 'error'], ['--tag']],
];

function check(complete: (line: string) => string): void {
  for (const [line, offered, others] of LINES) {
    // A terminal is told colours and moves besides.
    const words = stripVTControlCharacters(complete(line)).split(/\s+/);
    expect(words, line).toEqual(expect.arrayContaining([...offered]));
    for (const other of others) expect(words, line).not.toContain(other);
  }
}

itWith(['bash'], 'bash completes commands, flags and values', () => {
  const script = scriptFile('bash');
  check((line) => {
    const words = line.split(' ');
    const quoted = words.map((word) => `'${word}'`).join(' ');
    const program = `source ${script}; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _astro_jobs; echo "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['--norc', '-c', program], { encoding: 'utf8', cwd: cli.dir });
  });
});

itWith(['fish'], 'fish completes commands, flags and values', () => {
  const script = scriptFile('fish');
  check((line) =>
    execFileSync('fish', ['--no-config', '-c', `source ${script}; complete -C '${line}'`], {
      encoding: 'utf8',
      cwd: cli.dir,
      env: { ...process.env, HOME: cli.dir },
    }),
  );
});

itWith(['zsh'], 'zsh completes commands, flags and values', () => {
  const script = scriptFile('zsh');
  // A shell at a terminal of its own, which is asked for its list by a tab.
  const ask = join(cli.dir, 'ask.zsh');
  writeFileSync(
    ask,
    `zmodload zsh/zpty
zpty shell 'zsh -f -i'
zpty -w shell "PS1=; unset zle_bracketed_paste; autoload -U compinit; compinit -D -u; source ${script}; zstyle ':completion:*' list-prompt ''; setopt no_list_beep; LISTMAX=1000; bindkey '^I' list-choices; echo READY"
local piece all=''
while [[ $all != *READY*READY* ]]; do zpty -r shell piece || break; all+=$piece; done
zpty -w -n shell "$1"$'\\t'
sleep 2
all=''
while zpty -r -t shell piece; do all+=$piece; done
print -r -- "$all"
zpty -d shell
`,
  );
  check((line) =>
    execFileSync('zsh', ['-f', ask, line], { encoding: 'utf8', cwd: cli.dir, timeout: 60_000 }),
  );
});
