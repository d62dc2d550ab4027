import type { Command } from 'commander'
import type { WhatsappdClient } from '../../../client/client.ts'
import { RequestError } from '../../../client/request-error.ts'
import type { MethodResult } from '../../../protocol/methods.ts'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure } from '../../command-failure.ts'
import { addCommonOptions, examples, type CommonOptions } from '../../common-options.ts'
import { requireConsent } from '../../require-consent.ts'
import { allAccounts } from './all-accounts.ts'
import { withDaemon } from '../connection/with-daemon.ts'

interface ForgetOptions extends CommonOptions {
  account?: string
  yes?: boolean
  json?: boolean
}

type Forgotten = MethodResult<'conversations.forget'>

const BEYOND_REACH =
  'Not reached: files that "whatsappd backup" has written, what the assistant and webhooks were given and may keep, and WhatsApp itself.'

const SILENCE_STAYS = 'Where the assistant is switched off or somebody holds the chat, that stays.'

/** `whatsappd forget`: erase what somebody said. */
export function addForgetCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('forget')
    .summary('erase what somebody said, so that no byte of it stays here')
    .description(
      'Erases what a person wrote, directly and in groups, what they were answered, their files and contact fields, and ' +
        "older copies of the account's file, which hold it too. The person stays allowed, and can write again. " +
        `${BEYOND_REACH} ` +
        `${SILENCE_STAYS} ` +
        'Asks before it erases; without a terminal it needs --yes.',
    )
    .argument(
      '<who>',
      'a phone number, lid:<digits> or bsuid:<id>, the address of a group, or the id of a conversation',
    )
    .option(
      '--account <id>',
      'only in this account (default: in every account; of an id the default account)',
    )
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON object')
  addCommonOptions(command)
    .addHelpText(
      'after',
      examples(
        ['whatsappd forget +15550001111', 'a person, in every account'],
        ['whatsappd forget 12 --account shop', 'a conversation of one account'],
      ),
    )
    .action((who: string, options: ForgetOptions) =>
      withDaemon(context, options, ({ client }) => forget(context, client, who, options)),
    )
}

async function forget(
  context: CommandContext,
  client: WhatsappdClient,
  who: string,
  options: ForgetOptions,
): Promise<void> {
  const found: Forgotten[] = []
  for (const account of await accountsOf(client, who, options)) {
    const preview = await previewIn(client, account, who)
    if (preview !== null) found.push(preview)
  }
  if (found.length === 0) throw new CommandFailure(`nothing is stored of ${who}`)
  await requireConsent(context, {
    effect: `This erases, for good: ${found.map(contentOf).join('; ')}. ${SILENCE_STAYS}`,
    question: 'Go on?',
    isGiven: options.yes === true,
  })
  const accounts = found.map(({ account }) => account)
  const { forgetInAccounts } = await import('./forget-in-accounts.ts')
  const { forgotten, failures } = await forgetInAccounts(client, accounts, who, ({ account }) => {
    if (options.json !== true) context.print(`${account}: forgotten`)
  })
  if (options.json === true) context.print(JSON.stringify({ forgotten }, null, 2))
  else if (forgotten.length > 0) context.print(BEYOND_REACH)
  if (failures.length > 0) throw new CommandFailure(`not forgotten: ${failures.join('; ')}`)
}

/** Where to look: an id means another conversation in each account. */
async function accountsOf(
  client: WhatsappdClient,
  who: string,
  { account }: ForgetOptions,
): Promise<{ account?: string }[]> {
  if (account !== undefined) return [{ account }]
  return /^\d+$/.test(who) ? [{}] : (await allAccounts(client)).map((each) => ({ account: each }))
}

async function previewIn(
  client: WhatsappdClient,
  account: { account?: string },
  conversation: string,
): Promise<Forgotten | null> {
  try {
    return await client.request('conversations.forget', { ...account, conversation })
  } catch (error) {
    if (error instanceof RequestError && error.code === 'conversation_not_found') return null
    throw error
  }
}

function contentOf({ account, messages, files, groups, copies }: Forgotten): string {
  const inGroups = groups === 0 ? '' : `, ${count(groups, 'group')} among the places`
  const others = copies.length === 0 ? '' : `, and the older copies ${copies.join(', ')} of the whole account`
  return `${account}: ${count(messages, 'message')} with answers and ${count(files, 'file')}${inGroups}${others}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
