import { z } from 'zod'
import { accountIdSchema, timestampSchema } from '../account/account.ts'
import { AGENT_FAILURE_CODES } from '../account/agent-failures.ts'
import { turnJsonSchema } from '../agent/turn-json.ts'
import { conversationIdSchema } from '../conversations/conversation-view.ts'
import { conversationNameSchema } from './conversation-name.ts'
import type { EventDefinition } from './event.ts'

const at = timestampSchema.describe('When it happened.')

export const AGENT_EVENTS = {
  'agent.turnStarted': {
    payload: z.object({
      account: accountIdSchema,
      conversation: z.string().describe('As in `message.*`.'),
      conversationId: conversationIdSchema
        .optional()
        .describe('Id of the conversation. Absent from older daemons.'),
      conversationName: conversationNameSchema,
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
      conversationId: conversationIdSchema
        .optional()
        .describe('Id of the conversation. Absent from older daemons.'),
      conversationName: conversationNameSchema,
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
  'agent.turn': {
    payload: z.object({
      agent: z.string().describe('Id of the agent, as the config names it.'),
      turn: turnJsonSchema.describe('What is asked, and by whom. The same one may come again, with its id.'),
    }),
    scope: 'agent',
    stored: false,
    directed: true,
    summary:
      'To the program that is attached: a turn to answer, with `agent.delta`, `agent.done` and `agent.fail`. It is taken back when the connection ends before, and handed out again after the next `agent.attach`.',
    since: '1',
  },
  'agent.cancel': {
    payload: z.object({ turn: z.string().describe('Id of the turn.') }),
    scope: 'agent',
    stored: false,
    directed: true,
    summary:
      'To the program that is attached: nobody reads the answer to this turn any more. Its time is up, it was taken back, or the answer is longer than any that is sent.',
    since: '1',
  },
  'agent.detached': {
    payload: z.object({
      agent: z.string().describe('Id of the agent.'),
      account: accountIdSchema,
      reason: z
        .enum(['replaced', 'agent_removed'])
        .describe(
          '`replaced`: another connection attached to it; do not attach again by yourself. `agent_removed`: the config names it no more, or with another connector.',
        ),
    }),
    scope: 'agent',
    stored: false,
    directed: true,
    summary: 'To the program that was attached: it is attached to this agent no more. The connection stays.',
    since: '1',
  },
} as const satisfies Record<`agent.${string}`, EventDefinition>
