import { z } from 'zod'

/**
 * One step of an answer, as programs and attached assistants give it: text that is appended to the answer, its end, or that there is
 * none. Fields that are not named here are ignored.
 */
export const answerJsonSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('delta'), text: z.string().describe('Appended to the answer. Markdown.') }),
  z.object({ type: z.literal('done') }).describe('The answer is complete.'),
  z.object({
    type: z.literal('fail'),
    message: z
      .string()
      .optional()
      .describe('Why, for the person who runs the daemon; nobody in the chat sees it.'),
  }),
])

export type AnswerJson = z.infer<typeof answerJsonSchema>
