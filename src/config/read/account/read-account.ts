import { type ChannelSection, sectionName } from '../channel-section.ts'
import type { AccountConfig, MannerKey } from '../../model.ts'
import { accessSettings } from '../../settings/access-settings.ts'
import { plainSettings } from '../../settings/account-settings.ts'
import { effectiveSettings } from '../../settings/effective-settings.ts'
import type { PathSegment } from '../../document/json5-tree.ts'
import type { Problems } from '../../problems/problems.ts'
import { readAckReaction } from './read-ack-reaction.ts'
import { readAccess } from '../people/read-allow-from.ts'
import { readAgents } from './read-agents.ts'
import { readCommands } from './read-commands.ts'
import type { ConnectorTable } from '../../settings/connector-settings.ts'
import type { BusinessVariables } from './business-variables.ts'
import { readCloudApi } from './read-cloud-api.ts'
import { type AccountLayer, accountLayers, layerOf } from '../foreign/account-layers.ts'
import type { FileTool } from '../foreign/file-tool.ts'
import { foreignEffects } from '../foreign/foreign-effects.ts'
import { foreignLimits, withinLimits } from '../foreign/foreign-limits.ts'
import { readByPerson } from '../people/read-by-person.ts'
import { noteOtherDefaults } from '../foreign/other-defaults.ts'
import { readGroups } from '../people/read-groups.ts'
import { readMentionPatterns } from '../people/read-mention-patterns.ts'
import { readSenders } from '../people/read-senders.ts'
import type { RawAccount, RawChannel } from '../read-channel.ts'
import { type PathContext, readPath } from '../read-path.ts'
import { readTranscription } from './read-transcription.ts'
import { readWebhooks } from '../read-webhooks.ts'
import { writtenTexts } from '../written-texts.ts'

export interface AccountInput extends PathContext {
  channel: RawChannel
  section: ChannelSection
  /** Whose file it is. */
  tool: FileTool | null
  /** What holds where the section says nothing; only in OpenClaw's files. */
  outer: AccountLayer | null
  problems: Problems
  connectors: ConnectorTable
  defaultAccount: string
  variables: BusinessVariables
}

/** One account's settings: its own, then those of the channel, then the defaults. */
export function readAccount(id: string, input: AccountInput): AccountConfig {
  const { channel, section, tool, problems, directory, env, connectors } = input
  const layers = accountLayers(id, input)
  noteOtherDefaults(layers, { tool, path: section.path, problems })
  const values = layers.map((layer) => layer.values)
  const plain = effectiveSettings(plainSettings, values)
  const pathOf = (key: keyof RawAccount): PathSegment[] =>
    (layerOf(layers, (each) => each[key] !== undefined) ?? input.outer)?.placeOf(key) ?? [
      ...section.path,
      key,
    ]
  const named = <Key extends keyof RawAccount>(key: Key): RawAccount[Key] | undefined =>
    layerOf(layers, (each) => each[key] !== undefined)?.values[key]
  const agents = readAgents(
    { agents: named('agents'), path: pathOf('agents'), directory, env, connectors },
    problems,
  )
  const cloudApi = readCloudApi(layers, { ...input, isDefault: id === input.defaultAccount }, problems)
  const policy = readPolicies(layers, { ...input, pathOf, agents: Object.keys(agents) })
  // Without accounts in the file, the root is the account, and switches itself on again.
  const isSwitchedOff = tool !== null && channel.enabled === false && channel.accounts[id] !== undefined
  return {
    ...plain,
    ...foreignEffects(layers, tool, isSwitchedOff),
    ...(isSwitchedOff && { enabled: false }),
    ...writtenTexts(layers, problems),
    ...chosenManner(layers),
    cloudApi,
    isTransportSet: named('transport') !== undefined || saysPhone(id, input),
    id,
    section: sectionName(section),
    authDir: accountDirectory(id, channel.accounts[id] ?? {}, input),
    ...policy,
    mentionPatterns: readMentionPatterns(layers, problems),
    direct: readByPerson(named('direct') ?? {}, 'systemPrompt', pathOf('direct'), problems),
    dms: readByPerson(named('dms') ?? {}, 'historyLimit', pathOf('dms'), problems),
    coalesce: coalesceIn(layers),
    ackReaction: readReaction(plain.ackReaction, layers, input),
    commands: readCommands(layers, { ...input, policy }),
    transcription: readTranscription(named('transcription'), pathOf('transcription'), input, problems),
    agents,
    webhooks: readWebhooks(named('webhooks') ?? [], pathOf('webhooks'), input),
    defaultAgent: defaultAgent(named('defaultAgent'), Object.keys(agents), pathOf('defaultAgent'), problems),
  }
}

