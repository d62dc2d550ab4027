import { z } from 'zod'
import { accountIdSchema } from '../../protocol/account/account.ts'
import { secretSchema } from './secret-schema.ts'
import { member, requiredMember, setting } from './setting.ts'
import { flag, text } from './value-schemas.ts'

/** Of one list, and of all lists of a file together. */
export const MAX_WEBHOOKS = 20
const MAX_PATTERNS = 50

const webhookShape = {
  url: requiredMember(z.url({ protocol: /^https?$/ }), {
    description:
      'Where to: `http://` or `https://`. This machine and its network may stand here; link-local addresses, those where clouds give out credentials, and the port of whatsappd itself may not. Redirects are not followed. Must be given.',
    example: 'http://127.0.0.1:9000/whatsapp',
  }),
  secret: requiredMember(secretSchema, {
    description:
      'What signs each post, as `{ env: "NAME" }` or `{ file: "path" }`: `whsec_` and 24 to 64 bytes in base64. Must be given.',
    example: { env: 'WEBHOOK_SECRET' },
  }),
  previousSecret: member(secretSchema, {
    description: 'The secret before, while it is changed: each post has a signature by either.',
    example: { env: 'OLD_WEBHOOK_SECRET' },
  }),
  events: member(z.array(text.min(1)).min(1).max(MAX_PATTERNS), {
    description: 'Which events, by name, by namespace (`message.*`), or all (`*`).',
    default: ['*'],
    example: ['message.*', 'account.status'],
  }),
  texts: member(flag, {
    description:
      'Whether events of messages and conversations carry what was written, names and files (`message` and `view`).',
    default: false,
    example: true,
  }),
}

const accounts = member(z.array(accountIdSchema).min(1).max(100), {
  description:
    'The events of these accounts alone; without it those of all accounts, and those that belong to none.',
  example: ['default'],
})

const documentation = {
  default: [],
  example: [
    { url: 'http://127.0.0.1:9000/whatsapp', secret: { env: 'WEBHOOK_SECRET' }, events: ['message.*'] },
  ],
} as const

/** `webhooks` of the channel and of its accounts. */
export const webhooksOfChannel = setting(z.array(z.strictObject(webhookShape)).max(MAX_WEBHOOKS), {
  description:
    'Where events are posted to ([webhooks](webhooks.md)): those of each account for which this list holds. A list of an account takes the place of the one above it. `whatsappd.webhooks` is posted to besides.',
  ...documentation,
})

/** `whatsappd.webhooks`. */
export const webhooksOfDaemon = setting(
  z.array(z.strictObject({ ...webhookShape, accounts })).max(MAX_WEBHOOKS),
  {
    description: 'Where the events of all accounts are posted to ([webhooks](webhooks.md)).',
    ...documentation,
  },
)
