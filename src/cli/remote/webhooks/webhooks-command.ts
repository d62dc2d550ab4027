import type { Command } from 'commander'
import type { WebhookView } from '../../../protocol/webhook-view.ts'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure } from '../../command-failure.ts'
import { addCommonOptions, examples, type CommonOptions } from '../../common-options.ts'
import { addSubcommand } from '../../subcommand.ts'
import { wrapWords } from '../../wrap-words.ts'
import type { DaemonConnection } from '../connection/daemon-connection.ts'
import { withDaemon } from '../connection/with-daemon.ts'

interface WebhooksOptions extends CommonOptions {
  json?: boolean
}

/** `whatsappd webhooks`: where events are posted to, and what became of them. */
export function addWebhooksCommand(program: Command, context: CommandContext): void {
  const webhooks = program
    .command('webhooks')
    .summary('where events are posted to: list, retry, test')
    .addHelpText(
      'after',
      examples(
        ['whatsappd webhooks list', 'how each receiver is, and what waits'],
        ['whatsappd webhooks test', 'post an event that says nothing, now'],
        ['whatsappd webhooks retry wh_0123456789ab', 'post again what was given up'],
      ),
    )

  subcommand(webhooks, 'list')
    .summary('how each receiver is, what waits and what was given up')
    .action((options: WebhooksOptions) =>
      withDaemon(context, options, async ({ client }) => {
        const list = await client.request('webhooks.list', {})
        const { webhooksText } = await import('./webhooks-text.ts')
        context.print(options.json === true ? JSON.stringify(list, null, 2) : webhooksText(list))
      }),
    )
  subcommand(webhooks, 'retry [webhook]')
    .summary('post at once what waits and what was given up')
    .action((name: string | undefined, options: WebhooksOptions) =>
      withDaemon(context, options, async ({ client }) => {
        const { webhook } = await webhookNamed(client, name)
        const result = await client.request('webhooks.retry', { webhook })
        const { queued } = result.webhook
        context.print(
          options.json === true
            ? JSON.stringify(result, null, 2)
            : `${webhook}: ${result.requeued} dead letters wait again; ${queued} events are posted now.`,
        )
      }),
    )
  subcommand(webhooks, 'test [webhook]')
    .summary('post an event that says nothing, now')
    .action((name: string | undefined, options: WebhooksOptions) =>
      withDaemon(context, options, async ({ client }) => {
        const { webhook, place } = await webhookNamed(client, name)
        const result = await client.request('webhooks.test', { webhook })
        if (options.json === true) context.print(JSON.stringify(result, null, 2))
        if (!result.ok)
          throw new CommandFailure(`${place}: the test was not taken. ${result.problem ?? ''}`.trim())
        if (options.json !== true)
          context.print(
            wrapWords(`${webhook}: HTTP ${result.status}, after ${result.tookMs} ms.`, '').join('\n'),
          )
      }),
    )
}

function subcommand(webhooks: Command, usage: string): Command {
  return addCommonOptions(addSubcommand(webhooks, usage, 'list')).option('--json', 'print one JSON object')
}

/** By its id or its place in the file; the only one where none is named. Throws `CommandFailure`. */
async function webhookNamed(
  client: DaemonConnection['client'],
  name: string | undefined,
): Promise<WebhookView> {
  const { webhooks } = await client.request('webhooks.list', {})
  const [only] = webhooks
  if (only === undefined) throw new CommandFailure('The config file names no webhook.')
  if (name === undefined && webhooks.length === 1) return only
  const found = webhooks.find(({ webhook, place }) => webhook === name || place === name)
  if (found !== undefined) return found
  const ids = webhooks.map(({ webhook, place }) => `${webhook} (${place})`).join(', ')
  throw new CommandFailure(
    name === undefined ? `Say which one: ${ids}.` : `There is no webhook "${name}". There are: ${ids}.`,
  )
}
