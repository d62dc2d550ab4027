import type { Command } from 'commander'
import type { MethodResult } from '../../protocol/methods.ts'
import type { CommandContext } from '../command-context.ts'
import { addCommonOptions, examples, type CommonOptions } from '../common-options.ts'
import { escapeUnprintable } from '../escape-unprintable.ts'
import { addSubcommand } from '../subcommand.ts'
import { localTime } from './account-line.ts'
import { withDaemon } from './with-daemon.ts'

interface PairingOptions extends CommonOptions {
  account?: string
  json?: boolean
}

type Requests = MethodResult<'pairing.list'>['requests']

const NAME_WIDTH = 24

/** `whatsappd pairing`: the people who ask for access, and the decision. */
export function addPairingCommand(program: Command, context: CommandContext): void {
  const pairing = program
    .command('pairing')
    .summary('the people who ask for access: list, approve, reject')
    .addHelpText(
      'after',
      `\nPeople ask where the config has dmPolicy: "pairing".\n${examples(
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
        context.print(options.json === true ? JSON.stringify(list, null, 2) : requestsText(list.requests))
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

/** One line a person; what they call themselves is theirs, and proves nothing. */
function requestsText(requests: Requests): string {
  if (requests.length === 0) return 'Nobody asks for access.'
  const lines = requests.map(({ code, phoneNumber, id, name, expiresAt }) => {
    const who = phoneNumber ?? id ?? ''
    const called = name === null ? '' : `  "${cut(escapeUnprintable(name))}"`
    return `${code}  ${who}${called}  until ${localTime(expiresAt)}`
  })
  return [
    ...lines,
    '',
    'Ask the person for the code before you approve: a name proves nothing.',
    'whatsappd pairing approve <code>, or: whatsappd pairing reject <code>',
  ].join('\n')
}

function cut(name: string): string {
  const characters = Array.from(name)
  return characters.length <= NAME_WIDTH ? name : `${characters.slice(0, NAME_WIDTH - 1).join('')}…`
}

function subcommand(pairing: Command, usage: string): Command {
  return addCommonOptions(addSubcommand(pairing, usage, 'list'))
    .option('--account <id>', 'which account (default: the default account)')
    .option('--json', 'print one JSON object')
}

function accountOf({ account }: PairingOptions): { account?: string } {
  return account === undefined ? {} : { account }
}
