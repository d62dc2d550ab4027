import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { addCommonOptions, examples, type CommonOptions } from './common-options.ts'
import { resolveStateDir } from './state-dir.ts'

interface LogoutOptions extends CommonOptions {
  account?: string
}

/** `whatsappd logout`: unlink the phone and erase the credentials. */
export function addLogoutCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('logout')
    .summary('unlink the phone and erase the credentials')
    .description(
      'Removes this device on the phone and erases its credentials here; the history stays. Linking again takes a new ' +
        'QR code. Without network the credentials are erased all the same, and the phone has to be told by hand.',
    )
    .option('--account <id>', 'which account (default: the default account)')
  addCommonOptions(command)
    .addHelpText('after', examples(['whatsappd logout', 'unlink the default account']))
    .action(async (options: LogoutOptions) => {
      const { connectToDaemon } = await import('./daemon-connection.ts')
      const { client } = await connectToDaemon(resolveStateDir(options.stateDir, context.env))
      try {
        const { account, unlinkedOnPhone } = await client.request(
          'accounts.disconnect',
          options.account === undefined ? {} : { account: options.account },
        )
        context.print(
          unlinkedOnPhone
            ? `${account.account}: unlinked; the credentials are erased.`
            : `${account.account}: the credentials are erased here, but WhatsApp could not be told. On the phone, open Settings > Linked Devices and remove this device.`,
        )
      } finally {
        client.close()
      }
    })
}
