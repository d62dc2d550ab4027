import { createHash } from 'node:crypto'
import { isAbsolute, resolve as resolvePath } from 'node:path'
import type { z } from 'zod'
import { ConfigError } from './config-error.ts'
import type { AccountConfig, AgentConfig, Config, SecretReference } from './config.ts'
import { nodeAt, type ParsedConfig, parseConfig, type PathSegment } from './parse.ts'
import { Problems } from './problems.ts'
import { readAccess } from './read-allow-from.ts'
import { readDaemon } from './read-daemon.ts'
import { readSection } from './read-section.ts'
import { accountSettings, type agentSchema, channelSettings, type secretSchema } from './schema.ts'

export interface ResolveContext {
  /** Relative paths in the file start here. */
  directory: string
  env: NodeJS.ProcessEnv
}

type RawChannel = ReturnType<typeof readChannel>
type RawAccount = Partial<z.infer<z.ZodObject<typeof accountSettings>>>

const DEFAULT_ACCOUNT = 'default'

/** The text of a file as a config in force. Throws `ConfigError` naming every place that is wrong. */
export function resolveConfig(text: string, context: ResolveContext): Config {
  const parsed = parseConfig(text)
  const problems = new Problems(parsed.root)
  const section = channelSection(parsed, problems)
  const channel = readChannel(section, problems)
  const defaultAccount = channel.defaultAccount ?? DEFAULT_ACCOUNT
  const ids = channel.accounts === undefined ? [defaultAccount] : Object.keys(channel.accounts)
  if (ids.length === 0) ids.push(defaultAccount)
  const accounts: Record<string, AccountConfig> = {}
  for (const id of ids)
    accounts[id] = readAccount(id, { channel, section, problems, context, defaultAccount })
  if (accounts[defaultAccount] === undefined && channel.defaultAccount !== undefined) {
    problems.error(
      'unknown_account',
      [...section.path, 'defaultAccount'],
      `There is no account "${defaultAccount}".`,
    )
  }
  const daemon = readDaemon(parsed.value['whatsappd'], problems)
  const [first, ...rest] = problems.errors
  if (first !== undefined) throw new ConfigError([first, ...rest])
  return {
    revision: revisionOf(text),
    accounts,
    defaultAccount: accounts[defaultAccount] === undefined ? (ids[0] ?? DEFAULT_ACCOUNT) : defaultAccount,
    configWrites: channel.configWrites ?? true,
    daemon,
    notices: problems.notices,
  }
}

/** Opaque; the same for the same content. */
export function revisionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

export interface Section {
  path: readonly string[]
  value: unknown
}

/** `channels.whatsapp`, or Milady's `connectors.whatsapp`, which is read the same way. */
export function channelSection(parsed: ParsedConfig, problems: Problems): Section {
  const at = (parent: string): unknown => {
    const value = parsed.value[parent]
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)['whatsapp']
      : undefined
  }
  const [channels, connectors] = [at('channels'), at('connectors')]
  if (channels === undefined && connectors !== undefined) {
    return { path: ['connectors', 'whatsapp'], value: connectors }
  }
  if (connectors !== undefined) {
    problems.notice(
      'ignored',
      ['connectors', 'whatsapp'],
      'channels.whatsapp stands in this file too, and wins.',
    )
  }
  return { path: ['channels', 'whatsapp'], value: channels }
}

function readChannel(section: Section, problems: Problems) {
  const { value, path } = section
  if (typeof value !== 'object' || value === null) return readSection(channelSettings, value, path, problems)
  // Accounts are read one by one, so that an error in one of them is found at its own key.
  const { accounts, ...rest } = value as Record<string, unknown>
  const channel = readSection(channelSettings, rest, path, problems)
  if (accounts === undefined) return channel
  if (typeof accounts !== 'object' || accounts === null || Array.isArray(accounts)) {
    problems.error('wrong_type', [...path, 'accounts'], 'Must be an object: { <id>: { … } }.')
    return channel
  }
  const read: Record<string, RawAccount> = {}
  for (const [id, account] of Object.entries(accounts)) {
    const accountPath = [...path, 'accounts', id]
    if (!/^[a-z0-9][a-z0-9_-]{0,63}$/i.test(id)) {
      problems.error(
        'bad_account_id',
        accountPath,
        'An account id has letters, digits, "-" and "_", at most 64.',
      )
      continue
    }
    read[id] = readSection(accountSettings, account, accountPath, problems)
  }
  return { ...channel, accounts: read }
}

interface AccountInput {
  channel: RawChannel
  section: Section
  problems: Problems
  context: ResolveContext
  defaultAccount: string
}

