import type { Command } from 'commander'
import type { CommandContext } from '../../command-context.ts'
import { addCommonOptions, examples, type CommonOptions } from '../../common-options.ts'
import { addSubcommand } from '../../subcommand.ts'
import { withDaemon } from '../connection/with-daemon.ts'

interface PairingOptions extends CommonOptions {
  account?: string
  json?: boolean
}

/** `whatsappd pairing`: the people who ask for access, and the decision. */
export function addPairingCommand(program: Command, context: CommandContext): void {
  const pairing = program
    .command('pairing')
    .summary('the people who ask for access: list, approve, reject')
    .addHelpText(
      'after',
      `\nPeople ask where the config has dmPolicy: "pairing"; assistants may ask\nfor somebody at any time.\n${examples(
        ['whatsappd pairing list', 'who asks, and with which code'],
        ['whatsappd pairing approve ABCD-EFGH', 'let them write from now on'],
        ['whatsappd pairing reject ABCD-EFGH', 'never send them a code again'],
      )}`,
    )

  subcommand(pairing, 'list')
    .summary('who asks for access, and with which code')
    .action((options: PairingOptions) =>
      withDaemon(context, options, async ({ client }) => {
        const list = await client.request('pairing.list', accountOf(options))
        const { pairingText } = await import('./pairing-text.ts')
        context.print(options.json === true ? JSON.stringify(list, null, 2) : pairingText(list.requests))
      }),
    )
  for (const [verb, summary, done] of [
    ['approve', 'put the person with this code into allowFrom, and tell them', 'may write now.'],
    ['reject', 'reject the person with this code, and tell them nothing', 'is not sent a code again.'],
  ] as const)
    subcommand(pairing, `${verb} <code>`)
      .summary(summary)
      .action((code: string, options: PairingOptions) =>
        withDaemon(context, options, async ({ client }) => {
          const person = await client.request(`pairing.${verb}`, { ...accountOf(options), code })
          const who = person.phoneNumber ?? person.id ?? ''
          context.print(options.json === true ? JSON.stringify(person, null, 2) : `${who} ${done}`)
        }),
      )
}

function subcommand(pairing: Command, usage: string): Command {
  return addCommonOptions(addSubcommand(pairing, usage, 'list'))
    .option('--account <id>', 'which account (default: the default account)')
    .option('--json', 'print one JSON object')
}

function accountOf({ account }: PairingOptions): { account?: string } {
  return account === undefined ? {} : { account }
}
