import { z } from 'zod'

const milliseconds = z.number().int().positive()

/** What an account can do, so that a dashboard need not know how it reaches WhatsApp. */
export const capabilitiesSchema = z.object({
  linking: z
    .array(z.enum(['qr', 'code', 'passkey', 'token']))
    .describe('How it is connected: by a QR code, a pairing code, a passkey, or a token of Meta.'),
  groups: z.boolean().describe('Whether it can be in groups.'),
  selfChat: z
    .boolean()
    .describe('Whether there is a chat with yourself: the owner can write to the number, from the number.'),
  reactions: z.boolean().describe('Whether it can react to messages.'),
  revisions: z
    .object({ editWithinMs: milliseconds, revokeWithinMs: milliseconds })
    .nullable()
    .describe('For how long messages of ours can be edited and deleted; `null` where neither can be.'),
  receipts: z.boolean().describe('Whether messages can be marked as read.'),
  typing: z.boolean().describe('Whether it can show that somebody types.'),
  typingMarksRead: z
    .boolean()
    .describe('Whether "typing…" marks messages as read, so that it is off where read receipts are.'),
  isCharged: z.boolean().describe('Whether each message that arrives may cost money.'),
  templates: z.boolean().describe('Whether templates can be sent (`templates.list`).'),
  choices: z
    .object({ buttons: z.number().int().positive(), rows: z.number().int().positive() })
    .nullable()
    .describe('How many buttons, and how many rows of a list, a message can have; `null` for none.'),
  polls: z.boolean().describe('Whether polls can be sent.'),
  asksForNumber: z.boolean().describe('Whether people can be asked for their number with one tap.'),
  textLimit: z.number().int().positive().describe('The longest text of one message.'),
  windowMs: milliseconds
    .nullable()
    .describe("How long after a person's last message they may be written to freely; `null` for always."),
  media: z
    .record(z.string(), z.object({ maxBytes: z.number().int().positive() }))
    .describe('The largest file of each kind that can be sent, in bytes; a kind that is missing cannot be.'),
})
