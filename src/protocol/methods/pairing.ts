import { z } from 'zod'
import { phoneNumberSchema, timestampSchema } from '../account/account.ts'
import { pairingPersonShape, pairingSourceSchema } from '../events/pairing.ts'
import type { MethodDefinition } from './method.ts'
import { account } from './parameters.ts'

/** Of what a program says why somebody should be allowed, in UTF-16 code units. */
export const MAX_ACCESS_REASON = 300

const code = z
  .string()
  .min(1)
  .max(64)
  .describe(
    'The code that the person was sent, or that `pairing.list` shows; in any case, with or without the dash.',
  )
const person = z.object(pairingPersonShape)

export const PAIRING_METHODS = {
  'pairing.list': {
    params: z.strictObject({ account }),
    result: z.object({
      requests: z
        .array(
          person.extend({
            code: z.string().describe('With which the person can be allowed. Secret: do not keep it.'),
            name: z
              .string()
              .nullable()
              .describe('What they call themselves on WhatsApp, which proves nothing: compare the code.'),
            at: timestampSchema.describe('When they asked.'),
            expiresAt: timestampSchema.describe('Until when the code counts.'),
            source: pairingSourceSchema,
            reason: z
              .string()
              .nullable()
              .describe(
                'What the program says why, one line; nobody has checked it. `null` where it said nothing.',
              ),
          }),
        )
        .describe('The oldest first; three of people and three of programs at most.'),
    }),
    scope: 'config',
    since: '1',
    summary:
      'The people who wrote, may not, and were sent a code (`dmPolicy: "pairing"`), and those for whom a program asks.',
  },
  'pairing.request': {
    params: z.strictObject({
      account,
      phoneNumber: z.string().min(1).max(64).describe('With its country code, such as `+15555550123`.'),
      reason: z
        .string()
        .max(MAX_ACCESS_REASON)
        .optional()
        .describe('Why, for the person who decides: one line.'),
    }),
    result: z.object({
      phoneNumber: phoneNumberSchema,
      state: z
        .enum(['pending', 'allowed', 'rejected'])
        .describe(
          '`allowed`: they may write already. `rejected`: a person has said no; asking again changes nothing.',
        ),
      expiresAt: timestampSchema.nullable().describe('Until when a pending request waits.'),
    }),
    scope: 'conversations',
    since: '1',
    summary:
      'Asks a person to allow this number. Nothing is allowed by it and nothing is sent to anybody: a person approves or rejects it in the card, with `whatsappd pairing`, or with `/allow` in their chat. At most 3 wait at a time, for 24 hours each.',
  },
  'pairing.approve': {
    params: z.strictObject({ account, code }),
    result: person,
    scope: 'config',
    since: '1',
    summary:
      'Allows the person with this code: puts them into `allowFrom` of the account that they wrote to, in the config file, and tells them. An account that had only the list of all gets one of its own.',
  },
  'pairing.reject': {
    params: z.strictObject({ account, code }),
    result: person,
    scope: 'config',
    since: '1',
    summary: 'Rejects the person with this code, who hears nothing and is not sent a code again.',
  },
} as const satisfies Record<`pairing.${string}`, MethodDefinition>
