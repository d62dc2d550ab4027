import { z } from 'zod'
import { accessSettings } from './access-settings.ts'
import { agentSchema } from './agent-schema.ts'
import { replySettings } from './reply-settings.ts'
import { secretSchema } from './secret-schema.ts'
import { setting } from './setting.ts'
import { count, flag, text } from './value-schemas.ts'

const later = { hasEffect: false } as const

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
  authDir: setting(text.min(1).nullable(), {
    description:
      "Where the account's credentials and messages are kept, readable by this user alone. `WHATSAPP_AUTH_DIR` sets it for the default account.",
    default: '<state dir>/accounts/<id>',
    example: '/var/lib/whatsappd/home',
    reload: 'restart',
  }),
  ...accessSettings,
  ...replySettings,
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
