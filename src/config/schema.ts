import { z } from 'zod'
import { setting } from './setting.ts'

const phoneNumber = z.union([z.string(), z.number()])
const text = z.string()
const flag = z.boolean()
const count = z.number().int().nonnegative()
const positive = z.number().int().positive()
const later = { hasEffect: false } as const

/** A secret by reference, so that the file can be shared; a literal one works with a warning. */
export const secretSchema = z.union([
  z.string(),
  z.strictObject({ env: text.min(1) }),
  z.strictObject({ file: text.min(1) }),
])

const agentBase = {
  name: text.optional(),
  models: z.array(text).optional(),
  favouriteModels: z.array(text).optional(),
}

/** An assistant. `connector` chooses its kind; the kinds that exist are the members of this union. */
export const agentSchema = z.discriminatedUnion('connector', [
  z.strictObject({ connector: z.literal('echo'), ...agentBase }),
  z.strictObject({
    connector: z.literal('openai-chat'),
    ...agentBase,
    baseUrl: z.url({ protocol: /^https?$/ }),
    model: text.min(1),
    apiKey: secretSchema.optional(),
    systemPrompt: text.optional(),
    timeoutSeconds: positive.max(3_600).optional(),
  }),
])

const ackReaction = z.strictObject({
  emoji: text.optional(),
  direct: flag.optional(),
  group: z.enum(['mentions', 'always', 'never']).optional(),
  removeAfterReply: flag.optional(),
})

const cloudApi = z.strictObject({
  phoneNumberId: text.optional(),
  businessAccountId: text.optional(),
  accessToken: secretSchema.optional(),
  appSecret: secretSchema.optional(),
  verifyToken: secretSchema.optional(),
  apiVersion: text.optional(),
  baseUrl: text.optional(),
})

