import { z } from 'zod'
import { LANGUAGES } from '../../protocol/config/languages.ts'
import { accessSettings } from './access-settings.ts'
import { cloudApiSetting } from './cloud-api-setting.ts'
import { commandSettings } from './command-settings.ts'
import { mannerSettings, streamingSetting } from './manner-settings.ts'
import { mentionSettings } from './mention-settings.ts'
import { replySettings } from './reply-settings.ts'
import { setting } from './setting.ts'
import { transcriptionSetting } from './transcription-setting.ts'
import { count, flag, nameText, text } from './value-schemas.ts'
import { webhooksOfChannel } from './webhook-settings.ts'

/** A year. */
const MAX_STICKY_MINUTES = 525_600

/** Each in its own language. */
const LANGUAGE_NAMES: Readonly<Record<(typeof LANGUAGES)[number], string>> = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
  pt: 'Português',
  fr: 'Français',
  id: 'Bahasa Indonesia',
  hi: 'हिन्दी',
  ar: 'العربية',
}

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
    control: { kind: 'choice', label: 'Language of its own sentences', labels: LANGUAGE_NAMES },
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
    description:
      'How the account reaches WhatsApp: as a linked device of a phone, or as a number of a WhatsApp Business account ([business](business.md)). Where it is not set, an account without a linked phone is a Business account once `cloudApi` or the environment has an access token and the id of the number.',
    fallback: 'linked-device' as const,
    example: 'linked-device',
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
  transcription: transcriptionSetting,
  defaultAgent: setting(text.min(1), {
    description: 'Who answers: an id of `agents`; without it the first of them.',
    default: 'echo',
    example: 'echo',
    remote: true,
    control: { kind: 'agent', label: 'Default agent' },
  }),
  stickyTtlMinutes: plainSettings.stickyTtlMinutes,
  webhooks: webhooksOfChannel,
  transport: plainSettings.transport,
  cloudApi: cloudApiSetting,
} satisfies typeof plainSettings & z.ZodRawShape
