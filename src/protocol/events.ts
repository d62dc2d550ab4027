import { z } from 'zod'
import {
  accountIdSchema,
  accountSchema,
  codeOfferSchema,
  phoneNumberSchema,
  qrOfferSchema,
  timestampSchema,
} from './account.ts'
import { truncatedSchema } from './truncated.ts'

export type Scope = 'read' | 'link' | 'config' | 'send' | 'agent'

export const configProblemSchema = z.object({
  code: z
    .string()
    .describe('A stable code, such as `too_short`, `syntax`, `duplicate_key`, `unknown_key`, `unreadable`.'),
  path: z
    .string()
    .describe(
      'Dotted path in the config file, such as `channels.whatsapp.allowFrom[1]`; empty for the file as a whole.',
    ),
  line: z
    .number()
    .int()
    .positive()
    .nullable()
    .describe('1-based; `null` where there is no place in the file.'),
  column: z.number().int().positive().nullable().describe('1-based, like `line`.'),
  message: z.string().describe('One sentence for a person.'),
})

export type ConfigProblem = z.infer<typeof configProblemSchema>

const messageTime = timestampSchema.describe('When it happened.')
const senderName = z
  .string()
  .nullable()
  .describe('What the config calls the sender, else the name that they gave on WhatsApp.')

const messageReference = z.object({
  account: accountIdSchema,
  messageId: z.string().describe("WhatsApp's id of the message."),
  conversation: z
    .string()
    .describe(
      "The conversation: the address of a group, or the sender's number where it is known, otherwise an opaque address.",
    ),
})

interface EventDefinition {
  payload: z.ZodType
  /** Who may see it. */
  scope: Scope
  /** Kept in the event log and replayed to `since`; `false` for what must never be stored. */
  stored: boolean
  summary: string
  since: string
}

