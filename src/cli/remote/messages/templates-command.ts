import type { Command } from 'commander'
import type { CommandContext } from '../../command-context.ts'
import { addCommonOptions, examples, type CommonOptions } from '../../common-options.ts'
import { withDaemon } from '../connection/with-daemon.ts'

interface TemplatesOptions extends CommonOptions {
  account?: string
  refresh?: boolean
  json?: boolean
}

/** `whatsappd templates`: what may be sent to people who have not written lately. */
export function addTemplatesCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('templates')
    .summary('the approved templates of a WhatsApp Business number')
    .description(
      'Lists the templates that WhatsApp has approved, with their variables: what may be sent to people who did not write within the last 24 hours.',
    )
    .option('--account <id>', 'which account (default: the default account)')
    .option('--refresh', 'ask WhatsApp anew; otherwise an answer may be ten minutes old')
    .option('--json', 'print one JSON object')
  addCommonOptions(command)
    .addHelpText(
      'after',
      examples(
        ['whatsappd templates', 'which there are'],
        ['whatsappd send +15555550123 --template order_ready --variable number=1843', 'send one of them'],
      ),
    )
    .action(({ account, refresh, json, ...options }: TemplatesOptions) =>
      withDaemon(context, options, async ({ client }) => {
        const list = await client.request('templates.list', {
          ...(account !== undefined && { account }),
          ...(refresh === true && { refresh }),
        })
        const { templatesText } = await import('./templates-text.ts')
        context.print(json === true ? JSON.stringify(list, null, 2) : templatesText(list))
      }),
    )
}
