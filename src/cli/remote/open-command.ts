import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { addCommonOptions, examples, type CommonOptions } from '../common-options.ts'
import { withDaemon } from './with-daemon.ts'

/** `whatsappd open`: a fresh single-use link to the page. */
export function addOpenCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('open')
    .summary('print a fresh link to the page')
    .description('Prints a link that opens the page of the running daemon once, within five minutes.')
  addCommonOptions(command)
    .addHelpText('after', examples(['whatsappd open', 'then follow the link in a browser of this machine']))
    .action(async (options: CommonOptions) => {
      const { link } = await withDaemon(context, options, ({ client }) =>
        client.request('session.createLoginLink', {}),
      )
      context.print(link)
    })
}