const MANNER_KEYS = ['blockStreaming', 'textChunkLimit', 'chunkMode'] as const

function chosenManner(layers: readonly AccountLayer[]): Pick<AccountConfig, 'chosen'> {
  const chosen: MannerKey[] = MANNER_KEYS.filter(
    (key) => layerOf(layers, (values) => values[key] !== undefined) !== undefined,
  )
  const setsRate = ({ pace }: AccountLayer['values']): boolean =>
    pace?.perMinute !== undefined || pace?.perHour !== undefined
  if (layerOf(layers, setsRate) !== undefined) chosen.push('pace')
  return chosen.length === 0 ? {} : { chosen }
}

/** ElizaOS' word in the environment for a linked device. */
function saysPhone(id: string, { defaultAccount, variables }: AccountInput): boolean {
  return id === defaultAccount && variables.get('WHATSAPP_AUTH_METHOD')?.text === 'baileys'
}

/** By the newer name, or the older one, of the first layer that has either. */
function coalesceIn(layers: readonly AccountLayer[]): AccountConfig['coalesce'] {
  const written = layers
    .map(({ values }) => values.streaming?.block?.coalesce ?? values.blockStreamingCoalesce)
    .find((value) => value !== undefined)
  if (written === undefined) return null
  const { minChars = 1, maxChars = null, idleMs = 1_000 } = written
  return { minChars, maxChars, idleMs }
}

interface PolicyInput extends AccountInput {
  pathOf: (key: keyof RawAccount) => PathSegment[]
  agents: readonly string[]
}

/** Who may write, and who answers whom. */
function readPolicies(
  layers: readonly AccountLayer[],
  { tool, pathOf, agents, problems }: PolicyInput,
): Pick<AccountConfig, 'access' | 'groupAccess' | 'senders'> {
  const settings = effectiveSettings(
    accessSettings,
    layers.map(({ values }) => values),
  )
  const ignoresOwn = layers.map(({ values }) => values.ignoreOwnMessages).find((value) => value !== undefined)
  const access = readAccess(
    {
      ...settings,
      selfChatMode: ignoresOwn === true ? false : settings.selfChatMode,
      dmPolicyPath: pathOf('dmPolicy'),
      allowFromPath: pathOf('allowFrom'),
    },
    problems,
  )
  const groupAccess = readGroups(
    {
      ...settings,
      // ElizaOS has no list that takes its place.
      groupAllowFrom: settings.groupAllowFrom ?? (tool === 'elizaos' ? [] : null),
      groupAllowFromPath: pathOf('groupAllowFrom'),
      groupsPath: pathOf('groups'),
      agents,
    },
    problems,
  )
  return {
    ...withinLimits({ access, groupAccess }, foreignLimits(layers, problems)),
    senders: readSenders({ ...settings, path: pathOf('senders'), agents }, problems),
  }
}

/** The reaction that says "seen"; none where OpenClaw's `reactionLevel` takes all reactions away. */
function readReaction(
  reaction: AccountConfig['ackReaction'],
  layers: readonly AccountLayer[],
  { section, problems }: AccountInput,
): AccountConfig['ackReaction'] {
  const level = layerOf(layers, ({ reactionLevel }) => reactionLevel !== undefined)
  if (level?.values.reactionLevel === 'off') {
    if (reaction.emoji !== '')
      problems.notice(
        'other_meaning',
        level.placeOf('reactionLevel'),
        'As in OpenClaw, there is no reaction at all, so that ackReaction has no effect.',
      )
    return { ...reaction, emoji: '' }
  }
  const holder = layerOf(layers, ({ ackReaction }) => ackReaction?.emoji !== undefined)
  const path = holder?.placeOf('ackReaction') ?? [...section.path, 'ackReaction']
  return readAckReaction(reaction, [...path, 'emoji'], problems)
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
