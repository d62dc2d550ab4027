import { z } from 'zod'
import { LANGUAGES } from '../../protocol/config/languages.ts'
import { accessSettings } from './access-settings.ts'
import { commandSettings } from './command-settings.ts'
import { mannerSettings, streamingSetting } from './manner-settings.ts'
import { mentionSettings } from './mention-settings.ts'
import { replySettings } from './reply-settings.ts'
import { secretSchema } from './secret-schema.ts'
import { member, requiredMember, setting } from './setting.ts'
import { count, flag, nameText, text } from './value-schemas.ts'

/** A year. */
const MAX_STICKY_MINUTES = 525_600

const later = { hasEffect: false } as const

const secret = (description: string, variable: string) =>
  member(secretSchema, { description, default: { env: variable }, example: { env: variable } })

const identifier = (description: string) => member(text, { description, example: '1234567890' })

const cloudApi = z.strictObject({
  phoneNumberId: identifier('Id of the phone number; else `WHATSAPP_PHONE_NUMBER_ID`.'),
  businessAccountId: identifier('Id of the business account; else `WHATSAPP_BUSINESS_ACCOUNT_ID`.'),
  accessToken: secret('Access token.', 'WHATSAPP_ACCESS_TOKEN'),
  appSecret: secret('App secret, which signs the webhooks.', 'WHATSAPP_APP_SECRET'),
  verifyToken: secret('Answers the verification of the webhook.', 'WHATSAPP_WEBHOOK_VERIFY_TOKEN'),
  apiVersion: member(text, { description: 'Version of the API.', example: 'v23.0' }),
  baseUrl: member(text, { description: 'Another server of the API.', example: 'https://graph.facebook.com' }),
})

const webhook = z.strictObject({
  url: requiredMember(z.url(), {
    description: 'Where to. Must be given.',
    example: 'https://hooks.example/x',
  }),
  secret: requiredMember(secretSchema, {
    description: 'What signs the posts. Must be given.',
    example: { env: 'WEBHOOK_SECRET' },
  }),
  events: member(z.array(text), { description: 'Which events; else all.', example: ['message.received'] }),
})

/**
 * Settings of which nothing more has to be said: in force is what the account sets, else what the root sets, else the default. One of
 * these is declared here, or in `reply-settings.ts`, and read as `config().<key>`.
 */
export const plainSettings = {
  enabled: setting(flag, {
    description:
      'Whether the account receives and answers. `false` keeps the link; what is sent meanwhile is kept, and never answered.',
    default: true,
    example: true,
    remote: true,
  }),
  name: setting(nameText, {
    fallback: null,
    description: 'A name for people to see.',
    example: 'Home',
    remote: true,
  }),
  language: setting(z.enum(LANGUAGES), {
    description:
      "The language of the daemon's own sentences in chats: answers to commands, and what it says where the assistant cannot answer.",
    default: 'en',
    example: 'de',
    remote: true,
  }),
  stickyTtlMinutes: setting(count.max(MAX_STICKY_MINUTES), {
    description:
      'How long an agent that somebody chose in a chat answers them there, counted from their last message. 0: a choice never sticks.',
    default: 30,
    example: 30,
    remote: true,
    control: { kind: 'number', label: 'Minutes that a chosen agent stays active' },
  }),
  importExisting: setting(flag, {
    description:
      "Whether to take over, at the start, the link that another program (OpenClaw, Milady, any bot with Baileys' multi-file store) has left in `authDir`, once that program has been quiet for two minutes. Its files are only read.",
    default: false,
    example: false,
  }),
  transport: setting(z.enum(['linked-device', 'cloud-api']), {
    description: 'How the account reaches WhatsApp. Only `linked-device` works in this version.',
    default: 'linked-device',
    example: 'linked-device',
    reload: 'restart',
  }),
  ...replySettings,
  ...mannerSettings,
}

/**
 * What may stand at the root of `channels.whatsapp` and in each of its accounts; the account wins. In the order of the documents, so
 * that each of `plainSettings` is named here too.
 */
export const accountSettings = {
  enabled: plainSettings.enabled,
  name: plainSettings.name,
  configWrites: setting(flag, {
    description:
      'Whether a dashboard may edit this file; in an account, whether it may for that account. One `false` is enough to forbid it.',
    default: true,
    example: true,
  }),
  authDir: setting(text.min(1).nullable(), {
    description:
      "Where the account's credentials and messages are kept, readable by this user alone. `WHATSAPP_AUTH_DIR` sets it for the default account.",
    default: '<state dir>/accounts/<id>',
    example: '/var/lib/whatsappd/home',
    reload: 'restart',
  }),
  importExisting: plainSettings.importExisting,
  language: plainSettings.language,
  ...accessSettings,
  ...commandSettings,
  ...mentionSettings,
  ...replySettings,
  ...mannerSettings,
  streaming: streamingSetting,
  agents: setting(z.record(z.string().regex(/^[\w-]{1,64}$/), z.record(z.string(), z.unknown())), {
    description: 'The assistants by id, each with its `connector` and the keys of that one.',
    default: { echo: { connector: 'echo' } },
    example: {
      ada: {
        connector: 'openai-chat',
        baseUrl: 'http://127.0.0.1:11434/v1',
        model: 'llama3.2',
      },
    },
  }),
  defaultAgent: setting(text.min(1), {
    description: 'Who answers: an id of `agents`; without it the first of them.',
    default: 'echo',
    example: 'echo',
    remote: true,
    control: { kind: 'agent', label: 'Default agent' },
  }),
  stickyTtlMinutes: plainSettings.stickyTtlMinutes,
  webhooks: setting(z.array(webhook), {
    description: 'Where events are posted.',
    default: [],
    example: [],
    ...later,
  }),
  transport: plainSettings.transport,
  cloudApi: setting(cloudApi, {
    description: 'The WhatsApp Business account of transport `cloud-api`.',
    example: {},
    reload: 'restart',
    ...later,
  }),
} satisfies typeof plainSettings & z.ZodRawShape
