import { z } from 'zod'

const timestamp = z.iso.datetime()

/** What is done to bring a Business number up, in this order. */
export const BUSINESS_STEPS = [
  'token',
  'permissions',
  'number',
  'subscribe',
  'register',
  'webhook',
  'sync',
] as const

const stepSchema = z.object({
  step: z
    .enum(BUSINESS_STEPS)
    .describe(
      '`token`: WhatsApp accepts it. `permissions`: it may do what is needed. `number`: it belongs to the Business account. `subscribe`: the app gets the webhooks of the Business account. `register`: the number is registered with the Cloud API. `webhook`: the first one came. `sync`: what the Business app knows was asked for (coexistence).',
    ),
  state: z
    .enum(['done', 'running', 'failed', 'waiting', 'skipped'])
    .describe(
      '`waiting`: its turn has not come, or it waits for WhatsApp. `skipped`: not needed here, or it cannot be seen.',
    ),
  code: z
    .string()
    .nullable()
    .describe("WhatsApp's code of the failure, or one of the [reasons](errors.md#reasons)."),
  message: z.string().nullable().describe('One sentence for a person.'),
  action: z.string().nullable().describe('What they can do.'),
})

const webhookSchema = z.object({
  path: z
    .string()
    .describe(
      'The path of the callback address on this daemon: put `https://` and the public host before it. With `provider: "360dialog"` `pathSecret` follows it, after a slash.',
    ),
  verifyToken: z
    .string()
    .nullable()
    .optional()
    .describe('What to give as verify token. Only for the scope `link`, and never in a replayed event.'),
  pathSecret: z
    .string()
    .nullable()
    .optional()
    .describe(
      'The last part of the callback address; `null` where there is none. Only for the scope `link`, and never in a replayed event.',
    ),
  callbackUrl: z
    .string()
    .nullable()
    .describe(
      'The public address that `accounts.connectBusiness` was given; `null` where it is not known here.',
    ),
  lastAt: timestamp.nullable().describe('When the last webhook came that was signed as it must be.'),
  lastBy: z
    .string()
    .nullable()
    .optional()
    .describe(
      'The account by whose address it came, where that is another one of this daemon; `null` for its own. Absent in earlier daemons.',
    ),
  refused: z
    .number()
    .int()
    .nonnegative()
    .describe('Requests that were refused because of their signature, since the daemon started.'),
  lastRefusal: z
    .object({ at: timestamp, why: z.string().describe('One sentence for a person.') })
    .nullable()
    .describe('The last of them.'),
  postponed: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe(
      'Requests that could not be taken, and have to come again: an account that they are for is not open or has no token, or too much came at once. Absent in earlier daemons.',
    ),
  foreign: z.number().int().nonnegative().describe('Updates that were for another number, and ignored.'),
})

const numberSchema = z.object({
  displayNumber: z.string().nullable().describe('As WhatsApp writes it.'),
  verifiedName: z.string().nullable().describe('What people see it called.'),
  status: z.string().nullable().describe("In WhatsApp's words: `CONNECTED`, `PENDING`, `BANNED`, …"),
  quality: z.string().nullable().describe("In WhatsApp's words: `GREEN`, `YELLOW`, `RED`, …"),
  messagingLimit: z
    .string()
    .nullable()
    .describe(
      "To how many people templates may be sent in 24 hours, in WhatsApp's words: `TIER_250`, `TIER_2K`, …",
    ),
  isOnBusinessApp: z
    .boolean()
    .nullable()
    .describe('Whether the number also runs in the WhatsApp Business app (coexistence).'),
  accountMode: z.string().nullable().describe("In WhatsApp's words: `LIVE`, `SANDBOX`."),
})

