import { z } from 'zod'
import { ACCOUNT_STATES } from './account-states.ts'
import { assistantSchema } from './assistant.ts'
import { businessSchema } from './business.ts'
import { capabilitiesSchema } from './capabilities.ts'
import { passkeyCeremonySchema, passkeyStateSchema } from './passkey.ts'
import { REASON_CODES } from '../reasons.ts'

/** ISO 8601, UTC, milliseconds. */
export const timestampSchema = z.iso.datetime()

export const accountIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'letters, digits, "-" and "_", at most 64')
  .describe('Id of the account.')

/** E.164 with the plus sign. */
export const phoneNumberSchema = z
  .string()
  .regex(/^\+[1-9]\d{4,16}$/, 'E.164, such as +15551234567')
  .describe('E.164.')

const reasonSchema = z.object({
  code: z.enum(REASON_CODES).describe('One of the [reasons](errors.md#reasons).'),
  message: z.string().describe('One sentence for a person.'),
  action: z.string().describe('What they can do.'),
  detail: z
    .string()
    .optional()
    .describe(
      'The technical part of `message`, such as a path: it ends with this in brackets. Absent where there is none, and from older daemons.',
    ),
})

const handOverSchema = z.object({
  conversation: z.string().describe('As in `message.*`.'),
  name: z
    .string()
    .nullable()
    .describe(
      'What the person or the group is called there, by its own word; `null` where that is not known.',
    ),
  since: timestampSchema.describe('When the assistant left it to a person.'),
})

const accountHealthSchema = z.object({
  lastFrameAt: timestampSchema.nullable().describe('When the last frame of any kind came from WhatsApp.'),
  lastProbeAt: timestampSchema.nullable().describe('When an active probe was last answered.'),
  decryptFailures: z
    .number()
    .int()
    .nonnegative()
    .describe('Messages that could not be decrypted since the daemon started.'),
  canSend: z.boolean().describe('False while WhatsApp does not acknowledge what we send.'),
})

export const accountSchema = z.object({
  account: accountIdSchema,
  name: z.string().nullable().describe('The name given in the config.'),
  transport: z.enum(['linked-device', 'cloud-api']).describe('How it reaches WhatsApp.'),
  enabled: z.boolean().describe('False while the account is paused.'),
  state: z.enum(ACCOUNT_STATES).describe('One of the [states](#account-states).'),
  since: timestampSchema.describe('When this state began.'),
  reason: reasonSchema.nullable().describe('`null` when there is nothing to say.'),
  linked: z
    .boolean()
    .describe(
      'Whether credentials of a completed link are on disk; for a Business account, whether token and number are known.',
    ),
  phoneNumber: phoneNumberSchema.nullable().describe('The number of the linked account, E.164.'),
  displayName: z.string().nullable().describe('The profile name of the linked account.'),
  linkedSince: timestampSchema.nullable().describe('When the link was completed.'),
  attempt: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .describe('Consecutive failed attempts, while reconnecting.'),
  nextAttemptAt: timestampSchema.nullable().describe('When the next attempt to connect begins.'),
  until: timestampSchema.nullable().describe('When a temporary restriction ends.'),
  failedMessages: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .describe(
      'How many replies failed for good and wait for a person: see `outbox.list`. `null` while the files of the account are closed.',
    ),
  unansweredMessages: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .optional()
    .describe(
      'How many messages of allowed senders were left unanswered since the account was opened; each is a `message.skipped`. `null` while its files are closed; absent in earlier daemons.',
    ),
  handedOver: z
    .array(handOverSchema)
    .nullable()
    .optional()
    .describe(
      'Conversations in which somebody asked, the assistant said nothing on purpose, and nobody has answered since: each waits for a person. The latest 50, the newest first. `null` while the files of the account are closed; absent in earlier daemons.',
    ),
  takenOver: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .optional()
    .describe(
      'How many conversations a person has taken over from the assistant, by `/pause` too. `null` while the files of the account are closed; absent in earlier daemons.',
    ),
  waiting: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .optional()
    .describe(
      'How many conversations wait for a person, 1,000 at most: those of `handedOver`, and those where the assistant could not answer, or its answer did not arrive. `null` while the files of the account are closed; absent in earlier daemons.',
    ),
  redactions: z
    .number()
    .int()
    .positive()
    .optional()
    .describe(
      'How often something of the sandbox (a directory, a secret) was taken out of what the assistant wrote, since the account was opened; absent for never.',
    ),
  linkRefusal: z
    .object({
      code: z.string().describe('One of the [errors](errors.md#errors).'),
      message: z.string().describe('One sentence for a person.'),
      action: z.string().nullable().describe('What they can do.'),
    })
    .nullable()
    .optional()
    .describe(
      'Why `accounts.link` would be refused now; `null` when it would not. Older daemons leave it out.',
    ),
  assistant: assistantSchema
    .nullable()
    .optional()
    .describe('How the assistant is that answers here. Older daemons leave it out.'),
  passkey: passkeyStateSchema
    .optional()
    .describe(
      'How far linking with a passkey is, while the state is `passkey_required` and a ceremony is live. Only for the scope `link`, and never in a replayed event.',
    ),
  health: accountHealthSchema.nullable().describe('How alive the connection is; `null` without one.'),
  capabilities: capabilitiesSchema
    .nullable()
    .optional()
    .describe('What the account can do. `null` while its files are closed; absent in earlier daemons.'),
  business: businessSchema
    .nullable()
    .optional()
    .describe(
      'The number of a WhatsApp Business account (`transport` `cloud-api`); `null` for others, and absent in earlier daemons.',
    ),
})

