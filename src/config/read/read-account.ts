import { resolve } from 'node:path'
import type { ChannelSection } from './channel-section.ts'
import type { AccountConfig } from '../model.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import type { Problems } from '../problems/problems.ts'
import { readAckReaction } from './read-ack-reaction.ts'
import { readAccess } from './read-allow-from.ts'
import { readAgents } from './read-agents.ts'
import type { ConnectorTable } from '../settings/connector-settings.ts'
import { readGroups } from './read-groups.ts'
import { readSenders } from './read-senders.ts'
import type { RawAccount, RawChannel } from './read-channel.ts'

export interface AccountInput {
  channel: RawChannel
  section: ChannelSection
  problems: Problems
  /** Where relative paths of the file start. */
  directory: string
  env: NodeJS.ProcessEnv
  connectors: ConnectorTable
  defaultAccount: string
}

/** One account's settings: its own, then those of the channel, then the defaults. */
export function readAccount(id: string, input: AccountInput): AccountConfig {
  const { channel, section, problems, directory, connectors } = input
  const own: RawAccount = channel.accounts[id] ?? {}
  const merged = overlay(channel, own)
  const pathOf = (key: keyof RawAccount): PathSegment[] =>
    own[key] === undefined ? [...section.path, key] : [...section.path, 'accounts', id, key]
  const agents = readAgents(
    { agents: merged.agents, path: pathOf('agents'), directory, connectors },
    problems,
  )
  if (merged.transport === 'cloud-api') {
    const message = 'Transport "cloud-api" is not built yet; use "linked-device".'
    problems.error('unsupported', pathOf('transport'), message)
  }
  return {
    id,
    name: merged.name ?? null,
    enabled: merged.enabled ?? true,
    transport: merged.transport ?? 'linked-device',
    authDir: accountDirectory(id, own, input),
    access: readAccess(
      {
        dmPolicy: merged.dmPolicy ?? 'allowlist',
        dmPolicyPath: pathOf('dmPolicy'),
        allowFrom: merged.allowFrom ?? [],
        allowFromPath: pathOf('allowFrom'),
      },
      problems,
    ),
    groupAccess: readGroups(
      {
        groupPolicy: merged.groupPolicy ?? 'allowlist',
        groupAllowFrom: merged.groupAllowFrom ?? null,
        groupAllowFromPath: pathOf('groupAllowFrom'),
        groups: merged.groups ?? {},
        groupsPath: pathOf('groups'),
        agents: Object.keys(agents),
      },
      problems,
    ),
    senders: readSenders(
      { senders: merged.senders ?? {}, path: pathOf('senders'), agents: Object.keys(agents) },
      problems,
    ),
    ...replies(merged),
    ackReaction: readAckReaction(
      merged.ackReaction ?? {},
      own.ackReaction?.emoji === undefined
        ? [...section.path, 'ackReaction', 'emoji']
        : [...section.path, 'accounts', id, 'ackReaction', 'emoji'],
      problems,
    ),
    agents,
    stickyTtlMinutes: merged.stickyTtlMinutes ?? 30,
    defaultAgent: defaultAgent(merged, Object.keys(agents), pathOf('defaultAgent'), problems),
  }
}

/** The account's value wins; of settings that are objects of several values, each value for itself. */
function overlay({ accounts: _accounts, ...channel }: RawChannel, own: RawAccount): RawAccount {
  const set = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined))
  return {
    ...channel,
    ...set,
    catchUp: { ...channel.catchUp, ...own.catchUp },
    pace: { ...channel.pace, ...own.pace },
    ackReaction: { ...channel.ackReaction, ...own.ackReaction },
  }
}

function replies(
  merged: RawAccount,
): Pick<
  AccountConfig,
  | 'sendReadReceipts'
  | 'typing'
  | 'textChunkLimit'
  | 'chunkMode'
  | 'blockStreaming'
  | 'messagePrefix'
  | 'responsePrefix'
  | 'debounceMs'
  | 'historyLimit'
  | 'dmHistoryLimit'
  | 'catchUpMaxAgeMinutes'
  | 'pace'
> {
  return {
    sendReadReceipts: merged.sendReadReceipts ?? true,
    typing: merged.typing ?? true,
    textChunkLimit: merged.textChunkLimit ?? 4000,
    chunkMode: merged.chunkMode ?? 'newline',
    blockStreaming: merged.blockStreaming ?? false,
    messagePrefix: merged.messagePrefix ?? '',
    responsePrefix: merged.responsePrefix ?? '',
    debounceMs: merged.debounceMs ?? 0,
    historyLimit: merged.historyLimit ?? 50,
    dmHistoryLimit: merged.dmHistoryLimit ?? 50,
    catchUpMaxAgeMinutes: merged.catchUp?.maxAgeMinutes ?? 60,
    pace: { perMinute: merged.pace?.perMinute ?? 30, perHour: merged.pace?.perHour ?? 300 },
  }
}

function defaultAgent(
  merged: RawAccount,
  known: readonly string[],
  path: readonly PathSegment[],
  problems: Problems,
): string {
  const agent = merged.defaultAgent ?? known[0] ?? 'echo'
  if (!known.includes(agent)) {
    const names = known.length === 0 ? 'there are none' : `there are: ${known.join(', ')}`
    problems.error('unknown_agent', path, `There is no agent "${agent}"; ${names}.`)
  }
  return agent
}

/** A directory is for one account: what stands for all of them holds for the default one alone. */
function accountDirectory(id: string, own: RawAccount, input: AccountInput): string | null {
  const { channel, env, defaultAccount, directory } = input
  if (typeof own.authDir === 'string') return resolve(directory, own.authDir)
  if (id !== defaultAccount || own.authDir === null) return null
  if (typeof channel.authDir === 'string') return resolve(directory, channel.authDir)
  const fromEnvironment = env['WHATSAPP_AUTH_DIR']
  return fromEnvironment === undefined || fromEnvironment === '' ? null : resolve(fromEnvironment)
}
