import type { AccessPolicy, GroupPolicy } from '../access/policy.ts'
import type { ConfigProblem } from '../protocol/config/config-problem.ts'
import type { SettingChange } from './edit/edit-settings.ts'
import type { Confirmation } from './edit/widening.ts'
import type { CloudApiConfig } from './cloud-api-config.ts'
import type { AuthConfig } from './auth-config.ts'
import type { FileTool } from './read/foreign/file-tool.ts'
import type { plainSettings } from './settings/account-settings.ts'
import type { EffectiveSettings } from './settings/effective-settings.ts'

/**
 * One account's settings: the root of `channels.whatsapp` with `accounts.<id>` laid over it. What the plain settings mean is said where
 * they are declared.
 */
export interface AccountConfig extends EffectiveSettings<typeof plainSettings> {
  id: string
  /** Where the file has, or would get, the settings of the channel: for advice to people. */
  section: ChannelPath
  /** Whose file it is, where keys have another meaning than in our own. */
  tool?: FileTool | undefined
  /** What the assistant reads before each message of a person; absent for nothing. */
  inboundPrefix?: string | undefined
  mentionPatterns: MentionPatterns
  /** What the agent is told about a person: by E.164 number, by `lid:<digits>` or `bsuid:<id>` where the number is hidden, or `"*"`. Empty for nothing. */
  direct: Readonly<Record<string, string>>
  /** Messages of context in the direct chat with a person, by the same keys; in the place of `dmHistoryLimit`. */
  dms: Readonly<Record<string, number>>
  /** How pieces of a reply that is being written are put together; `null` where nothing is said. */
  coalesce: Coalesce | null
  /** True where the assistant does not see what a message quotes. */
  hidesQuotes?: true | undefined
  /** Settings that the file sets, of those whose default is another one over some transports; `pace`: one of its rates. Absent where there are none. */
  chosen?: readonly MannerKey[] | undefined
  /** Settings that another key of the file decides, with the sentence that says which: an edit of one of them would have no effect. */
  overruled?: Readonly<Record<string, string>> | undefined
  /** Of a number that is connected by Meta's Cloud API. */
  cloudApi: CloudApiConfig
  /** Whether `transport` is somebody's choice. Where it is not, what the account has decides: a linked phone, or a Business account. */
  isTransportSet: boolean
  /** Absolute; `null` means `<state dir>/accounts/<id>`. */
  authDir: string | null
  /** `owners`: people as in `allowFrom`. */
  commands: { readonly enabled: boolean; readonly owners: readonly string[] }
  access: AccessPolicy
  groupAccess: GroupPolicy
  /** By E.164 number. */
  senders: Readonly<Record<string, SenderSettings>>
  /** `null`: voice messages are handed over as files alone. */
  transcription: TranscriptionConfig | null
  agents: Readonly<Record<string, AgentConfig>>
  /** Where the account's events are posted to, besides those of the process. */
  webhooks: readonly WebhookConfig[]
  defaultAgent: string
  /**
   * What stands in the file for texts that refer to variables, by their dotted path below the account (`messagePrefix`,
   * `agents.ada.model`); of a list by the entry in force (`allowFrom.+15555550101`, and
   * `entry.+15555550101` for every list where it may be in force instead). Whatever is shown has these; `asWritten`
   * finds them. Absent where there are none.
   */
  written?: Readonly<Record<string, string>> | undefined
  /**
   * The entries in force of allowFrom and groupAllowFrom by the texts with variables that stand there for them, also where an entry
   * stands there by itself too. For edits: it is not shown. Absent where there are none.
   */
  entries?: Readonly<Record<string, string>> | undefined
}

/** How an answer is made into messages. */
export type MannerKey = 'blockStreaming' | 'textChunkLimit' | 'chunkMode' | 'pace'

/** By what the assistant is called in groups: `mentionPattern` reads each of `patterns`. */
export interface MentionPatterns {
  patterns: readonly string[]
  /** Where they count: in all groups but those of `denyIn` (`allow`), or in those of `allowIn` that are not in `denyIn` (`deny`). */
  mode: 'allow' | 'deny'
  allowIn: readonly string[]
  denyIn: readonly string[]
}

/** When the paragraphs of a reply are sent that is still being written. Lengths in characters. */
interface Coalesce {
  minChars: number
  /** `null`: as long as a message may be. */
  maxChars: number | null
  /** 0: never by itself. */
  idleMs: number
}

/** The place of the channel in the file. */
export type ChannelPath = 'channels.whatsapp' | 'connectors.whatsapp'

/** What the config says of one person. */
export interface SenderSettings {
  /** The agent that answers them; `null` for the default agent. */
  agent: string | null
  /** Used instead of the name that they gave on WhatsApp. */
  name: string | null
}

/** What writes down the words of voice messages. */
export interface TranscriptionConfig {
  /** Up to and without `/audio/transcriptions`. */
  baseUrl: string
  model: string
  apiKey: SecretReference | null
  /** What is spoken, as ISO 639-1; `null`: the model finds out. */
  language: string | null
  prompt: string | null
  timeoutSeconds: number
  /** Longer sound is not sent. */
  maxMinutes: number
}

/** A secret stays a reference until it is used; `SecretReader` reads it. */
export type SecretReference =
  | { env: string }
  /** `file` is absolute; `written` is what stands in the config for it, where that is another text. */
  | { file: string; written?: string }
  | { literal: string }

