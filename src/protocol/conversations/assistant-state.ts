import { z } from 'zod'
import { timestampSchema } from '../account/account.ts'

/** Who holds a conversation. It names nobody and has no words, so that every token with scope `read` may see it. */
export const assistantStateSchema = z.object({
  state: z
    .enum(['on', 'off', 'paused', 'waiting'])
    .describe(
      '`on`: it answers. `off`: it is switched off there. `paused`: a person has taken the chat over, or paused it by `/pause`. `waiting`: it answers, and a person is waited for: it said nothing on purpose, could not answer, or its answer did not arrive.',
    ),
  pausedBy: z
    .enum(['phone', 'dashboard', 'api', 'command', 'agent', 'app'])
    .nullable()
    .describe(
      'What silenced it: words of the owner on the phone, a dashboard, the API, `/pause`. `agent`: the assistant itself left the answer to a person. `app`: another app answers there on the same number. `null` where nothing did.',
    ),
  since: timestampSchema.nullable().describe('Since when it is so; `null` while it is `on`.'),
  until: timestampSchema.nullable().describe('When it answers again by itself; `null` where it does not.'),
  reason: z.string().nullable().describe('Why, in one sentence; `null` while it is `on`.'),
})

export type AssistantState = z.infer<typeof assistantStateSchema>
