import type { z } from 'zod'
import { accountSettings } from '../settings/account-settings.ts'
import type { ChannelSection } from './channel-section.ts'
import { ACCOUNT_ID, channelSettings } from '../settings/channel-settings.ts'
import { isRecord } from '../../protocol/is-record.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import type { Problems } from '../problems/problems.ts'
import { daemonSettings } from '../settings/daemon-settings.ts'
import { type OtherSection, readSection } from './read-section.ts'

export type RawAccount = Partial<z.infer<z.ZodObject<typeof accountSettings>>>

/** The section as it is in the file, each value of the right shape, without defaults. */
export interface RawChannel extends Omit<Partial<z.infer<z.ZodObject<typeof channelSettings>>>, 'accounts'> {
  /** By id, in the file's order; without a prototype. */
  accounts: Readonly<Record<string, RawAccount>>
}

const DAEMON: OtherSection = { settings: daemonSettings, name: 'whatsappd, at the root of the file' }

/** Accounts are read one by one, so that an error in one of them is found at its own key. */
export function readChannel({ path, value }: ChannelSection, problems: Problems): RawChannel {
  if (!isRecord(value))
    return { ...readSection(channelSettings, value, path, problems, DAEMON), accounts: {} }
  const { accounts, ...rest } = value
  const channel = readSection(channelSettings, rest, path, problems, DAEMON)
  return { ...channel, accounts: readAccounts(accounts, [...path, 'accounts'], problems) }
}

function readAccounts(
  accounts: unknown,
  path: readonly PathSegment[],
  problems: Problems,
): Record<string, RawAccount> {
  const read: Record<string, RawAccount> = Object.create(null)
  if (accounts === undefined) return read
  if (!isRecord(accounts)) {
    problems.error('wrong_type', path, 'Must be an object: { <id>: { … } }.')
    return read
  }
  for (const [id, account] of Object.entries(accounts)) {
    if (ACCOUNT_ID.test(id)) {
      read[id] = readSection(accountSettings, account, [...path, id], problems, DAEMON)
    } else {
      const message = 'An account id has letters, digits, "-" and "_", at most 64.'
      problems.keyError('bad_account_id', [...path, id], message)
    }
  }
  return read
}
