import { z } from 'zod'
import { accountIdSchema } from '../account/account.ts'
import { answerItemSchema, answerUsageSchema } from '../agent/answer-json.ts'
import type { MethodDefinition } from './method.ts'

const turn = z.string().min(1).max(128).describe('Id of the turn, from `agent.turn`.')
/** A frame has room for no more. */
const text = z.string().max(64 * 1_024)
const nothing = z.object({})

export const AGENT_METHODS = {
  'agent.attach': {
    params: z.strictObject({
      agent: z.string().min(1).max(64).describe('Id of an agent with the connector `websocket`.'),
      account: accountIdSchema
        .optional()
        .describe(
          'Only of this account; without it of every account that has the agent, also of later ones.',
        ),
    }),
    result: z.object({
      accounts: z.array(accountIdSchema).describe('The accounts for which the caller answers now.'),
    }),
    scope: 'agent',
    since: '1',
    summary:
      'From now on this connection answers for the agent: `agent.turn` brings the turns, those that wait first. A program that was attached before is told with `agent.detached`, and its unfinished turns are handed out again.',
  },
  'agent.delta': {
    params: z.strictObject({ turn, text: text.describe('Appended to the answer. Markdown.') }),
    result: nothing,
    scope: 'agent',
    since: '1',
    summary:
      'A piece of the answer. Complete paragraphs are sent while the answer goes on, where the config says so.',
  },
  'agent.part': {
    params: z.strictObject({ turn, part: answerItemSchema }),
    result: nothing,
    scope: 'agent',
    since: '1',
    summary:
      'Something of the answer besides its words: a file, a place, a contact, a poll, a reaction, or what the next message quotes. A file comes in base64, in several `data` parts before its `media` part where it is longer than a frame.',
  },
  'agent.done': {
    params: z.strictObject({
      turn,
      text: text.optional().describe('The last piece, or the whole answer where no `agent.delta` came.'),
      usage: answerUsageSchema.optional(),
    }),
    result: nothing,
    scope: 'agent',
    since: '1',
    summary: 'The answer is complete. Without any text nothing is sent: the person waits for a person.',
  },
  'agent.fail': {
    params: z.strictObject({
      turn,
      message: z.string().max(1_000).optional().describe('Why. It is not shown and not logged.'),
    }),
    result: nothing,
    scope: 'agent',
    since: '1',
    summary: 'There is no answer. The person is told that the assistant could not answer.',
  },
} as const satisfies Record<`agent.${string}`, MethodDefinition>
