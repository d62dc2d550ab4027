import type { Command } from 'commander'
import type { CommandContext } from '../../command-context.ts'
import { addCommonOptions, examples, type CommonOptions } from '../../common-options.ts'
import { CommandFailure } from '../../command-failure.ts'
import { drawQr } from '../link/terminal-qr.ts'
import { withDaemon } from '../connection/with-daemon.ts'

interface OpenOptions extends CommonOptions {
  share?: boolean
  account?: string
}

/** `whatsappd open`: a fresh single-use link to the page. */
export function addOpenCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('open')
    .summary('print a fresh link to the page')
    .description('Prints a link that opens the page of the running daemon once, within five minutes.')
    .option('--share', 'print the address that opens a chat with the account’s number, and its QR code')
    .option('--account <id>', 'which account, for --share (default: the default account)')
  addCommonOptions(command)
    .addHelpText(
      'after',
      examples(
        ['whatsappd open', 'then follow the link in a browser of this machine'],
        ['whatsappd open --share', 'for people who are to write to the number'],
      ),
    )
    .action(async (options: OpenOptions) => {
      if (options.share === true) return printShareLink(context, options)
      const { link } = await withDaemon(context, options, ({ client }) =>
        client.request('session.createLoginLink', {}),
      )
      context.print(link)
    })
}

/** It opens a chat, and lets nobody in: whoever writes must be allowed. */
async function printShareLink(context: CommandContext, options: OpenOptions): Promise<void> {
  const number = await withDaemon(
    context,
    options,
    async ({ client }) => {
      const account = options.account ?? (await client.request('config.get', {})).defaultAccount
      const { accounts } = await client.request('accounts.list', {})
      return accounts.find((view) => view.account === account)?.phoneNumber ?? null
    },
    ['account'],
  )
  if (number === null)
    throw new CommandFailure('the number of the account is not known yet; connect it first: whatsappd link')
  const link = `https://wa.me/${number.slice(1)}`
  context.print(link)
  const { terminal: colours } = context
  const { drawing } = await drawQr(link, { colours, size: context.terminalSize() })
  if (drawing !== null) context.draw(drawing)
}