function readAccount(id: string, input: AccountInput): AccountConfig {
  const { channel, section, problems, context, defaultAccount } = input
  const own: RawAccount = channel.accounts?.[id] ?? {}
  const { accounts: _accounts, ...root } = channel
  const merged: RawAccount = { ...root, ...withoutUndefined(own) }
  const pathOf = (key: keyof RawAccount): PathSegment[] =>
    own[key] === undefined ? [...section.path, key] : [...section.path, 'accounts', id, key]
  const agents = readAgents(merged.agents, pathOf('agents'), problems)
  const defaultAgent = merged.defaultAgent ?? Object.keys(agents)[0] ?? 'echo'
  if (agents[defaultAgent] === undefined) {
    const known = Object.keys(agents).join(', ')
    problems.error(
      'unknown_agent',
      pathOf('defaultAgent'),
      `There is no agent "${defaultAgent}"; there are: ${known}.`,
    )
  }
  if (merged.transport === 'cloud-api') {
    problems.error(
      'unsupported',
      pathOf('transport'),
      'Transport "cloud-api" is not built yet; use "linked-device".',
    )
  }
  const isDefault = id === defaultAccount
  return {
    id,
    name: merged.name ?? null,
    enabled: merged.enabled ?? true,
    transport: merged.transport ?? 'linked-device',
    authDir: accountDirectory(own.authDir ?? (isDefault ? root.authDir : undefined), isDefault, context),
    access: readAccess(
      {
        dmPolicy: merged.dmPolicy ?? 'allowlist',
        dmPolicyPath: pathOf('dmPolicy'),
        allowFrom: merged.allowFrom ?? [],
        allowFromPath: pathOf('allowFrom'),
      },
      problems,
    ),
    sendReadReceipts: merged.sendReadReceipts ?? true,
    typing: merged.typing ?? true,
    textChunkLimit: merged.textChunkLimit ?? 4000,
    chunkMode: merged.chunkMode ?? 'newline',
    blockStreaming: merged.blockStreaming ?? false,
    messagePrefix: merged.messagePrefix ?? '',
    responsePrefix: merged.responsePrefix ?? '',
    debounceMs: merged.debounceMs ?? 0,
    dmHistoryLimit: merged.dmHistoryLimit ?? 50,
    catchUpMaxAgeMinutes: merged.catchUp?.maxAgeMinutes ?? 60,
    pace: { perMinute: merged.pace?.perMinute ?? 30, perHour: merged.pace?.perHour ?? 300 },
    agents,
    defaultAgent,
  }
}

/** Two accounts never share a directory: the root's `authDir` belongs to the default account. */
function accountDirectory(
  own: string | undefined,
  isDefault: boolean,
  { directory, env }: ResolveContext,
): string | null {
  const path = own ?? (isDefault ? env['WHATSAPP_AUTH_DIR'] : undefined)
  if (path === undefined || path === '') return null
  return isAbsolute(path) ? path : resolvePath(directory, path)
}

function readAgents(
  raw: Record<string, z.infer<typeof agentSchema>> | undefined,
  path: readonly PathSegment[],
  problems: Problems,
): Record<string, AgentConfig> {
  const agents: Record<string, AgentConfig> = {}
  for (const [id, agent] of Object.entries(raw ?? { echo: { connector: 'echo' as const } })) {
    if (agent.connector === 'echo') {
      agents[id] = { connector: 'echo' }
      continue
    }
    agents[id] = {
      connector: 'openai-chat',
      baseUrl: agent.baseUrl.replace(/\/+$/, ''),
      model: agent.model,
      apiKey: agent.apiKey === undefined ? null : secret(agent.apiKey, [...path, id, 'apiKey'], problems),
      systemPrompt: agent.systemPrompt ?? null,
      timeoutSeconds: agent.timeoutSeconds ?? 120,
    }
  }
  return agents
}

function secret(
  raw: z.infer<typeof secretSchema>,
  path: readonly PathSegment[],
  problems: Problems,
): SecretReference {
  if (typeof raw !== 'string') return raw
  problems.notice(
    'literal_secret',
    path,
    'A secret stands here in clear; better { env: "NAME" } or { file: "path" }.',
  )
  return { literal: raw }
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  // Only keys of `value` with their own values are kept.
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as Partial<T>
}

/** Whether the file has a list of its own for this account. */
export function hasOwnAllowFrom(parsed: ParsedConfig, section: readonly string[], account: string): boolean {
  return nodeAt(parsed.root, [...section, 'accounts', account, 'allowFrom']) !== null
}