/** Every event of the control plane. Handlers, client types and `docs/protocol.md` derive from this table. */
export const EVENTS = {
  'account.status': {
    payload: accountSchema,
    scope: 'read',
    stored: true,
    summary: 'An account changed its state, its reason or its facts.',
    since: '1',
  },
  'account.removed': {
    payload: z.object({ account: accountIdSchema }),
    scope: 'read',
    stored: true,
    summary: 'An account is gone from the config. Nothing more is told of it.',
    since: '1',
  },
  'account.qr': {
    payload: qrOfferSchema,
    scope: 'link',
    stored: false,
    summary: 'A new QR is on offer. Draw it locally; forget it when it expires.',
    since: '1',
  },
  'account.linkCode': {
    payload: codeOfferSchema,
    scope: 'link',
    stored: false,
    summary: 'A pairing code is on offer.',
    since: '1',
  },
  'config.applied': {
    payload: z.object({
      revision: z.string().describe('Opaque; changes with every content of the file.'),
      changed: z
        .array(z.string())
        .describe('Dotted paths whose effective value changed, at most the first 200.'),
      changedTotal: z.number().int().nonnegative().optional().describe('How many there are.'),
      truncated: truncatedSchema.optional(),
      entryProblems: z
        .number()
        .int()
        .positive()
        .optional()
        .describe(
          'How many entries of lists that let people in cannot be used and count for nobody; `config.get` names them. Absent where every entry counts.',
        ),
    }),
    scope: 'read',
    stored: true,
    summary: 'A save of the config file is in force.',
    since: '1',
  },
  'config.rejected': {
    payload: configProblemSchema,
    scope: 'read',
    stored: true,
    summary: 'The config file on disk is invalid; the last valid one stays in force.',
    since: '1',
  },
  'message.received': {
    payload: messageReference.extend({
      phoneNumber: phoneNumberSchema
        .nullable()
        .describe('`null` under the open policy while the sender is known only by a LID.'),
      name: senderName,
      at: messageTime,
    }),
    scope: 'read',
    stored: true,
    summary: 'An allowed sender wrote.',
    since: '1',
  },
  'message.edited': {
    payload: messageReference.extend({ at: messageTime }),
    scope: 'read',
    stored: true,
    summary: 'The author of a message changed its text.',
    since: '1',
  },
  'message.revoked': {
    payload: messageReference.extend({ at: messageTime }),
    scope: 'read',
    stored: true,
    summary: 'The author of a message deleted it; its text is erased here, too.',
    since: '1',
  },
  'message.blocked': {
    payload: z.object({
      account: accountIdSchema,
      phoneNumber: phoneNumberSchema
        .nullable()
        .describe('`null` while the sender is known only by an opaque LID.'),
      name: senderName,
      reason: z.enum(['not_allowed', 'lid_unresolved', 'policy_disabled', 'identity_conflict']),
      at: messageTime,
    }),
    scope: 'read',
    stored: true,
    summary: 'A sender who is not allowed wrote; reported once per sender, without the text.',
    since: '1',
  },
  'message.dropped': {
    payload: z.object({
      account: accountIdSchema,
      count: z.number().int().positive().describe('Since the last such event of this account.'),
      at: messageTime,
    }),
    scope: 'read',
    stored: true,
    summary:
      'Messages of senders whose number is not known were deleted: there was no more room to hold them. Reported at most once an hour.',
    since: '1',
  },
  'message.queued': {
    payload: messageReference.extend({ at: messageTime }),
    scope: 'read',
    stored: true,
    summary: 'A reply is in the outbox.',
    since: '1',
  },
  'message.sent': {
    payload: messageReference.extend({ at: messageTime }),
    scope: 'read',
    stored: true,
    summary: 'WhatsApp acknowledged a reply.',
    since: '1',
  },
  'message.delivered': {
    payload: messageReference.extend({ at: messageTime }),
    scope: 'read',
    stored: true,
    summary: "A reply reached the recipient's phone.",
    since: '1',
  },
  'message.read': {
    payload: messageReference.extend({ at: messageTime }),
    scope: 'read',
    stored: true,
    summary: 'A reply was read.',
    since: '1',
  },
  'message.failed': {
    payload: messageReference.extend({
      at: messageTime,
      code: z.string().describe('A stable code.'),
      message: z.string().describe('One sentence for a person.'),
    }),
    scope: 'read',
    stored: true,
    summary: 'A reply will not be sent; the code says why.',
    since: '1',
  },
  'message.discarded': {
    payload: messageReference.extend({ at: messageTime }),
    scope: 'read',
    stored: true,
    summary: 'Somebody threw a message away that failed or waited; it will not be sent.',
    since: '1',
  },
  'agent.turnStarted': {
    payload: z.object({
      account: accountIdSchema,
      conversation: z.string().describe('As in `message.*`.'),
      turn: z.string().describe('Id of the turn.'),
      at: messageTime,
    }),
    scope: 'read',
    stored: true,
    summary: 'An assistant began to answer.',
    since: '1',
  },
  'agent.turnFinished': {
    payload: z.object({
      account: accountIdSchema,
      conversation: z.string().describe('As in `message.*`.'),
      turn: z.string().describe('Id of the turn.'),
      outcome: z.enum(['answered', 'silent', 'failed', 'cancelled']),
      at: messageTime,
    }),
    scope: 'read',
    stored: true,
    summary: 'An assistant finished, failed or was cancelled.',
    since: '1',
  },
  'server.stopping': {
    payload: z.object({ reason: z.string().describe('Why, such as `shutdown`.') }),
    scope: 'read',
    stored: false,
    summary: 'The daemon is shutting down; reconnect later.',
    since: '1',
  },
} as const satisfies Record<string, EventDefinition>

export type EventName = keyof typeof EVENTS
export type EventPayload<Name extends EventName> = z.infer<(typeof EVENTS)[Name]['payload']>
export const EVENT_NAMES = Object.keys(EVENTS) as [EventName, ...EventName[]]
