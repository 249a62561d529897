import { Argument, type Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion/scripts.js';
import { commandWords } from '../completion/words.js';

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .summary('what a shell reads to complete commands and flags')
    .description('Prints a script that completes commands and flags in bash, zsh or fish.')
    .addArgument(new Argument('<shell>', 'whose').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples, the first two for ~/.bashrc and, behind compinit, ~/.zshrc:
  source <(astro-jobs completion bash)
  source <(astro-jobs completion zsh)
  $ astro-jobs completion fish > ~/.config/fish/completions/astro-jobs.fish`,
    )
    .action((shell: Shell) => {
      process.stdout.write(completionScript(shell, commandWords(program)));
    });
}
