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
Examples, each for a file that the shell reads when it starts:
  source <(astro-jobs completion bash)      # ~/.bashrc
  source <(astro-jobs completion zsh)       # ~/.zshrc, behind compinit
  astro-jobs completion fish | source       # ~/.config/fish/config.fish`,
    )
    .action((shell: Shell) => {
      process.stdout.write(completionScript(shell, commandWords(program)));
    });
}
