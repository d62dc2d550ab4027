import { z } from 'zod'
import { accountPasskeySchema, accountSchema, linkOfferSchema, timestampSchema } from '../account/account.ts'
import { configViewSchema } from '../config/config-view.ts'
import { EVENTS, TOPICS } from '../events.ts'
import { SCOPES } from '../tokens/scopes.ts'
import { truncatedSchema } from '../truncated.ts'
import type { MethodDefinition } from './method.ts'

/** Everything a subscriber needs to draw its first picture. */
export const snapshotSchema = z.object({
  accounts: z
    .array(accountSchema)
    .describe('At most the first 50; `accounts.list` has all. Empty without scope `read`.'),
  accountsTotal: z.number().int().nonnegative().optional().describe('How many accounts there are.'),
  offers: z
    .array(linkOfferSchema)
    .describe('Live QR codes and pairing codes, at most 50; empty without scope `link`.'),
  passkeys: z
    .array(accountPasskeySchema)
    .optional()
    .describe('Live passkey ceremonies, at most 50; empty without scope `link`. Absent from older daemons.'),
  config: configViewSchema.nullable().describe('`null` without scope `read`.'),
  blocked: z
    .array(EVENTS['message.blocked'].payload)
    .describe(
      'Senders who wrote and are still not allowed, newest first, at most 50. Empty without scope `read`.',
    ),
})

export type Snapshot = z.infer<typeof snapshotSchema>

export const SESSION_METHODS = {
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
      'Proves that this daemon holds the local token, for a caller that has it too and must not send it to another program. May come before `session.authenticate`, four times at most.',
  },
  'session.createLoginLink': {
    params: z.strictObject({}),
    result: z.object({
      link: z.string().describe('A URL whose fragment holds a code that works once.'),
      expiresAt: timestampSchema.describe('The code works until then.'),
    }),
    scope: null,
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
          'True when events after `since` are no longer (or never were) in the log: only the snapshot is complete.',
        ),
      at: timestampSchema.describe("The daemon's clock, for true countdowns."),
      truncated: truncatedSchema.optional(),
    }),
    scope: null,
    since: '1',
    summary:
      'Answers with a snapshot, then sends every event the token may see. Again: replaces the subscription.',
  },
  'session.ping': {
    params: z.strictObject({}),
    result: z.object({ at: timestampSchema.describe("The daemon's clock.") }),
    scope: null,
    since: '1',
    summary: 'Answers with the time, to prove that the daemon is alive.',
  },
} as const satisfies Record<`session.${string}`, MethodDefinition>