/** What may stand at the root of `channels.whatsapp` and in each of its accounts; the account wins. */
export const accountSettings = {
  enabled: setting(flag, {
    description: 'Whether the account receives and answers. `false` keeps the link.',
    default: true,
    example: true,
    remote: true,
  }),
  name: setting(text.max(100), { description: 'A name for people to see.', example: 'Home', remote: true }),
  authDir: setting(text.min(1), {
    description:
      "Where the account's credentials and messages are kept, readable by this user alone. `WHATSAPP_AUTH_DIR` sets it for the default account.",
    default: '<state dir>/accounts/<id>',
    example: '/var/lib/whatsappd/home',
    reload: 'restart',
  }),
  dmPolicy: setting(z.enum(['allowlist', 'pairing', 'open', 'disabled', 'closed']), {
    description:
      'Who may write directly: those in `allowFrom`, everybody (`open`, which needs `allowFrom: ["*"]`) or nobody (`disabled`, or `closed`). `pairing` counts as `allowlist` in this version.',
    default: 'allowlist',
    example: 'allowlist',
    remote: true,
  }),
  allowFrom: setting(z.array(phoneNumber), {
    description:
      'The phone numbers that may talk to the assistant, in any usual notation with the country code.',
    default: [],
    example: ['+15555550101', '+1 (555) 555-0102'],
    remote: true,
  }),
  senders: setting(z.record(z.string(), z.strictObject({ agent: text.optional(), name: text.optional() })), {
    description: 'Per phone number: which agent answers, and a name.',
    default: {},
    example: { '+15555550101': { agent: 'echo', name: 'Alice' } },
    remote: true,
    ...later,
  }),
  groupPolicy: setting(z.enum(['allowlist', 'open', 'disabled']), {
    description: 'Whether groups are answered.',
    default: 'allowlist',
    example: 'disabled',
    remote: true,
    ...later,
  }),
  groupAllowFrom: setting(z.array(phoneNumber), {
    description: 'Numbers (senders) and group addresses (groups) that are answered in groups.',
    example: ['+15555550101'],
    remote: true,
    ...later,
  }),
  groups: setting(
    z.record(z.string(), z.strictObject({ requireMention: flag.optional(), agent: text.optional() })),
    {
      description: 'Per group address, or "*": whether a mention is needed, and which agent answers.',
      default: {},
      example: { '*': { requireMention: true } },
      remote: true,
      ...later,
    },
  ),
  selfChatMode: setting(flag, {
    description:
      "The chat with yourself is answered when the account's own number is allowed; this switch adds nothing yet.",
    example: true,
    remote: true,
    ...later,
  }),
  sendReadReceipts: setting(flag, {
    description: 'Whether allowed senders see that their message was read.',
    default: true,
    example: true,
    remote: true,
  }),
  typing: setting(flag, {
    description: 'Whether allowed senders see "typing…" while the assistant works.',
    default: true,
    example: true,
    remote: true,
  }),
  ackReaction: setting(ackReaction, {
    description: 'A reaction that says "seen" before the answer.',
    example: { emoji: 'eyes' },
    remote: true,
    ...later,
  }),
  messagePrefix: setting(text.max(500), {
    description: 'Put before every outgoing message, literally: end it with a space where one is wanted.',
    example: '🤖 ',
    remote: true,
  }),
  responsePrefix: setting(text.max(500), {
    description: "Put before the first message of each of the assistant's replies, literally.",
    example: 'Assistant: ',
    remote: true,
  }),
  textChunkLimit: setting(z.number().int().min(100).max(60_000), {
    description: 'The longest message, in characters; longer replies are split.',
    default: 4000,
    example: 4000,
    remote: true,
  }),
  chunkMode: setting(z.enum(['length', 'newline']), {
    description:
      'Where long replies are split: at the limit, or at paragraphs and lines where there are some.',
    default: 'newline',
    example: 'newline',
    remote: true,
  }),
  blockStreaming: setting(flag, {
    description: '`true` sends only whole replies; otherwise long ones go out paragraph by paragraph.',
    default: false,
    example: false,
    remote: true,
  }),
  mediaMaxMb: setting(z.number().positive().max(2_000), {
    description: 'The largest file that is taken, in megabytes.',
    default: 50,
    example: 50,
    remote: true,
    ...later,
  }),
  debounceMs: setting(count.max(60_000), {
    description:
      'How long to wait for further messages before answering, in milliseconds; what came meanwhile is answered together. 0 answers each message by itself.',
    default: 0,
    example: 0,
    remote: true,
  }),
  historyLimit: setting(count.max(1_000), {
    description: 'Messages of context in groups.',
    default: 50,
    example: 50,
    remote: true,
    ...later,
  }),
  dmHistoryLimit: setting(count.max(1_000), {
    description: 'Messages of context that an agent gets in direct chats.',
    default: 50,
    example: 50,
    remote: true,
  }),
  catchUp: setting(z.strictObject({ maxAgeMinutes: count.max(100_000).optional() }), {
    description: 'What arrived while the daemon was away is answered when it is not older than this.',
    default: { maxAgeMinutes: 60 },
    example: { maxAgeMinutes: 60 },
    remote: true,
  }),
  takeover: setting(z.strictObject({ onPhoneReply: flag.optional(), minutes: positive.optional() }), {
    description: 'The assistant steps back when the owner answers by hand.',
    default: { onPhoneReply: true, minutes: 60 },
    example: { minutes: 60 },
    remote: true,
    ...later,
  }),
  pace: setting(z.strictObject({ perMinute: positive.optional(), perHour: positive.optional() }), {
    description:
      'How many messages go out at most, so that WhatsApp does not take the account for a spammer.',
    default: { perMinute: 30, perHour: 300 },
    example: { perMinute: 30, perHour: 300 },
    remote: true,
  }),
  agents: setting(z.record(z.string().regex(/^[\w-]{1,64}$/), agentSchema), {
    description:
      'The assistants by id. `echo` repeats what it hears; `openai-chat` asks any OpenAI-compatible server (`baseUrl` up to `/v1`).',
    default: { echo: { connector: 'echo' } },
    example: { echo: { connector: 'echo' } },
  }),
  defaultAgent: setting(text.min(1), {
    description: 'Who answers: an id of `agents`.',
    default: 'echo',
    example: 'echo',
    remote: true,
  }),
  stickyTtlMinutes: setting(count, {
    description: 'How long a chosen agent stays with a conversation.',
    default: 30,
    example: 30,
    remote: true,
    ...later,
  }),
  webhooks: setting(
    z.array(z.strictObject({ url: z.url(), secret: secretSchema, events: z.array(text).optional() })),
    {
      description: 'Where events are posted.',
      default: [],
      example: [],
      ...later,
    },
  ),
  transport: setting(z.enum(['linked-device', 'cloud-api']), {
    description: 'How the account reaches WhatsApp. Only `linked-device` works in this version.',
    default: 'linked-device',
    example: 'linked-device',
    reload: 'restart',
  }),
  cloudApi: setting(cloudApi, {
    description: 'The WhatsApp Business account of transport `cloud-api`.',
    example: {},
    reload: 'restart',
    ...later,
  }),
}