/** One assistant. */
export interface AgentConfig {
  /** What connects it: a name of the table of connectors. */
  connector: string
  /** For people to see. */
  name?: string | undefined
  /** What the connector is told, read by its own schema; secrets as references. */
  settings: Readonly<Record<string, unknown>>
}

/** Where events are posted to. */
export interface WebhookConfig {
  /** Where it stands in the file, as people read it: `whatsappd.webhooks[0]`. */
  place: string
  url: string
  /** What may be shown of `url`. */
  shownUrl: string
  secret: SecretReference
  previousSecret: SecretReference | null
  /** Names of events, namespaces (`message.*`), or `*`. */
  events: readonly string[]
  /** Whether events carry what was written. */
  texts: boolean
}

/** The section `whatsappd`: this process. */
export interface DaemonConfig {
  /** Differs for every sandbox, also for a copy; `null` where nobody gave one. */
  instanceId: string | null
  /** A lease for each account; `null`: the lock in its directory alone. `url` is checked when it is used. */
  lock: { url: SecretReference; ttlSeconds: number } | null
  listen: { host: string; port: number }
  /** A URL, or `none`; `null`: the environment decides. Only a literal one is checked already. */
  proxy: SecretReference | null
  noProxy: readonly string[]
  /** Absolute. */
  caFile: string | null
  /** `accounts`: those whose events are posted; `null` for all, and what belongs to none. */
  webhooks: readonly (WebhookConfig & { accounts: readonly string[] | null })[]
  auth: AuthConfig
  allowedOrigins: readonly string[]
  log: {
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
    /** `null`: readable lines on a terminal, JSON elsewhere. */ format: 'json' | 'pretty' | null
  }
  whatsapp: {
    /** WebSocket of the WhatsApp server, or null for the real one. */
    webSocketUrl: string | null
    /** 32-byte Curve25519 public key, base64; null for WhatsApp's own. Only with a loopback URL. */
    noiseRootKey: string | null
    version: readonly [number, number, number] | null
    /** Whether the current version may be looked up at WhatsApp's page when it refuses this one. */
    versionLookup: boolean
  }
  /** The waits between attempts: random, growing from the first to the cap; milliseconds. */
  reconnect: { firstDelayMs: number; capMs: number }
  /** How long linked accounts wait at most before they connect at the start of the process. */
  startJitterSeconds: number
}

/** A valid config in force. Immutable. */
export interface Config {
  /** Opaque; differs for every content of the file. */
  revision: string
  accounts: Readonly<Record<string, AccountConfig>>
  defaultAccount: string
  section: ChannelPath
  /** Whose file it is, where keys have another meaning than in our own. */
  tool?: FileTool | undefined
  configWrites: boolean
  /** How many accounts may be created or linked. */
  maxAccounts: number
  daemon: DaemonConfig
  /** Values of the environment variables that settings contain, by name: nothing that leaves the process has them. Absent where there are none. */
  variables?: Readonly<Record<string, string>> | undefined
  /** Things worth saying that are no errors: merged duplicates, keys without use here. */
  notices: readonly ConfigProblem[]
  /** Wrong entries of lists that allow people; they allow nobody, and the rest of the file is in force. Absent where there are none. */
  badEntries?: BadEntries | undefined
}

interface BadEntries {
  /** The first 100. */
  problems: readonly ConfigProblem[]
  total: number
}

/** What the rest of the daemon uses; implemented by `config/config-service.ts`. */
export interface ConfigSource {
  readonly current: Config
  /** Problems of the file on disk now; empty when it is the one in force. */
  readonly problems: readonly ConfigProblem[]
  /** Dotted paths of settings that were changed and count from the next start of the process; the first 50. */
  readonly needsRestart: readonly string[]
  /** Characters of the file that is in force. */
  readonly fileLength: number
  /** Called after every change in force, synchronously, with the dotted paths that changed. Returns unsubscribe. */
  onApplied(listener: (config: Config, changed: readonly string[]) => void): () => void
  onRejected(listener: (problem: ConfigProblem) => void): () => void
}

/** Edits the file in place: comments and layout kept, atomic. Every method throws `DaemonError`. */
export interface ConfigEditor {
  /** `revision` is the one the caller read; `config_conflict` when the file has another. Answers with the new one. */
  addAllowFrom(numbers: string[], options?: EditOptions): Promise<EditResult>
  removeAllowFrom(numbers: string[], options?: EditOptions): Promise<EditResult>
  setAllowFrom(numbers: string[], options?: EditOptions): Promise<EditResult>
  setEnabled(enabled: boolean, options?: EditOptions): Promise<EditResult>
  /** Sets or takes out several keys that a dashboard may edit: all of them, or none. */
  update(changes: readonly SettingChange[], options?: UpdateOptions): Promise<UpdateResult>
  /** Adds an account that takes everything but its name from the root; `false` when it is there already. */
  createAccount(id: string, name: string | null, options?: EditOptions): Promise<AccountEditResult>
  /** Takes an account out of the file. Its directory is not touched. */
  removeAccount(id: string, options?: EditOptions): Promise<AccountEditResult>
}

export interface EditOptions {
  account?: string | undefined
  revision?: string | undefined
}

export interface UpdateOptions {
  revision?: string | undefined
  /** What a person has confirmed beforehand. */
  confirm?: readonly Confirmation[] | undefined
}

export interface UpdateResult {
  revision: string
  /** Dotted paths whose effective value changed. */
  changed: string[]
}

export interface AccountEditResult {
  revision: string
  /** Whether the file was changed. */
  changed: boolean
}

export interface EditResult {
  revision: string
  /** The effective list of the account after the edit, E.164. */
  allowFrom: string[]
}
