import { z } from 'zod'
import { accountIdSchema, phoneNumberSchema, timestampSchema } from '../account/account.ts'
import type { EventDefinition } from './event.ts'

/** Who asked for access, in events and answers. */
export const pairingPersonShape = {
  phoneNumber: phoneNumberSchema.nullable().describe('`null` where WhatsApp hides the number.'),
  id: z
    .string()
    .nullable()
    .describe(
      "`lid:<digits>` or `bsuid:<id>`, WhatsApp's own id of the person, where it hides the number; otherwise `null`.",
    ),
}

/** Who asks: the person themselves, by writing, or a program in their place. */
export const pairingSourceSchema = z
  .enum(['person', 'program'])
  .describe(
    '`person`: they wrote and were sent the code. `program`: by `pairing.request`, of which they know nothing.',
  )

const person = z.object({ account: accountIdSchema, ...pairingPersonShape })

export const PAIRING_EVENTS = {
  'pairing.requested': {
    payload: person.extend({
      name: z.string().nullable().describe('What they call themselves on WhatsApp, which proves nothing.'),
      source: pairingSourceSchema,
      expiresAt: timestampSchema.describe('Until when their code counts.'),
      at: timestampSchema.describe('When it happened.'),
    }),
    scope: 'config',
    stored: true,
    summary:
      'Somebody who may not write did, and was sent a code (`dmPolicy: "pairing"`), or a program asks for them; `pairing.list` has it. Neither their words nor the code nor the reason are in the event.',
    since: '1',
  },
  'pairing.settled': {
    payload: person.extend({
      outcome: z
        .enum(['approved', 'rejected', 'expired'])
        .describe('`approved`: they may write now, in whatever way they were allowed.'),
      at: timestampSchema.describe('When it was noticed.'),
    }),
    scope: 'config',
    stored: true,
    summary: 'A request for access is decided, or its time is over.',
    since: '1',
  },
} as const satisfies Record<`pairing.${string}`, EventDefinition>
