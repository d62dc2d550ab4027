import type { Command } from 'commander'
import type { CommandContext } from '../../command-context.ts'
import { addCommonOptions, examples, type CommonOptions } from '../../common-options.ts'
import { withDaemon } from '../connection/with-daemon.ts'

interface LinkOptions extends CommonOptions {
  account?: string
  code?: string
}

/** `whatsappd link`: link a phone with the running daemon, from the terminal. */
export function addLinkCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('link')
    .summary('link a phone: draws the QR code here, or shows a pairing code')
    .description(
      'Asks the running daemon to link a phone and follows it to the end: each new QR code is drawn as it comes. ' +
        'Ends with code 0 when the phone is connected, and with 1 when all codes expired or the phone refused. ' +
        'On a WhatsApp Business account it finishes the set-up of the number instead, and prints each step.',
    )
    .option('--account <id>', 'which account (default: the default account)')
    .option(
      '--code <number>',
      'link with a pairing code for the phone with this number, instead of a QR code',
    )
  addCommonOptions(command)
    .addHelpText(
      'after',
      examples(
        ['whatsappd link', 'scan a QR code'],
        ['whatsappd link --code +15551234567', 'enter a code of eight characters on that phone'],
      ),
    )
    .action(async (options: LinkOptions) => {
      const { linkPhone } = await import('./link-phone.ts')
      const { account, code: phoneNumber, stateDir } = options
      await withDaemon(
        context,
        options,
        ({ client }) => linkPhone(context, client, { account, phoneNumber, stateDir }),
        ['account'],
      )
    })
}
