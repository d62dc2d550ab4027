import { z } from 'zod'
import { timestampSchema } from '../account/account.ts'
import { pairingPersonShape } from '../events/pairing.ts'
import type { MethodDefinition } from './method.ts'
import { account } from './parameters.ts'

const code = z
  .string()
  .min(1)
  .max(64)
  .describe('The code that the person was sent; in any case, with or without the dash.')
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
          }),
        )
        .describe('Three at most, the oldest first.'),
    }),
    scope: 'config',
    since: '1',
    summary: 'The people who wrote, may not, and were sent a code (`dmPolicy: "pairing"`).',
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
