import type { Command } from 'commander'
import type { WhatsappdClient } from '../../../client/client.ts'
import type { AccountView } from '../../../protocol/account/account.ts'
import { accountNotFound } from '../../../protocol/account/account-not-found.ts'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure } from '../../command-failure.ts'
import { addCommonOptions, examples, type CommonOptions } from '../../common-options.ts'
import { requireConsent } from '../../require-consent.ts'
import { wrapWords } from '../../wrap-words.ts'
import { withDaemon } from '../connection/with-daemon.ts'

interface LogoutOptions extends CommonOptions {
  account?: string
  yes?: boolean
  json?: boolean
}

/** `whatsappd logout`: unlink the phone and erase the credentials. */
export function addLogoutCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('logout')
    .summary('unlink the phone and erase the credentials')
    .description(
      'Removes this device on the phone and erases its credentials here; the history stays. Linking again takes a new ' +
        'QR code. Without network the credentials are still erased, but the device has to be removed on the phone by hand. ' +
        'A WhatsApp Business number is disconnected: no webhooks come any more, and what it was connected with is erased. ' +
        'Asks before it erases a link; without a terminal it needs --yes.',
    )
    .option('--account <id>', 'which account; needed where there are several')
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON object')
  addCommonOptions(command)
    .addHelpText(
      'after',
      examples(
        ['whatsappd logout', 'unlink the only account'],
        ['whatsappd logout --account shop --yes', 'one of several, in a script'],
      ),
    )
    .action((options: LogoutOptions) =>
      withDaemon(context, options, ({ client }) => logOut(context, client, options)),
    )
}

async function logOut(
  context: CommandContext,
  client: WhatsappdClient,
  options: LogoutOptions,
): Promise<void> {
  const { accounts } = await client.request('accounts.list', {})
  const chosen = choose(accounts, options.account)
  if (mayHoldLink(chosen)) {
    await requireConsent(context, {
      effect:
        (chosen.business ?? null) === null
          ? `This unlinks ${whoIs(chosen)} and erases its credentials; linking again takes the phone and a new QR code.`
          : `This disconnects ${whoIs(chosen)} and erases what it was connected with; the history stays.`,
      question: 'Go on?',
      isGiven: options.yes === true,
    })
  }
  const {
    account,
    unlinkedOnPhone,
    leftOver = [],
  } = await client.request('accounts.disconnect', {
    account: chosen.account,
  })
  if (options.json === true) {
    context.print(JSON.stringify({ account, unlinkedOnPhone, leftOver }, null, 2))
    return
  }
  context.print(`${account.account}: ${outcome(chosen, unlinkedOnPhone)}`)
  if (leftOver.length > 0)
    for (const line of wrapWords(
      `Its credentials are still there: take out ${leftOver.join(' and ')}.`,
      '',
      2,
    ))
      context.print(line)
}

/** The account that is named, or the only one: which link to erase is never guessed. Throws `DaemonError` and `CommandFailure`. */
function choose(accounts: readonly AccountView[], id: string | undefined): AccountView {
  const ids = accounts.map(({ account }) => account)
  if (id !== undefined) {
    const named = accounts.find(({ account }) => account === id)
    if (named === undefined) throw accountNotFound(id, ids)
    return named
  }
  const [only] = accounts
  if (only !== undefined && accounts.length === 1) return only
  const names = accounts.map(whoIs).join(', ')
  throw new CommandFailure(`there are several accounts: ${names}; name one with --account`)
}

function outcome(before: AccountView, unlinkedOnPhone: boolean): string {
  if (!mayHoldLink(before)) return 'was not linked; nothing of a link is left here.'
  if ((before.business ?? null) !== null)
    return unlinkedOnPhone
      ? 'disconnected; the app gets no webhooks of it any more.'
      : 'disconnected here. The app may still get its webhooks: another account needs them, or WhatsApp could not be asked.'
  if (unlinkedOnPhone) return 'unlinked; the credentials are erased.'
  return 'the credentials are erased here, but WhatsApp could not be reached. On the phone, open Settings > Linked Devices and remove this device.'
}

/** Where the files cannot be read, a link may be in them, and is set aside with them. */
function mayHoldLink({ linked, state }: AccountView): boolean {
  return linked || state === 'storage_error'
}

/** Tells accounts apart without their numbers: a terminal's scrollback is read by others. */
function whoIs({ account, name, phoneNumber }: AccountView): string {
  const facts = [...(name === null ? [] : [name]), ...(phoneNumber === null ? [] : [masked(phoneNumber)])]
  return facts.length === 0 ? account : `${account} (${facts.join(', ')})`
}

const masked = (phoneNumber: string): string => `+•••${phoneNumber.slice(-2)}`
