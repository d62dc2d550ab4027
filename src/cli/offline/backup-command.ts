import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { AccountFileOptions } from './account-file.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'
import { addCommonOptions, examples } from '../common-options.ts'

interface BackupOptions extends AccountFileOptions {
  force?: boolean
  json?: boolean
}

/** `whatsappd backup`: a sound copy of an account, also of one in use. */
export function addBackupCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('backup')
    .summary('copy an account into one file, also while the daemon runs')
    .description(
      "Writes one account's link, messages and replies to a file that only you can read. The daemon may run meanwhile: " +
        'the copy holds what is stored at that moment. The file is enough to use the account, so protect it like a password. ' +
        '"whatsappd restore" puts it back.',
    )
    .argument('<file>', 'the file to write')
    .option('--account <id>', 'which account (default: the default account)')
    .option('--config <file>', 'the config file, where accounts have directories of their own')
    .option('--force', 'overwrite the file when it exists')
    .option('--json', 'print one JSON object')
  addCommonOptions(command)
    .addHelpText(
      'after',
      examples(
        ['whatsappd backup ~/whatsapp.db', 'the default account'],
        ['whatsappd backup --account shop --force /backup/shop.db', 'another one, over the last copy'],
      ),
    )
    .action(async (file: string, options: BackupOptions) => {
      const [
        { findAccountFile },
        { backUpDatabase },
        { ACCOUNT_MIGRATIONS },
        { refuseImpossibleCopy, unwritableCopy },
        { noteBackup },
      ] = await Promise.all([
        import('./account-file.ts'),
        import('../../storage/database/copies/back-up-database.ts'),
        import('../../accounts/schema.ts'),
        import('./unwritable-copy.ts'),
        import('./backup-note.ts'),
      ])
      const source = await findAccountFile(context, options)
      const target = resolve(file)
      if (!existsSync(source.file)) {
        throw new CommandFailure(`${source.account}: nothing is stored yet (${source.file} does not exist)`)
      }
      // A copy onto the file in use would replace it under the daemon's feet.
      if (target === source.file)
        throw new CommandFailure(`${target} is the account itself; name another file`)
      refuseImpossibleCopy(target)
      try {
        backUpDatabase(source.file, target, ACCOUNT_MIGRATIONS, { overwrite: options.force === true })
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
          throw unwritableCopy(error, target) ?? error
        throw new CommandFailure(`${target} exists; --force overwrites it`, { cause: error })
      }
      noteBackup(source.directory, { at: Date.now(), file: target })
      const { account } = source
      context.print(
        options.json === true
          ? JSON.stringify({ account, file: target }, null, 2)
          : `${account}: copied to ${target}`,
      )
    })
}
