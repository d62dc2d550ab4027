import { z } from 'zod'

/**
 * One step of an answer, as programs and attached assistants give it: text that is appended to the answer, its end, or that there is
 * none. Fields that are not named here are ignored.
 */
export const answerJsonSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('delta'), text: z.string().describe('Appended to the answer. Markdown.') }),
  z
    .object({
      type: z.literal('done'),
      text: z
        .string()
        .optional()
        // What is no text was ignored before this field had a meaning.
        .catch(undefined)
        .describe('The last piece, or the whole answer where no `delta` came.'),
    })
    .describe('The answer is complete.'),
  z.object({
    type: z.literal('fail'),
    message: z
      .string()
      .optional()
      .describe('Why, for the person who runs the daemon; nobody in the chat sees it.'),
  }),
])

/** One step; the text of a `done` is a `delta` before it. */
export type AnswerJson =
  | Exclude<z.infer<typeof answerJsonSchema>, { type: 'done' }>
  | { type: 'done'; text?: never }
