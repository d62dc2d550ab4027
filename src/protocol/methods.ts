import { z } from 'zod'
import { accountIdSchema, accountSchema, linkOfferSchema, timestampSchema } from './account.ts'
import { CONFIG_METHODS } from './config-methods.ts'
import { configViewSchema } from './config-view.ts'
import { EVENTS } from './events.ts'
import type { Scope } from './events.ts'
import { outboxEntrySchema, outboxListSchema } from './outbox.ts'
import { printableSchema } from './printable-schema.ts'
import { account, revision } from './request-params.ts'
import { TEXT_LIMITS } from './text-limits.ts'
import { truncatedSchema } from './truncated.ts'

export const SCOPES = ['read', 'link', 'config', 'send', 'agent'] as const satisfies readonly Scope[]

/** What `topics` of `session.subscribe` may name: the namespaces of the events. `server.*` is always sent. */
export const TOPICS = ['account', 'config', 'message', 'agent'] as const
export type Topic = (typeof TOPICS)[number]

interface MethodDefinition {
  /** Strict: a key that the method does not know is an error. */
  params: z.ZodType
  result: z.ZodType
  /** What the token must carry; `null` needs no scope. */
  scope: Scope | null
  /** Whether the method may be called before `session.authenticate`. */
  beforeAuthentication: boolean
  since: string
  summary: string
}

const accountResult = z.object({ account: accountSchema.describe('The account afterwards.') })

const messageId = z.string().min(1).max(128).describe("WhatsApp's id of the message.")

/** Everything a subscriber needs to draw its first picture. */
export const snapshotSchema = z.object({
  accounts: z
    .array(accountSchema)
    .describe('At most the first 50; `accounts.list` has all. Empty without scope `read`.'),
  accountsTotal: z.number().int().nonnegative().optional().describe('How many accounts there are.'),
  offers: z
    .array(linkOfferSchema)
    .describe('Live QR codes and pairing codes, at most 50; empty without scope `link`.'),
  config: configViewSchema.nullable().describe('`null` without scope `read`.'),
  blocked: z
    .array(EVENTS['message.blocked'].payload)
    .describe(
      'Senders who wrote and are still not allowed, newest first, at most 50. Empty without scope `read`.',
    ),
})

export type Snapshot = z.infer<typeof snapshotSchema>