export const accountSchema = z.object(accountSettings)

export const ACCOUNT_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/i

/** `channels.whatsapp`. */
export const channelSettings = {
  ...accountSettings,
  accounts: setting(z.record(z.string().regex(ACCOUNT_ID), accountSchema), {
    description: 'Several accounts by id; each takes what it does not set from above.',
    default: { default: {} },
    example: {},
  }),
  defaultAccount: setting(text.regex(ACCOUNT_ID), {
    description: 'The account that is meant where none is named.',
    default: 'default',
    example: 'default',
  }),
  maxAccounts: setting(positive.max(1_000), {
    description: 'How many accounts may exist.',
    default: 10,
    example: 10,
    ...later,
  }),
  configWrites: setting(flag, {
    description: 'Whether a dashboard may edit this file.',
    default: true,
    example: true,
  }),
}

export const channelSchema = z.object(channelSettings)

/** `whatsappd`: this process. */
export const daemonSettings = {
  listen: setting(z.strictObject({ host: text.min(1).optional(), port: count.max(65_535).optional() }), {
    description: 'Where the control plane and the page are served.',
    default: { host: '127.0.0.1', port: 8765 },
    example: { host: '127.0.0.1', port: 8765 },
    reload: 'restart',
  }),
  auth: setting(z.looseObject({}), {
    description: 'Tokens of a hosted dashboard. Only the local token works in this version.',
    example: {},
    reload: 'restart',
    ...later,
  }),
  allowedOrigins: setting(z.array(z.url()), {
    description: 'Exact origins of web pages, besides our own, that may open the control plane.',
    default: [],
    example: ['https://dashboard.example'],
  }),
  log: setting(
    z.strictObject({
      level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).optional(),
      format: z.enum(['json', 'pretty']).optional(),
    }),
    {
      description:
        'How much is logged to standard error, and in which form. Secrets and numbers are never logged.',
      default: { level: 'info' },
      example: { level: 'info', format: 'json' },
    },
  ),
  proxy: setting(text, {
    description: 'A proxy for the way to WhatsApp.',
    example: 'http://proxy.example:3128',
    reload: 'restart',
    ...later,
  }),
  whatsapp: setting(
    z.strictObject({
      webSocketUrl: text.optional(),
      noiseRootKey: text.optional(),
      version: z.tuple([count, count, count]).optional(),
    }),
    {
      description:
        "The WhatsApp server: its WebSocket, the root key that must sign its certificate (32 bytes, base64 or hex; another one than WhatsApp's only with a loopback URL), and the client version that we claim.",
      example: { version: [2, 3000, 1043857760] },
      reload: 'restart',
    },
  ),
  reconnect: setting(
    z.strictObject({
      firstDelaySeconds: z.number().positive().optional(),
      maxDelaySeconds: z.number().positive().optional(),
    }),
    {
      description: 'The waits between attempts: random, growing from the first to the last.',
      default: { firstDelaySeconds: 2, maxDelaySeconds: 60 },
      example: { firstDelaySeconds: 2, maxDelaySeconds: 60 },
      reload: 'restart',
      ...later,
    },
  ),
  lock: setting(z.looseObject({}), {
    description: 'A lease for volumes that several hosts share.',
    example: {},
    reload: 'restart',
    ...later,
  }),
  instanceId: setting(text.min(1), {
    description: 'Tells a restored copy of a sandbox from its original.',
    example: 'sandbox-1',
    reload: 'restart',
    ...later,
  }),
}

export const daemonSchema = z.object(daemonSettings)

/**
 * Keys that other tools write into the same section and that have no use here: accepted with a notice, so that an
 * existing file works as it is. OpenClaw's and Milady's names.
 */
export const FOREIGN_KEYS: ReadonlySet<string> = new Set([
  'actions',
  'authDirPath',
  'autoReply',
  'blockStreamingCoalesce',
  'botName',
  'capabilities',
  'commands',
  'configSchema',
  'contextVisibility',
  'defaultTo',
  'dms',
  'enableReactions',
  'exposeErrorText',
  'groupActivation',
  'heartbeat',
  'keepAliveIntervalMs',
  'markdown',
  'mentionPatterns',
  'messages',
  'pluginHooks',
  'reactionLevel',
  'replyToMode',
  'responseMode',
  'session',
  'sessionPath',
  'streaming',
  'streamMode',
  'threadBindings',
  'web',
])
