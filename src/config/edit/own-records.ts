import { z } from 'zod'
import { channelSection } from '../read/channel-section.ts'
import type { ConfigDocument } from '../document/config-document.ts'
import { setValue } from '../document/set-value.ts'
import type { SettingChange } from './edit-settings.ts'
import { sharedAccount } from './shared-account.ts'
import { writtenPath } from './put-value.ts'
import { remoteKey, unwrapped } from './remote-key.ts'

/**
 * The document in which each account that gets or loses an entry of `senders` or `groups` has this record itself, beginning with the
 * entries that held for it. A record of an account stands in the place of the inherited one, so that a new one with nothing but the edited
 * entry would take all others from the account. Settings with declared members are inherited member by member, and need no copy.
 */
export function withOwnRecords(document: ConfigDocument, changes: readonly SettingChange[]): ConfigDocument {
  return changes.reduce((each, change) => withOwnRecord(each, change), document)
}

function withOwnRecord(document: ConfigDocument, { account, path, unset }: SettingChange): ConfigDocument {
  const [key = '', ...members] = path
  if (account === undefined || members.length === 0) return document
  if (!(unwrapped(remoteKey([key])) instanceof z.ZodRecord)) return document
  const section = channelSection(document).path
  const own = [...section, 'accounts', account]
  if (document.nodeAt(own) === null || document.nodeAt([...own, key]) !== null) return document
  const holders = [[...section, 'accounts', sharedAccount(document) ?? ''], section]
  const holder = holders.find((each) => document.nodeAt([...each, key]) !== null)
  const inherited = holder && document.nodeAt([...holder, key])
  if (holder === undefined || inherited?.type !== 'object') return document
  const isThere = document.nodeAt(writtenPath(document, holder, path)) !== null
  return unset === true && !isThere ? document : setValue(document, [...own, key], inherited.value)
}
