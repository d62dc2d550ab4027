import { z } from 'zod'

/** The most options that WhatsApp shows in a poll. */
const MAX_POLL_OPTIONS = 12
const MAX_CHOICES = 30
/** Of a caption; as long as the text of a message from outside may be. */
const MAX_TEXT = 64 * 1_024
const MAX_PATH = 4_096
const MAX_NAME = 1_000

const base64 = z.base64().min(1)
const messageId = z.string().min(1).max(256)

/** What an answer consists of besides its words. Fields that are not named here are ignored. */
export const answerItemSchema = z.discriminatedUnion('type', [
  z
    .object({
      type: z.literal('media'),
      kind: z
        .enum(['image', 'voice', 'audio', 'video', 'document', 'sticker'])
        .describe('As what it is shown. What does not fit its content is sent as a document.'),
      path: z
        .string()
        .min(1)
        .max(MAX_PATH)
        .optional()
        .describe(
          "A file in the agent's own directory, relative to it or absolute; for agents that have one on this machine.",
        ),
      data: base64
        .optional()
        .describe(
          'The content, in base64. Without `path` and `data` it is what the `data` steps before it brought.',
        ),
      mimeType: z.string().max(200).optional().describe('Of a document; what the content shows counts more.'),
      name: z.string().max(MAX_NAME).optional().describe('What a document is called.'),
      caption: z.string().max(MAX_TEXT).optional().describe('Below the picture. Markdown.'),
      loops: z
        .boolean()
        .optional()
        .describe('Of a video: it plays again and again without sound, like a GIF.'),
    })
    .describe('A file.'),
  z
    .object({ type: z.literal('data'), data: base64 })
    .describe('A piece of the file that the next `media` step sends, where it is too long for one step.'),
  z
    .object({
      type: z.literal('location'),
      latitude: z.number().min(-90).max(90).describe('In degrees.'),
      longitude: z.number().min(-180).max(180).describe('In degrees.'),
      name: z.string().max(MAX_NAME).optional(),
      address: z.string().max(MAX_NAME).optional(),
    })
    .describe('A place on the map.'),
  z
    .object({
      type: z.literal('contact'),
      name: z.string().min(1).max(MAX_NAME),
      phoneNumbers: z
        .array(z.string().min(1).max(40))
        .min(1)
        .max(10)
        .describe('E.164: a plus sign and digits.'),
    })
    .describe("A person's name and numbers, which can be saved or written to."),
  z
    .object({
      type: z.literal('poll'),
      question: z.string().min(1).max(MAX_NAME),
      options: z.array(z.string().min(1).max(100)).min(2).max(MAX_POLL_OPTIONS).describe('Each another one.'),
      choices: z
        .int()
        .min(0)
        .max(MAX_POLL_OPTIONS)
        .optional()
        .describe('How many of them one person may choose: 1 when left out, 0 for any number.'),
    })
    .describe('A question with answers to choose from.'),
  z
    .object({
      type: z.literal('choices'),
      text: z.string().min(1).max(MAX_TEXT).describe('Above the answers. Plain text.'),
      options: z
        .array(
          z.object({
            id: z
              .string()
              .min(1)
              .max(MAX_NAME)
              .optional()
              .describe('Comes back with the answer; without it the title.'),
            title: z.string().min(1).max(MAX_NAME),
            description: z.string().max(MAX_NAME).optional().describe('Below the title, in a list.'),
          }),
        )
        .min(1)
        .max(MAX_CHOICES)
        .describe(
          'Each another one. Three with short titles are buttons, ten are a list; more are a numbered text.',
        ),
      button: z.string().max(MAX_NAME).optional().describe('What opens the list.'),
    })
    .describe(
      'Answers that can be tapped. A linked phone has no such messages: there they are a numbered text.',
    ),
  z
    .object({
      type: z.literal('reaction'),
      emoji: z.string().max(64).describe('One emoji; empty to take the reaction back.'),
      messageId: messageId
        .optional()
        .describe('Of a message of this conversation; without it the last one of the turn.'),
    })
    .describe('An emoji put to a message.'),
  z
    .object({ type: z.literal('quote'), messageId })
    .describe('The next message of the answer quotes this message of the conversation.'),
  z
    .object({
      type: z.literal('contact_field'),
      name: z
        .string()
        .min(1)
        .max(MAX_NAME)
        .describe('`name`, `email`, `company`, `notes`, or one that `contactFields` of the config declares.'),
      value: z.string().max(MAX_TEXT).describe('One line; of `notes` several. Empty to take it back.'),
    })
    .describe(
      'What the agent has learnt of who is behind the conversation. Nobody in the chat sees it; what the owner set stays.',
    ),
])

/** What a model read and wrote for an answer. */
export const answerUsageSchema = z
  .object({
    inputTokens: z.int().min(0).max(1_000_000_000).describe('That the model read.'),
    outputTokens: z.int().min(0).max(1_000_000_000).describe('That it wrote.'),
  })
  .describe('Tokens of the whole answer, for `usage.get`.')

/**
 * One step of an answer, as programs and attached assistants give it: text that is appended to the answer, something else that it
 * consists of, its end, or that there is none. Fields that are not named here are ignored.
 */
export const answerJsonSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('delta'), text: z.string().describe('Appended to the answer. Markdown.') }),
  answerItemSchema,
  z
    .object({
      type: z.literal('done'),
      text: z
        .string()
        .optional()
        // What is no text was ignored before this field had a meaning.
        .catch(undefined)
        .describe('The last piece, or the whole answer where no `delta` came.'),
      usage: answerUsageSchema.optional().catch(undefined),
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

export type AnswerItemJson = z.infer<typeof answerItemSchema>

/** One step; the text of a `done` is a `delta` before it, and its usage a step of its own. */
export type AnswerJson =
  | Exclude<z.infer<typeof answerJsonSchema>, { type: 'done' }>
  | { type: 'done'; text?: never; usage?: never }
