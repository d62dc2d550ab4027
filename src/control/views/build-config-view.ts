import { accountSettings } from '../../config/settings/account-settings.ts'
import { asWritten } from '../../config/as-written.ts'
import { hasAssistant } from '../../config/has-assistant.ts'
import type { AccountConfig, Config, ConfigSource } from '../../config/model.ts'
import { unusableKeyMessage } from '../../config/read/account/read-auth.ts'
import { metaOf } from '../../config/settings/setting.ts'
import type { AccountConfigView, ConfigView } from '../../protocol/config/config-view.ts'
import type { RefusedTokenView } from '../../protocol/tokens/refused-token.ts'
import type { ConfigProblem } from '../../protocol/config/config-problem.ts'
import { type ShownLists, shownLists } from './config-lists.ts'
import { SETTING_FIELDS, settingValues } from './setting-fields.ts'

/** Keys of an account that a dashboard may change to some effect. */
const EDITABLE: readonly string[] = Object.entries(accountSettings)
  .filter(([key, schema]) => {
    const { remote, hasEffect } = metaOf(key, schema)
    return remote && hasEffect
  })
  .map(([key]) => key)

const PROBLEMS_SHOWN = 25
/** Parts of a message come from the file. */
const LONGEST_PROBLEM_TEXT = 300
/** Each account is a kilobyte. */
export const ACCOUNTS_SHOWN = 50

/** What is wrong with keys and tokens at this moment. */
export interface AuthReport {
  /** Why a key of the config cannot be used, by the path of its setting. */
  unusableKeys: ReadonlyMap<string, string>
  refusedTokens: readonly RefusedTokenView[]
}

/**
 * What a dashboard may read of the config in force. Built key by key, so that a new setting is hidden until chosen. Bounded, so
 * that it fits into one answer: what is left out is counted.
 */
export function buildConfigView(
  config: ConfigSource,
  path: string | null,
  { unusableKeys, refusedTokens }: AuthReport,
): ConfigView {
  const { current, problems } = config
  const notices = noticesOfNow(current.notices, unusableKeys)
  const lists = shownLists(current)
  return {
    revision: current.revision,
    valid: problems.length === 0,
    problems: problems.slice(0, PROBLEMS_SHOWN).map(shortened),
    problemsTotal: problems.length,
    notices: notices.slice(0, PROBLEMS_SHOWN).map(shortened),
    noticesTotal: notices.length,
    ...(current.badEntries !== undefined && {
      entryProblems: current.badEntries.problems.map(shortened),
      entryProblemsTotal: current.badEntries.total,
    }),
    ...(refusedTokens.length > 0 && { refusedTokens: [...refusedTokens] }),
    ...(config.needsRestart.length > 0 && { needsRestart: [...config.needsRestart] }),
    configWrites: current.configWrites,
    editable: [...EDITABLE],
    fields: [...SETTING_FIELDS],
    path,
    section: current.section,
    ...(current.tool !== undefined && { tool: current.tool }),
    defaultAccount: current.defaultAccount,
    accounts: Object.fromEntries(
      shownAccounts(current).flatMap((id) => {
        const [account, shown] = [current.accounts[id], lists[id]]
        return account === undefined || shown === undefined ? [] : [[id, toAccountView(account, shown)]]
      }),
    ),
    accountsTotal: Object.keys(current.accounts).length,
  }
}

/** The file of a key can appear, break and change after the config was read. */
function noticesOfNow(
  notices: readonly ConfigProblem[],
  unusableKeys: ReadonlyMap<string, string>,
): ConfigProblem[] {
  const [atReading, others] = [notices.filter(isAboutKey), notices.filter((notice) => !isAboutKey(notice))]
  const ofNow = [...unusableKeys].map(([path, why]): ConfigProblem => {
    const { line = null, column = null, file } = atReading.find((notice) => notice.path === path) ?? {}
    const place = { line, column, ...(file !== undefined && { file }) }
    return { code: 'unusable_key', path, ...place, message: unusableKeyMessage(why) }
  })
  return [...ofNow, ...others]
}

function isAboutKey({ code }: ConfigProblem): boolean {
  return code === 'unusable_key'
}

function shownAccounts({ accounts, defaultAccount }: Config): string[] {
  const first = Object.keys(accounts).slice(0, ACCOUNTS_SHOWN)
  return first.includes(defaultAccount) ? first : [...first, defaultAccount]
}

function shortened(problem: ConfigProblem): ConfigProblem {
  const clip = (text: string): string =>
    text.length <= LONGEST_PROBLEM_TEXT ? text : `${text.slice(0, LONGEST_PROBLEM_TEXT)}…`
  return { ...problem, path: clip(problem.path), message: clip(problem.message) }
}

function toAccountView(account: AccountConfig, lists: ShownLists): AccountConfigView {
  const { allowFrom, groupAllowFrom, groups, senders, agents } = lists
  return {
    name: asWritten(account, 'name', account.name),
    enabled: account.enabled,
    transport: account.transport,
    dmPolicy: account.access.dmPolicy,
    allowFrom: allowFrom.names,
    groupPolicy: account.groupAccess.groupPolicy,
    groupAllowFrom: account.groupAccess.groupAllowFrom && groupAllowFrom.names,
    groups: groups.values,
    sendReadReceipts: account.sendReadReceipts,
    typing: account.typing,
    defaultAgent: account.defaultAgent,
    hasAssistant: hasAssistant(account),
    agents: agents.values,
    stickyTtlMinutes: account.stickyTtlMinutes,
    ackEmoji: asWritten(account, 'ackReaction.emoji', account.ackReaction.emoji),
    senders: senders.values,
    values: settingValues(account),
    allowFromTotal: allowFrom.total,
    allowFromComplete: allowFrom.isComplete,
    groupAllowFromTotal: groupAllowFrom.total,
    groupAllowFromComplete: groupAllowFrom.isComplete,
    groupsTotal: groups.total,
    groupsComplete: groups.isComplete,
    sendersTotal: senders.total,
    sendersComplete: senders.isComplete,
    agentsTotal: agents.total,
    agentsComplete: agents.isComplete,
  }
}
