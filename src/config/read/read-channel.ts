import type { z } from 'zod'
import { accountSettings } from '../settings/account-settings.ts'
import type { ChannelSection } from './channel-section.ts'
import { ACCOUNT_ID, channelSettings } from '../settings/channel-settings.ts'
import { foreignSettings } from '../settings/foreign-settings.ts'
import { isRecord } from '../../protocol/is-record.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import type { Problems } from '../problems/problems.ts'
import { daemonSettings } from '../settings/daemon-settings.ts'
import { type OtherSection, readSection } from './read-section.ts'

/** What may stand in the section, and in each account. */
const ACCOUNT_SHAPE = { ...accountSettings, ...foreignSettings }
const CHANNEL_SHAPE = { ...channelSettings, ...foreignSettings }

export type RawAccount = Partial<z.infer<z.ZodObject<typeof ACCOUNT_SHAPE>>> & {
  /** OpenClaw's `messagePrefix`, which the assistant reads before what people write. */
  inboundPrefix?: string
}

/** The section as it is in the file, each value of the right shape, without defaults. */
export interface RawChannel
  extends RawAccount, Omit<Partial<z.infer<z.ZodObject<typeof CHANNEL_SHAPE>>>, 'accounts'> {
  /** By id, in the file's order; without a prototype. */
  accounts: Readonly<Record<string, RawAccount>>
}

const DAEMON: OtherSection = { settings: daemonSettings, name: 'whatsappd, at the root of the file' }

/** Accounts are read one by one, so that an error in one of them is found at its own key. */
export function readChannel({ path, value }: ChannelSection, problems: Problems): RawChannel {
  if (!isRecord(value)) return { ...readSection(CHANNEL_SHAPE, value, path, problems, DAEMON), accounts: {} }
  const { accounts, ...rest } = value
  const channel = readSection(CHANNEL_SHAPE, rest, path, problems, DAEMON)
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
      read[id] = readSection(ACCOUNT_SHAPE, account, [...path, id], problems, DAEMON)
    } else {
      const message = 'An account id has letters, digits, "-" and "_", at most 64.'
      problems.keyError('bad_account_id', [...path, id], message)
    }
  }
  return read
}
