import { z } from 'zod'
import { REASON_CODES } from './reasons.ts'

/** Every state an account can be shown in. What each means and what the person can do: `docs/protocol.md`. */
export const ACCOUNT_STATES = [
  'disabled',
  'unlinked',
  'awaiting_scan',
  'confirming',
  'connecting',
  'reconnecting',
  'connected',
  'logged_out',
  'conflict',
  'passkey_required',
  'banned',
  'restricted',
  'outdated',
  'untrusted_server',
  'owner_busy',
  'misconfigured',
  'storage_error',
  'stopped',
] as const

export type AccountState = (typeof ACCOUNT_STATES)[number]

/** ISO 8601, UTC, milliseconds. */
export const timestampSchema = z.iso.datetime()

export const accountIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/i, 'letters, digits, "-" and "_", at most 64')

/** E.164 with the plus sign. */
export const phoneNumberSchema = z.string().regex(/^\+[1-9]\d{4,16}$/, 'E.164, such as +15551234567')

export const reasonSchema = z.object({
  code: z.enum(REASON_CODES),
  message: z.string(),
  action: z.string(),
})

export const accountHealthSchema = z.object({
  /** When the last frame of any kind came from WhatsApp. */
  lastFrameAt: timestampSchema.nullable(),
  /** When an active probe was last answered. */
  lastProbeAt: timestampSchema.nullable(),
  /** Messages that could not be decrypted since the daemon started. */
  decryptFailures: z.number().int().nonnegative(),
  /** False while WhatsApp does not acknowledge what we send. */
  canSend: z.boolean(),
})

export const accountSchema = z.object({
  account: accountIdSchema,
  name: z.string().nullable(),
  transport: z.enum(['linked-device', 'cloud-api']),
  enabled: z.boolean(),
  state: z.enum(ACCOUNT_STATES),
  since: timestampSchema,
  /** `null` in the happy state. */
  reason: reasonSchema.nullable(),
  /** Whether credentials of a completed link are on disk. */
  linked: z.boolean(),
  phoneNumber: phoneNumberSchema.nullable(),
  /** The profile name of the linked account. */
  displayName: z.string().nullable(),
  linkedSince: timestampSchema.nullable(),
  /** Consecutive failed attempts, while reconnecting. */
  attempt: z.number().int().nonnegative().nullable(),
  nextAttemptAt: timestampSchema.nullable(),
  /** When a temporary restriction ends. */
  until: timestampSchema.nullable(),
  health: accountHealthSchema.nullable(),
})

export type AccountView = z.infer<typeof accountSchema>
export type AccountHealth = z.infer<typeof accountHealthSchema>

/** A live QR. `qr` is the raw string that the viewer draws; it can link a device, so it goes to scope `link` only. */
export const qrOfferSchema = z.object({
  account: accountIdSchema,
  method: z.literal('qr'),
  qr: z.string(),
  /** 1 for the first QR of this attempt. */
  sequence: z.number().int().positive(),
  /** How many further QRs this attempt has after this one. */
  remaining: z.number().int().nonnegative(),
  expiresAt: timestampSchema,
})

/** A live pairing code, eight characters. It can link a device, so it goes to scope `link` only. */
export const codeOfferSchema = z.object({
  account: accountIdSchema,
  method: z.literal('code'),
  code: z.string().length(8),
  phoneNumber: phoneNumberSchema,
  expiresAt: timestampSchema,
})

export const linkOfferSchema = z.discriminatedUnion('method', [qrOfferSchema, codeOfferSchema])

export type QrOffer = z.infer<typeof qrOfferSchema>
export type CodeOffer = z.infer<typeof codeOfferSchema>
export type LinkOffer = z.infer<typeof linkOfferSchema>
