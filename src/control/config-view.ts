import { accountSettings } from '../config/account-settings.ts'
import type { AccountConfig, ConfigSource } from '../config/config.ts'
import { metaOf } from '../config/settings-table.ts'
import type { AccountConfigView, ConfigView } from '../protocol/config-view.ts'

/** Keys of an account that a dashboard may change to some effect. */
const EDITABLE: readonly string[] = Object.entries(accountSettings)
  .filter(([key, schema]) => {
    const { remote, hasEffect } = metaOf(key, schema)
    return remote && hasEffect
  })
  .map(([key]) => key)

/** What a dashboard may read of the config in force. Built key by key, so that a new setting is hidden until chosen. */
export function toConfigView(config: ConfigSource, path: string | null): ConfigView {
  const { current, problems } = config
  return {
    revision: current.revision,
    valid: problems.length === 0,
    problems: [...problems],
    notices: [...current.notices],
    ...(current.badEntries !== undefined && {
      entryProblems: [...current.badEntries.problems],
      entryProblemsTotal: current.badEntries.total,
    }),
    configWrites: current.configWrites,
    editable: [...EDITABLE],
    path,
    defaultAccount: current.defaultAccount,
    accounts: Object.fromEntries(
      Object.entries(current.accounts).map(([id, account]) => [id, toAccountView(account)]),
    ),
  }
}

function toAccountView(account: AccountConfig): AccountConfigView {
  return {
    name: account.name,
    enabled: account.enabled,
    transport: account.transport,
    dmPolicy: account.access.dmPolicy,
    allowFrom: [...account.access.allowFrom],
    groupPolicy: account.groupAccess.groupPolicy,
    groupAllowFrom: account.groupAccess.groupAllowFrom && [...account.groupAccess.groupAllowFrom],
    groups: Object.fromEntries(
      Object.entries(account.groupAccess.groups).map(([group, { requireMention, agent }]) => [
        group,
        { requireMention: requireMention ?? null, agent: agent ?? null },
      ]),
    ),
    sendReadReceipts: account.sendReadReceipts,
    typing: account.typing,
    defaultAgent: account.defaultAgent,
    agents: Object.fromEntries(
      Object.entries(account.agents).map(([id, agent]) => [
        id,
        { connector: agent.connector, model: 'model' in agent ? agent.model : null },
      ]),
    ),
    stickyTtlMinutes: account.stickyTtlMinutes,
    ackEmoji: account.ackReaction.emoji,
    senders: Object.fromEntries(
      Object.entries(account.senders).map(([number, sender]) => [number, { ...sender }]),
    ),
  }
}
