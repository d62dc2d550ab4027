import { existsSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ACCOUNT_MIGRATIONS } from '../schema.ts'
import { recordFormerOwner } from '../ownership/ownership.ts'
import { withExclusiveDirectory } from '../ownership/with-exclusive-directory.ts'
import { Database } from '../../storage/database/database.ts'
import { openPrivateDirectory, tightenDatabase } from '../../storage/files/private-directory.ts'
import { syncPath } from '../../storage/files/sync-path.ts'
import type { ImportableLink, LinkImporter } from '../../transports/link.ts'
import { FactsStore } from './facts-store.ts'
import { markImported } from './in-place-import.ts'

/** Files that SQLite may have left beside a draft. */
const DRAFT_COMPANIONS = ['', '-wal', '-shm', '-journal']

export interface ImportAccountInput {
  /** Where the other program keeps its link; may be the account's own directory. */
  source: string
  directory: string
  importer: LinkImporter
  /** Also while the other program may be running, and without what is damaged. */
  force: boolean
  /** Asked before anything is stored; throws when another host may own the account by now. */
  fence?: () => void
}

/**
 * Makes the link of another program that of an account which has none; the account's history, if any, stays. All of it or
 * nothing is stored, and the source is not changed. Throws `DaemonError` (`import_refused`, `already_linked`),
 * `LockHeldError` while a process uses the account, and `StorageError`, also while another host uses it.
 */
export async function importAccount(input: ImportAccountInput): Promise<ImportableLink> {
  const { directory, importer, force } = input
  const link = await importer.read(input.source, { force })
  const source = realpathSync(input.source)
  const isInPlace = existsSync(directory) && realpathSync(directory) === source
  openPrivateDirectory(directory, { isOurs: isInPlace })
  withExclusiveDirectory(directory, input.fence !== undefined, () => {
    input.fence?.()
    const file = join(directory, 'account.db')
    if (existsSync(file)) storeIn(file, link, source)
    else storeInNewFile(file, link, source)
    if (isInPlace) markImported(directory)
  })
  return link
}

/** Appears complete or not at all: an empty file would hide that there is a link to import. */
function storeInNewFile(file: string, link: ImportableLink, source: string): void {
  const draft = `${file}.import`
  const removeDraft = (): void => {
    for (const companion of DRAFT_COMPANIONS) rmSync(`${draft}${companion}`, { force: true })
  }
  removeDraft()
  try {
    storeIn(draft, link, source)
    renameSync(draft, file)
    syncPath(join(file, '..'))
  } finally {
    removeDraft()
  }
}

function storeIn(file: string, link: ImportableLink, source: string): void {
  tightenDatabase(file)
  const database = Database.open(file, ACCOUNT_MIGRATIONS)
  try {
    database.transaction(() => {
      link.store(database)
      new FactsStore(database).update({
        failures: 0,
        reason: null,
        linkedSince: null,
        importedFrom: { directory: source, changedAt: link.changedAt },
      })
      recordFormerOwner(database, source, link.changedAt)
    })
  } finally {
    database.close()
  }
}
