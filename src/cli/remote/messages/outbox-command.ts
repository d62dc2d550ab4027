import type { Command } from 'commander'
import type { CommandContext } from '../../command-context.ts'
import { addCommonOptions, examples, type CommonOptions } from '../../common-options.ts'
import { addSubcommand } from '../../subcommand.ts'
import { withDaemon } from '../connection/with-daemon.ts'

interface OutboxOptions extends CommonOptions {
  account?: string
  json?: boolean
}

/** `whatsappd outbox`: the messages that are not out, and what to do with them. */
export function addOutboxCommand(program: Command, context: CommandContext): void {
  const outbox = program
    .command('outbox')
    .summary('the messages that are not out: list, retry, discard')
    .addHelpText(
      'after',
      examples(
        ['whatsappd outbox list', 'what waits and what failed'],
        ['whatsappd outbox retry 3EB0C4A1', 'send it again, under the same id'],
        ['whatsappd outbox discard 3EB0C4A1', 'never send it'],
      ),
    )

  subcommand(outbox, 'list')
    .summary('what waits, and what failed and why; newest first')
    .action((options: OutboxOptions) =>
      withDaemon(context, options, async ({ client }) => {
        const list = await client.request('outbox.list', accountOf(options))
        const { outboxText } = await import('./outbox-text.ts')
        context.print(options.json === true ? JSON.stringify(list, null, 2) : outboxText(list))
      }),
    )
  subcommand(outbox, 'retry <id>')
    .summary('send a failed message again, under the same id')
    .action((messageId: string, options: OutboxOptions) =>
      withDaemon(context, options, async ({ client }) => {
        const result = await client.request('outbox.retry', { ...accountOf(options), messageId })
        context.print(options.json === true ? JSON.stringify(result, null, 2) : `${messageId}: queued again.`)
      }),
    )
  subcommand(outbox, 'discard <id>')
    .summary('throw a message away that failed or waits')
    .action((messageId: string, options: OutboxOptions) =>
      withDaemon(context, options, async ({ client }) => {
        const result = await client.request('outbox.discard', { ...accountOf(options), messageId })
        context.print(
          options.json === true
            ? JSON.stringify(result, null, 2)
            : `${messageId}: discarded; it will not be sent.`,
        )
      }),
    )
}

function subcommand(outbox: Command, usage: string): Command {
  return addCommonOptions(addSubcommand(outbox, usage, 'list'))
    .option('--account <id>', 'which account (default: the default account)')
    .option('--json', 'print one JSON object')
}

function accountOf({ account }: OutboxOptions): { account?: string } {
  return account === undefined ? {} : { account }
}
