import { accountNotFound } from '../protocol/account-not-found.ts'
import { DaemonError } from '../protocol/errors.ts'
import { channelSection } from './channel-section.ts'
import type { Config } from './config.ts'
import type { FileEdit } from './file-edit.ts'
import { nodeAt, type ParsedConfig, parseConfig } from './parse.ts'
import { putValue, takeValue, writtenPath } from './put-value.ts'
import { remoteKey } from './remote-key.ts'
import { valueAt } from './value-at.ts'
import { type Confirmation, wideningEffects } from './widening.ts'

/** One key to set or to take out, below the root of the channel or of one account. */
export interface SettingChange {
  /** Absent for what holds for every account that sets nothing itself. */
  account?: string | undefined
  path: readonly string[]
  /** A JSON value; absent where the key is taken out. */
  value?: unknown
  unset?: true | undefined
}

/** Sets several keys, all of them or none, and only those that a dashboard may edit. */
export function settingsEdit(
  changes: readonly SettingChange[],
  confirmed: readonly Confirmation[],
): FileEdit {
  return {
    account: null,
    keys: changes.map(({ path: [key = ''] }) => key),
    prepare(current) {
      for (const { account, path } of changes) {
        if (account !== undefined && !Object.hasOwn(current.accounts, account))
          throw accountNotFound(account, Object.keys(current.accounts))
        remoteKey(path)
      }
    },
    apply: (text) =>
      changes.reduce((each, change) => {
        const parsed = parseConfig(each)
        const base = baseOf(parsed, change.account)
        const schema = remoteKey(change.path)
        const path = writtenPath(parsed, base, change.path)
        return change.unset === true
          ? takeValue(each, path, schema)
          : putValue(each, path, schema, change.value)
      }, text),
    check: (before, after) => refuseUnconfirmed(before, after, confirmed),
    present: (file) => ({ values: changes.map((change) => presentValue(file, change)) }),
  }
}

/** An account that exists without being named is set at the root. */
function baseOf(parsed: ParsedConfig, account: string | undefined): readonly string[] {
  const section = channelSection(parsed).path
  const own = account === undefined ? section : [...section, 'accounts', account]
  return nodeAt(parsed.root, own) === null ? section : own
}

function presentValue(file: ParsedConfig, { account, path }: SettingChange): Record<string, unknown> {
  const place = { ...(account === undefined ? {} : { account }), path: [...path] }
  const value = valueAt(file.value, writtenPath(file, baseOf(file, account), path), remoteKey(path))
  return value === undefined ? { ...place, unset: true } : { ...place, value }
}

function refuseUnconfirmed(before: Config, after: Config, confirmed: readonly Confirmation[]): void {
  const missing = wideningEffects(before, after).filter(({ what }) => !confirmed.includes(what))
  const [first] = missing
  if (first === undefined) return
  throw new DaemonError('confirmation_required', {
    message: first.message,
    details: {
      confirm: [...new Set(missing.map(({ what }) => what))],
      accounts: [...new Set(missing.flatMap(({ accounts }) => accounts))],
    },
  })
}