/** Every method of the control plane. Handlers, client types and `docs/protocol.md` derive from this table. */
export const METHODS = {
  'session.authenticate': {
    params: z.strictObject({
      token: z.string().min(1).max(4_096).describe('The local token, one from `POST /v1/session`, or a JWT.'),
    }),
    result: z.object({
      scopes: z.array(z.enum(SCOPES)).describe('What the token may do.'),
      expiresAt: timestampSchema.nullable().describe('The socket is closed then; `null` is never.'),
      methods: z.array(z.string()).describe('What this daemon lets this token call.'),
    }),
    scope: null,
    beforeAuthentication: true,
    since: '1',
    summary: 'Proves who is calling. Must be the first message, within five seconds.',
  },
  'session.prove': {
    params: z.strictObject({
      challenge: z.string().min(16).max(128).describe('Random characters of the caller, never used before.'),
    }),
    result: z.object({
      proof: z
        .string()
        .describe(
          "HMAC-SHA256 over the challenge, a line feed and `host:port` of the daemon's end of the socket, base64url. The key: 32 bytes of HKDF-SHA256 of the local token, without salt, info `whatsappd daemon proof 1`.",
        ),
    }),
    scope: null,
    beforeAuthentication: true,
    since: '1',
    summary:
      'Proves that this daemon holds the local token, for a caller that holds it too and sends it to nobody else. May come before `session.authenticate`, four times at most.',
  },
  'session.createLoginLink': {
    params: z.strictObject({}),
    result: z.object({
      link: z.string().describe('A URL whose fragment holds a code that works once.'),
      expiresAt: timestampSchema.describe('The code works until then.'),
    }),
    scope: null,
    beforeAuthentication: false,
    since: '1',
    summary: 'A fresh single-use link to the page. Only for the holder of the local token.',
  },
  'session.subscribe': {
    params: z.strictObject({
      since: z
        .number()
        .int()
        .nonnegative()
        .optional()
        .describe(
          'The last `eventId` the caller has seen: later stored events are sent again after the answer.',
        ),
      topics: z
        .array(z.enum(TOPICS))
        .max(TOPICS.length)
        .optional()
        .describe('Only events of these namespaces; without it all of them.'),
    }),
    result: z.object({
      snapshot: snapshotSchema.describe('The state of everything.'),
      eventId: z
        .number()
        .int()
        .nonnegative()
        .describe('The last event that the snapshot contains; live events continue after it.'),
      replayed: z.number().int().nonnegative().describe('How many stored events follow the answer.'),
      gap: z
        .boolean()
        .describe(
          'True when events after `since` are no longer (or never were) in the log: only the snapshot tells.',
        ),
      at: timestampSchema.describe("The daemon's clock, for true countdowns."),
      truncated: truncatedSchema.optional(),
    }),
    scope: null,
    beforeAuthentication: false,
    since: '1',
    summary:
      'Answers with a snapshot, then sends every event the token may see. Again: replaces the subscription.',
  },
  'session.ping': {
    params: z.strictObject({}),
    result: z.object({ at: timestampSchema.describe("The daemon's clock.") }),
    scope: null,
    beforeAuthentication: false,
    since: '1',
    summary: 'Answers with the time, to prove that the daemon is alive.',
  },
  'accounts.list': {
    params: z.strictObject({
      after: accountIdSchema
        .optional()
        .describe('Only the accounts that follow this one; for the next page.'),
    }),
    result: z.object({
      accounts: z.array(accountSchema).describe('The accounts in their order, at most 100.'),
      linked: z.array(accountIdSchema).describe('Those of them whose link is complete.'),
      pending: z.array(accountIdSchema).describe('Those of them that still have to be linked.'),
      total: z.number().int().nonnegative().optional().describe('How many accounts there are.'),
      truncated: truncatedSchema.optional(),
    }),
    scope: 'read',
    beforeAuthentication: false,
    since: '1',
    summary: 'Every account with its status.',
  },
  'accounts.link': {
    params: z
      .strictObject({
        account,
        method: z.enum(['qr', 'code']).default('qr').describe('How to link.'),
        phoneNumber: z
          .string()
          .max(64)
          .optional()
          .describe('The number of the phone to link; required for `code`.'),
      })
      .refine((params) => params.method === 'qr' || params.phoneNumber !== undefined, {
        path: ['phoneNumber'],
        message: 'required for method "code"',
      }),
    result: linkOfferSchema,
    scope: 'link',
    beforeAuthentication: false,
    since: '1',
    summary: 'Answers with the live QR or pairing code, or starts linking afresh.',
  },
  'accounts.cancelLink': {
    params: z.strictObject({ account }),
    result: accountResult,
    scope: 'link',
    beforeAuthentication: false,
    since: '1',
    summary: 'Ends linking; the QR or code is void.',
  },
  'accounts.reconnect': {
    params: z.strictObject({ account }),
    result: accountResult,
    scope: 'link',
    beforeAuthentication: false,
    since: '1',
    summary: 'Connects now; in `unlinked` and `logged_out` it starts linking by QR.',
  },
  'accounts.disconnect': {
    params: z.strictObject({ account }),
    result: z.object({
      account: accountSchema,
      unlinkedOnPhone: z
        .boolean()
        .describe('False when WhatsApp could not be told; the phone then still lists the device.'),
    }),
    scope: 'link',
    beforeAuthentication: false,
    since: '1',
    summary: "Unlinks on WhatsApp's side too, erases the credentials, keeps the history.",
  },
  'accounts.setEnabled': {
    params: z.strictObject({ account, enabled: z.boolean().describe('False pauses the account.') }),
    result: z.object({
      account: accountSchema,
      revision: z.string().describe('The revision after the edit.'),
    }),
    scope: 'link',
    beforeAuthentication: false,
    since: '1',
    summary: 'Pauses or resumes an account without losing its link. Writes the config file.',
  },
  'accounts.takeOver': {
    params: z.strictObject({ account }),
    result: accountResult,
    scope: 'link',
    beforeAuthentication: false,
    since: '1',
    summary: 'Leaves `conflict`: this daemon connects, and the other one that uses the same link loses it.',
  },
  'accounts.create': {
    params: z.strictObject({
      id: accountIdSchema.describe('Id of the new account; it names its directory and never changes.'),
      name: printableSchema
        .min(1)
        .max(TEXT_LIMITS.name)
        .optional()
        .describe('A name for people to see: one printable line.'),
      revision,
    }),
    result: z.object({
      account: accountSchema,
      created: z.boolean().describe('False when an account of this id was there already; it stays as it is.'),
      revision: z.string().describe('The revision after the edit.'),
    }),
    scope: 'link',
    beforeAuthentication: false,
    since: '1',
    summary:
      'Adds an account, up to `maxAccounts`; an id that is there already counts once. It takes its settings from the root. Writes the config file.',
  },
  'accounts.remove': {
    params: z.strictObject({
      account: accountIdSchema,
      revision,
      confirm: z
        .array(z.enum(['link']))
        .max(1)
        .optional()
        .describe(
          'What a person has confirmed: that a `link` may be lost. Needed where the files cannot be read (`storage_error`), so that nobody knows whether one is in them; `confirmation_required` without it.',
        ),
    }),
    result: z.object({
      account: accountIdSchema.describe('The account that is gone.'),
      revision: z.string().describe('The revision after the edit.'),
    }),
    scope: 'link',
    beforeAuthentication: false,
    since: '1',
    summary:
      'Removes an account that is not linked (`still_linked` otherwise), with its directory and the history in it. Writes the config file.',
  },
  ...CONFIG_METHODS,
  'outbox.list': {
    params: z.strictObject({
      account,
      state: z.enum(['queued', 'failed']).optional().describe('Only these; without it both.'),
      before: messageId.optional().describe('Only messages that are older than this one.'),
      limit: z
        .number()
        .int()
        .min(1)
        .max(100)
        .default(50)
        .describe('How many at most; fewer when their texts are long.'),
    }),
    result: outboxListSchema,
    scope: 'send',
    beforeAuthentication: false,
    since: '1',
    summary: 'The messages that are not out: those that wait, and those that failed.',
  },
  'outbox.retry': {
    params: z.strictObject({ account, messageId }),
    result: z.object({ message: outboxEntrySchema.describe('The message, queued again.') }),
    scope: 'send',
    beforeAuthentication: false,
    since: '1',
    summary: 'Sends a failed message again, under the same id and before the later ones of its conversation.',
  },
  'outbox.discard': {
    params: z.strictObject({ account, messageId }),
    result: z.object({ messageId: messageId.describe('The message that is gone.') }),
    scope: 'send',
    beforeAuthentication: false,
    since: '1',
    summary: 'Throws away a message that failed or waits; it is never sent and its text is erased.',
  },
} as const satisfies Record<string, MethodDefinition>

export type MethodName = keyof typeof METHODS
export const METHOD_NAMES = Object.keys(METHODS) as [MethodName, ...MethodName[]]

/** What a caller sends (defaults may be left out). */
export type MethodParams<Name extends MethodName> = z.input<(typeof METHODS)[Name]['params']>
/** What a handler receives after parsing. */
export type ParsedParams<Name extends MethodName> = z.output<(typeof METHODS)[Name]['params']>
export type MethodResult<Name extends MethodName> = z.output<(typeof METHODS)[Name]['result']>
