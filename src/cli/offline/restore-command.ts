import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { StorageError } from '../../storage/storage-error.ts'
import type { AccountFileOptions } from './account-file.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'
import { addCommonOptions, examples } from '../common-options.ts'
import { requireConsent } from '../require-consent.ts'

interface RestoreOptions extends AccountFileOptions {
  force?: boolean
  yes?: boolean
  json?: boolean
}

/** `whatsappd restore`: puts a copy of an account in the place of what is there. */
export function addRestoreCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('restore')
    .summary('put a copy of an account back; the daemon must not run')
    .description(
      'Checks the file, sets what is there aside as account.db.replaced, and puts the copy in its place. Stop the daemon ' +
        'before, and start it after: it connects as the same device, or says that the phone has removed it since. ' +
        'Messages that came after the copy was made are not in it; what it knows is not answered again.',
    )
    .argument('<file>', 'a file of "whatsappd backup", or an account.db with its account.db-wal')
    .option('--account <id>', 'which account (default: the default account)')
    .option('--config <file>', 'the config file, where accounts have directories of their own')
    .option('--yes', 'do not ask where what an earlier restore set aside would be deleted')
    .option('--force', 'take an account.db whose log is lost: an older state than the last one')
    .option('--json', 'print one JSON object')
  addCommonOptions(command)
    .addHelpText('after', examples(['whatsappd restore ~/whatsapp.db', 'the default account']))
    .action(async (file: string, options: RestoreOptions) => {
      const [{ findAccountFile }, { restoreAccount }] = await Promise.all([
        import('./account-file.ts'),
        import('../../accounts/life/restore-account.ts'),
      ])
      const target = await findAccountFile(context, options)
      const source = resolve(file)
      const facts = statSync(source, { throwIfNoEntry: false })
      if (facts === undefined) throw new CommandFailure(`${source} does not exist`)
      if (facts.isDirectory()) throw new CommandFailure(`${source} is a directory; name the file in it`)
      if (source === target.file) {
        throw new CommandFailure(`${source} is what the account uses; copy it elsewhere first`)
      }
      const aside = `${target.file}.replaced`
      // Restoring that one is how a restore is taken back: the two change places.
      if (source !== aside && existsSync(aside)) {
        await requireConsent(context, {
          effect: `${aside}, which an earlier restore set aside, is deleted by this one; move it away to keep it.`,
          question: 'Go on?',
          isGiven: options.yes === true,
        })
      }
      const { replaced } = usable(source, () =>
        restoreAccount(source, target.directory, { acceptsWithoutLog: options.force === true }),
      )
      const before = replaced === null ? '' : ` What was there is ${replaced}.`
      if (options.json === true) {
        context.print(JSON.stringify({ account: target.account, replaced }, null, 2))
        return
      }
      context.print(`${target.account}: restored.${before} Start the daemon to use it.`)
    })
}

/** What keeps the work from being done, in words about the file that was named. Throws `CommandFailure` and `StorageError`. */
function usable<T>(source: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (error.name === 'LockHeldError') {
      throw new CommandFailure(`the account is in use (${error.message}); stop the daemon first`, {
        cause: error,
      })
    }
    if (!(error instanceof StorageError) || error.reason !== 'storage_unreadable') throw error
    const detail = error.detail.startsWith(source) ? error.detail : `${source}: ${error.detail}`
    throw new CommandFailure(`nothing was restored: ${detail}`, { cause: error })
  }
}
