import { isRecord } from '../../../protocol/is-record.ts'
import type { Database } from '../../../storage/database/database.ts'

/**
 * Whether the credentials that are stored are those of a completed link, as `CredentialStore.linked` says it. True also for what cannot be
 * read: the transport says then what is wrong with it.
 */
export function isPhoneLinked(database: Database): boolean {
  const row = database.prepare('SELECT value FROM credentials WHERE id = 1').get() as
    | { value: string }
    | undefined
  if (row === undefined) return false
  try {
    const credentials: unknown = JSON.parse(row.value)
    if (!isRecord(credentials)) return true
    const { me, account } = credentials
    return isRecord(me) && me['id'] !== undefined && account !== undefined
  } catch {
    return true
  }
}
