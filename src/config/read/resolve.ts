import { createHash } from 'node:crypto'
import type { ConfigProblem } from '../../protocol/config/config-problem.ts'
import { channelSection, sectionName } from './channel-section.ts'
import { QUIET_NOTICES } from '../problems/problem-codes.ts'
import { ConfigError } from '../problems/config-error.ts'
import type { AccountConfig, Config } from '../model.ts'
import { ConfigDocument } from '../document/config-document.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import { identityOf } from '../include/config-text.ts'
import type { ConnectorTable } from '../settings/connector-settings.ts'
import { Problems } from '../problems/problems.ts'
import { businessVariables } from './account/business-variables.ts'
import { Expansions } from './expansions.ts'
import { reportNearMisses } from './near-misses.ts'
import { fileTool } from './foreign/file-tool.ts'
import { inOwnMeaning } from './foreign/own-meaning.ts'
import { outerSettings } from './foreign/outer-settings.ts'
import { readAccount } from './account/read-account.ts'
import { readChannel } from './read-channel.ts'
import { readDaemon } from './read-daemon.ts'
import { MAX_WEBHOOKS } from '../settings/webhook-settings.ts'

export interface ResolveContext {
  /** Relative paths in the file start here. */
  directory: string
  env: NodeJS.ProcessEnv
  connectors: ConnectorTable
}

const DEFAULT_ACCOUNT = 'default'

/** The text of a file as a config in force. Throws `ConfigError` naming every place that is wrong. */
export function resolveConfig(text: string, context: ResolveContext): Config {
  return resolveDocument(new ConfigDocument(text), context)
}

/** As `resolveConfig`. */
export function resolveDocument(document: ConfigDocument, context: ResolveContext): Config {
  const expansions = new Expansions(context.env)
  const problems = new Problems(document, expansions)
  const { path, value } = channelSection(document, problems)
  const section = { path, value: expansions.expand(value, path) }
  const tool = fileTool(document, section)
  const channel = inOwnMeaning(readChannel(section, problems), section.path, tool, problems)
  const outer = tool === 'openclaw' ? outerSettings(document, problems) : null
  const named = Object.keys(channel.accounts)
  const fallback = named.length === 0 || named.includes(DEFAULT_ACCOUNT) ? DEFAULT_ACCOUNT : named[0]
  const defaultAccount = channel.defaultAccount ?? fallback ?? DEFAULT_ACCOUNT
  const ids = named.length === 0 ? [defaultAccount] : named
  const place = [...section.path, 'defaultAccount']
  // The id of an account is shown everywhere.
  const isNewByVariable = named.length === 0 && expansions.at(place) !== null
  if (!ids.includes(defaultAccount) || isNewByVariable) {
    const message = `There is no account "${problems.written(place, defaultAccount)}".`
    problems.error('unknown_account', place, message)
  }
  const accounts: Record<string, AccountConfig> = Object.create(null)
  const variables = businessVariables(document, context.env, expansions)
  for (const id of ids) {
    accounts[id] = readAccount(id, {
      channel,
      section,
      tool,
      outer,
      problems,
      ...context,
      defaultAccount,
      variables,
    })
  }
  refuseSharedDirectories(Object.values(accounts), section.path, problems)
  const daemonValue = expansions.expand(document.value['whatsappd'], ['whatsappd'])
  const daemon = readDaemon(daemonValue, problems, { ...context, channel: sectionName(section) })
  refuseTooManyWebhooks({ accounts: Object.values(accounts), daemon }, section.path, problems)
  reportNearMisses(document.value, problems)
  // Where the file cannot be used anyway, everything that is wrong with it is reported at once.
  const [first, ...rest] = [...problems.errors, ...(problems.errors.length > 0 ? problems.entries : [])]
  if (first !== undefined) throw new ConfigError([first, ...rest])
  return {
    revision: revisionOf(identityOf(document.files)),
    accounts,
    defaultAccount,
    section: sectionName(section),
    ...(tool !== null && { tool }),
    configWrites: channel.configWrites ?? true,
    maxAccounts: channel.maxAccounts ?? 10,
    daemon,
    ...(expansions.variables.size > 0 && { variables: Object.fromEntries(expansions.variables) }),
    notices: problems.notices.toSorted(byWeight),
    ...(problems.entries.length > 0 && {
      badEntries: { problems: problems.entries.toSorted(byPlace), total: problems.badEntryCount },
    }),
  }
}

/** Each has a queue and connections of its own. */
function refuseTooManyWebhooks(
  { accounts, daemon }: { accounts: readonly AccountConfig[]; daemon: Config['daemon'] },
  path: readonly PathSegment[],
  problems: Problems,
): void {
  const places = new Set([...accounts, daemon].flatMap(({ webhooks }) => webhooks.map(({ place }) => place)))
  if (places.size <= MAX_WEBHOOKS) return
  const message = `There are ${places.size} webhooks in this file, at most ${MAX_WEBHOOKS} can be used. Take some out of ${[...places].slice(MAX_WEBHOOKS, MAX_WEBHOOKS + 3).join(', ')}.`
  problems.error('invalid_value', daemon.webhooks.length > 0 ? ['whatsappd', 'webhooks'] : path, message)
}

/** Two accounts in one directory would overwrite each other's credentials. */
function refuseSharedDirectories(
  accounts: readonly AccountConfig[],
  path: readonly PathSegment[],
  problems: Problems,
): void {
  const owners = new Map<string, string>()
  for (const { id, authDir } of accounts) {
    if (authDir === null) continue
    const owner = owners.get(authDir)
    if (owner === undefined) owners.set(authDir, id)
    else {
      const message = `The account "${owner}" keeps its credentials in the same directory.`
      problems.error('shared_directory', [...path, 'accounts', id, 'authDir'], message)
    }
  }
}

/** Some readers find them early, others late; people read a file from the top. */
function byPlace(one: ConfigProblem, other: ConfigProblem): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0)
}

/** Of many, few are shown. */
function byWeight(one: ConfigProblem, other: ConfigProblem): number {
  return Number(QUIET_NOTICES.has(one.code)) - Number(QUIET_NOTICES.has(other.code)) || byPlace(one, other)
}

/** Opaque; the same for the same content. */
export function revisionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
