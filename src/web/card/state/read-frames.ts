import { isRecord } from '../../../protocol/is-record.ts'
import type { AccountView } from '../../../protocol/account/account.ts'
import type { ConfigView } from '../../../protocol/config/config-view.ts'

/**
 * Accounts as the daemon sent them, which may be newer than the card: a field that has another type there than the card knows counts
 * as `null`, and what has no id is left out. Fields that the card does not know are kept.
 */
export function readAccounts(sent: readonly AccountView[]): AccountView[] {
  return listOf(sent)
    .filter((each) => isRecord(each) && typeof each.account === 'string')
    .map(({ passkey, ...each }) => ({
      ...each,
      name: textOf(each.name),
      phoneNumber: textOf(each.phoneNumber),
      displayName: textOf(each.displayName),
      linkedSince: textOf(each.linkedSince),
      nextAttemptAt: textOf(each.nextAttemptAt),
      until: textOf(each.until),
      reason: recordOf(each.reason),
      health: recordOf(each.health),
      assistant: recordOf(each.assistant ?? null),
      ...(isRecord(passkey) && { passkey }),
    }))
}

/** The config as the daemon sent it, in the same way. */
export function readConfigView(sent: ConfigView | null): ConfigView | null {
  const config = recordOf(sent)
  if (config === null) return null
  const accounts = Object.entries(recordOf(config.accounts) ?? {}).filter(([, settings]) =>
    isRecord(settings),
  )
  return {
    ...config,
    problems: listOf(config.problems),
    notices: listOf(config.notices),
    editable: listOf(config.editable),
    accounts: Object.fromEntries(
      accounts.map(([id, settings]) => [
        id,
        {
          ...settings,
          name: textOf(settings.name),
          allowFrom: listOf(settings.allowFrom),
          agents: recordOf(settings.agents) ?? {},
        },
      ]),
    ),
  }
}

// The types are those of this release. What arrives may differ.

export function listOf<Item>(value: readonly Item[]): Item[] {
  return Array.isArray(value) ? value : []
}

function textOf(value: string | null): string | null {
  return typeof value === 'string' ? value : null
}

function recordOf<Value extends object>(value: Value | null): Value | null {
  return isRecord(value) ? value : null
}