const healthSchema = z.object({
  canSend: z.string().describe("In WhatsApp's words: `AVAILABLE`, `LIMITED`, `BLOCKED`."),
  problems: z
    .array(
      z.object({
        about: z
          .string()
          .describe("What it is about, in WhatsApp's words: `PHONE_NUMBER`, `WABA`, `BUSINESS`, `APP`."),
        canSend: z.string().describe('As `canSend` above, of this alone.'),
        code: z.number().nullable().describe("WhatsApp's code; `null` where it names none."),
        message: z.string().describe("WhatsApp's own words, in English."),
        solution: z.string().nullable().describe("WhatsApp's own advice; `null` where it gives none."),
      }),
    )
    .describe('What is in the way of sending; empty for nothing.'),
})

/** What is shown of a Business account. */
export const businessSchema = z.object({
  provider: z.enum(['meta', '360dialog']).describe('Whose server it is.'),
  phoneNumberId: z.string().nullable().describe('Id of the phone number; `null` while it is not known.'),
  businessAccountId: z.string().nullable().describe('Id of the Business account (WABA).'),
  source: z
    .enum(['config', 'environment', 'connected'])
    .nullable()
    .describe(
      'Where the token comes from: the config file, the environment, or `accounts.connectBusiness`; `null` without one.',
    ),
  sourceNote: z
    .string()
    .nullable()
    .describe(
      'Why this is a Business account though `transport` is not set, as one sentence; `null` where the config says so.',
    ),
  webhook: webhookSchema,
  number: numberSchema.nullable().describe('What WhatsApp says of the number; `null` before it was asked.'),
  health: healthSchema
    .nullable()
    .optional()
    .describe(
      'Whether messages can be sent, as WhatsApp said at the last check (`health_status`); `null` before it was asked, and where it does not say. Absent in earlier daemons.',
    ),
  shareLink: z
    .string()
    .nullable()
    .describe(
      'The address that opens a chat with the number (`https://wa.me/…`); to be shared, also as a QR code.',
    ),
  steps: z.array(stepSchema).describe('How far the set-up is, in its order.'),
  tokenExpiresAt: timestamp
    .nullable()
    .describe('When the token ends; `null` where WhatsApp does not say so, or never.'),
  checkedAt: timestamp.nullable().describe('When token and number were last checked.'),
})

export type BusinessView = z.infer<typeof businessSchema>
export type BusinessStep = z.infer<typeof stepSchema>
export type BusinessStepName = (typeof BUSINESS_STEPS)[number]

const id = z.string().regex(/^\d{1,32}$/, 'the digits of the id')
/** Tokens are a few hundred characters; https://developers.facebook.com/docs/facebook-login/guides/access-tokens says to allow for more. */
const secret = z.string().min(1).max(4_096)

/** What `accounts.connectBusiness` takes besides the account. Its secrets are kept, and never shown again. */
export const businessConnectionSchema = z.strictObject({
  phoneNumberId: id
    .optional()
    .describe('Id of the phone number; without it the one number of the Business account is taken.'),
  businessAccountId: id
    .optional()
    .describe('Id of the Business account (WABA). Required where neither config nor environment has it.'),
  accessToken: secret
    .optional()
    .describe(
      'The token that the code of the sign-up was exchanged for. Required where neither config nor environment has one.',
    ),
  appSecret: secret.optional().describe('The secret of the app that signs the webhooks.'),
  verifyToken: secret
    .optional()
    .describe('What the callback address is verified with; without it the daemon makes one.'),
  pin: z
    .string()
    .regex(/^\d{6}$/, 'six digits')
    .optional()
    .describe(
      'The two-step PIN of the number. Required where it has one; without it the daemon makes one and keeps it.',
    ),
  isCoexistence: z
    .boolean()
    .optional()
    .describe(
      'True after `FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING`: the number stays in the Business app, and is never registered here.',
    ),
  callbackUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .optional()
    .describe(
      'The public address of this daemon with the path of `webhook.path`: WhatsApp is told to post the webhooks of this Business account there. Without it those of the app hold.',
    ),
})

export type BusinessConnection = z.infer<typeof businessConnectionSchema>