/** What of an account only tokens with scope `link` see, besides `passkey`: dotted paths. */
export const LINK_FIELDS = ['business.webhook.verifyToken', 'business.webhook.pathSecret'] as const

export type AccountView = z.infer<typeof accountSchema>

/** A live QR. `qr` is the raw string that the viewer draws; it can link a device, so it goes to scope `link` only. */
export const qrOfferSchema = z.object({
  account: accountIdSchema,
  method: z.literal('qr'),
  qr: z.string().describe('The raw string to draw. Secret: it can link a device.'),
  sequence: z.number().int().positive().describe('1 for the first QR of this attempt.'),
  remaining: z.number().int().nonnegative().describe('How many further QRs this attempt has after this one.'),
  expiresAt: timestampSchema.describe('When it stops working.'),
})

/** A live pairing code, eight characters. It can link a device, so it goes to scope `link` only. */
export const codeOfferSchema = z.object({
  account: accountIdSchema,
  method: z.literal('code'),
  code: z.string().length(8).describe('What to type on the phone. Secret: it can link a device.'),
  phoneNumber: phoneNumberSchema,
  expiresAt: timestampSchema.describe('When it stops working.'),
})

export const linkOfferSchema = z.discriminatedUnion('method', [qrOfferSchema, codeOfferSchema])

/** A live ceremony of an account; together with an answer it can link a device, so it goes to scope `link` only. */
export const accountPasskeySchema = passkeyCeremonySchema.extend({ account: accountIdSchema })

export type AccountPasskey = z.infer<typeof accountPasskeySchema>
export type QrOffer = z.infer<typeof qrOfferSchema>
export type CodeOffer = z.infer<typeof codeOfferSchema>
export type LinkOffer = z.infer<typeof linkOfferSchema>

/** A QR as a transport offers it: it does not know which account it links. */
export type TransportQr = Omit<QrOffer, 'account'>
/** The same for either way to link. */
export type TransportOffer = TransportQr | Omit<CodeOffer, 'account'>

/** The parameters of `accounts.link`. */
export interface LinkRequest {
  method: 'qr' | 'code'
  /** In any usual notation; required for `code`. An impossible one is refused with `invalid_phone_number`. */
  phoneNumber?: string | undefined
}

/** The result of `accounts.disconnect`. */
export interface DisconnectResult {
  account: AccountView
  /** False when WhatsApp could not be reached; the phone then still lists the device. */
  unlinkedOnPhone: boolean
  /** Keys of the config file and variables that still have the credentials. */
  leftOver?: string[]
}
