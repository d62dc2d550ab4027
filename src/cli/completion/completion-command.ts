import { Argument, type Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { examples } from '../common-options.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

/** `whatsappd completion`: what a shell needs to complete commands and options. */
export function addCompletionCommand(program: Command, context: CommandContext): void {
  program
    .command('completion')
    .summary('print what a shell needs to complete the words of a command')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText(
      'after',
      examples(
        ['source <(whatsappd completion bash)', 'now; put it into ~/.bashrc to have it always'],
        ['source <(whatsappd completion zsh)', 'the same in ~/.zshrc, after compinit'],
        ['whatsappd completion fish > ~/.config/fish/completions/whatsappd.fish', 'for fish, for good'],
      ),
    )
    .action(async (shell: (typeof SHELLS)[number]) => {
      const [{ commandTree }, { bashScript }, { zshScript }, { fishScript }] = await Promise.all([
        import('./command-tree.ts'),
        import('./bash-script.ts'),
        import('./zsh-script.ts'),
        import('./fish-script.ts'),
      ])
      const script = { bash: bashScript, zsh: zshScript, fish: fishScript }[shell]
      context.print(script(commandTree(program)).trimEnd())
    })
}
