import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ACCOUNT_MIGRATIONS } from '../schema.ts'
import { withExclusiveDirectory } from '../ownership/with-exclusive-directory.ts'
import { openPrivateDirectory } from '../../storage/files/private-directory.ts'
import { restoreDatabase, type RestoreOptions } from '../../storage/database/copies/restore-database.ts'

/**
 * Puts a copy of an account into its directory, which is made when it is missing. Answers with where the file is that
 * was there before. Throws `LockHeldError` while a process uses the account, and `StorageError`, also while another host uses it, with
 * nothing changed.
 */
export function restoreAccount(
  source: string,
  directory: string,
  options: RestoreOptions,
): { replaced: string | null } {
  openPrivateDirectory(directory)
  return withExclusiveDirectory(directory, false, () => {
    const file = join(directory, 'account.db')
    const wasThere = existsSync(file)
    restoreDatabase(source, file, ACCOUNT_MIGRATIONS, options)
    return { replaced: wasThere ? `${file}.replaced` : null }
  })
}
