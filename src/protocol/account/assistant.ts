import { z } from 'zod'
import { AGENT_FAILURE_CODES } from './agent-failures.ts'

const timestampSchema = z.iso.datetime()

const failureSchema = z.object({
  at: timestampSchema.describe('When it happened.'),
  code: z.enum(AGENT_FAILURE_CODES).describe('One of the [failures](errors.md#failures-of-an-assistant).'),
  message: z.string().describe('One sentence for a person, without the words of the server.'),
  action: z.string().describe('What they can do; names the setting and its value where there is one.'),
})

/** How an agent is, as far as the questions since the daemon's start tell. */
export const agentHealthSchema = z.object({
  ok: z
    .boolean()
    .describe(
      'False after a question that it did not answer, or a start that failed, until the next one that it answers. True also before the first question.',
    ),
  since: timestampSchema.describe('Since when it is `ok`, or not.'),
  lastSuccessAt: timestampSchema.nullable().describe('When it last answered.'),
  lastFailure: failureSchema.nullable().describe('The last failure, also when it has answered since.'),
})

/** How the assistant of an account is, as far as the questions since the daemon's start tell. */
export const assistantSchema = z.object({
  agent: z
    .string()
    .describe('Id of the agent that this is about: one that fails, or else the default agent.'),
  connector: z.string().describe('Its kind; `echo` is no assistant.'),
  ...agentHealthSchema.shape,
  transcription: z
    .object({
      ok: z
        .boolean()
        .describe(
          'False after a voice message that could not be written down, until the next one that could. True also before the first one.',
        ),
      since: timestampSchema.describe('Since when it is `ok`, or not.'),
      lastSuccessAt: timestampSchema.nullable().describe('When one was last written down.'),
      lastFailure: failureSchema
        .nullable()
        .describe('The last failure, also when one was written down since.'),
    })
    .optional()
    .describe(
      'How the server is that writes down voice messages (`transcription`); absent where none is named.',
    ),
})

export type AssistantView = z.infer<typeof assistantSchema>
