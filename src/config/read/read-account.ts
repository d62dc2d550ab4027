import { type ChannelSection, sectionName } from './channel-section.ts'
import type { AccountConfig } from '../model.ts'
import { accessSettings } from '../settings/access-settings.ts'
import { plainSettings } from '../settings/account-settings.ts'
import { effectiveSettings } from '../settings/effective-settings.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import type { Problems } from '../problems/problems.ts'
import { readAckReaction } from './read-ack-reaction.ts'
import { readAccess } from './read-allow-from.ts'
import { readAgents } from './read-agents.ts'
import type { ConnectorTable } from '../settings/connector-settings.ts'
import { readGroups } from './read-groups.ts'
import { readSenders } from './read-senders.ts'
import type { RawAccount, RawChannel } from './read-channel.ts'
import { type PathContext, readPath } from './read-path.ts'
import { writtenTexts } from './written-texts.ts'

export interface AccountInput extends PathContext {
  channel: RawChannel
  section: ChannelSection
  problems: Problems
  connectors: ConnectorTable
  defaultAccount: string
}

/** One account's settings: its own, then those of the channel, then the defaults. */
export function readAccount(id: string, input: AccountInput): AccountConfig {
  const { channel, section, problems, directory, env, connectors } = input
  const own: RawAccount = channel.accounts[id] ?? {}
  const plain = effectiveSettings(plainSettings, [own, channel])
  const access = effectiveSettings(accessSettings, [own, channel])
  const pathOf = (key: keyof RawAccount): PathSegment[] =>
    own[key] === undefined ? [...section.path, key] : [...section.path, 'accounts', id, key]
  const agents = readAgents(
    { agents: own.agents ?? channel.agents, path: pathOf('agents'), directory, env, connectors },
    problems,
  )
  if (plain.transport === 'cloud-api') {
    const message = 'Transport "cloud-api" is not built yet; use "linked-device".'
    problems.error('unsupported', pathOf('transport'), message)
  }
  const written = writtenTexts(id, input)
  return {
    ...plain,
    ...(written !== null && { written }),
    id,
    section: sectionName(section),
    authDir: accountDirectory(id, own, input),
    access: readAccess(
      {
        ...access,
        dmPolicyPath: pathOf('dmPolicy'),
        allowFromPath: pathOf('allowFrom'),
      },
      problems,
    ),
    groupAccess: readGroups(
      {
        ...access,
        groupAllowFromPath: pathOf('groupAllowFrom'),
        groupsPath: pathOf('groups'),
        agents: Object.keys(agents),
      },
      problems,
    ),
    senders: readSenders({ ...access, path: pathOf('senders'), agents: Object.keys(agents) }, problems),
    ackReaction: readAckReaction(
      plain.ackReaction,
      own.ackReaction?.emoji === undefined
        ? [...section.path, 'ackReaction', 'emoji']
        : [...section.path, 'accounts', id, 'ackReaction', 'emoji'],
      problems,
    ),
    agents,
    defaultAgent: defaultAgent(
      own.defaultAgent ?? channel.defaultAgent,
      Object.keys(agents),
      pathOf('defaultAgent'),
      problems,
    ),
  }
}

function defaultAgent(
  named: string | undefined,
  known: readonly string[],
  path: readonly PathSegment[],
  problems: Problems,
): string {
  const agent = named ?? known[0] ?? 'echo'
  if (!known.includes(agent)) {
    const names = known.length === 0 ? 'there are none' : `there are: ${known.join(', ')}`
    problems.error('unknown_agent', path, `There is no agent "${problems.written(path, agent)}"; ${names}.`)
  }
  return agent
}

/** A directory is for one account: the one at the root is that of the default account alone. */
function accountDirectory(id: string, own: RawAccount, input: AccountInput): string | null {
  const { channel, section, env, defaultAccount, problems } = input
  const path = [...section.path, 'authDir']
  if (typeof own.authDir === 'string')
    return readPath(own.authDir, [...section.path, 'accounts', id, 'authDir'], input, problems)
  if (id !== defaultAccount || own.authDir === null) return null
  if (typeof channel.authDir === 'string') return readPath(channel.authDir, path, input, problems)
  const fromEnvironment = env['WHATSAPP_AUTH_DIR']
  if (fromEnvironment === undefined || fromEnvironment === '') return null
  return readPath(fromEnvironment, path, { ...input, directory: process.cwd() }, problems)
}
