import { z } from 'zod'
import { accountIdSchema, timestampSchema } from '../account/account.ts'
import { AGENT_FAILURE_CODES } from '../account/agent-failures.ts'
import type { EventDefinition } from './event.ts'

const at = timestampSchema.describe('When it happened.')

export const AGENT_EVENTS = {
  'agent.turnStarted': {
    payload: z.object({
      account: accountIdSchema,
      conversation: z.string().describe('As in `message.*`.'),
      turn: z.string().describe('Id of the turn.'),
      at,
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
      code: z
        .enum(AGENT_FAILURE_CODES)
        .optional()
        .describe(
          'Why it failed: one of the [failures](errors.md#failures-of-an-assistant). Absent with every other outcome.',
        ),
      at,
    }),
    scope: 'read',
    stored: true,
    summary: 'An assistant finished, failed or was cancelled.',
    since: '1',
  },
} as const satisfies Record<`agent.${string}`, EventDefinition>
