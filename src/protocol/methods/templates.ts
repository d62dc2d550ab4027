import { z } from 'zod'
import { accountIdSchema } from '../account/account.ts'
import type { MethodDefinition } from './method.ts'
import { account } from './parameters.ts'

/** Of one answer: a frame has room for no more. */
export const MAX_LISTED_TEMPLATES = 200

const templateSchema = z.object({
  name: z.string(),
  language: z.string().describe('As WhatsApp writes it: `de`, `en_US`.'),
  category: z.string().describe('`marketing`, `utility`, `authentication`, or another word of WhatsApp’s.'),
  body: z.string().describe('The words, with the places for variables as `{{name}}` or `{{1}}`.'),
  header: z
    .object({
      kind: z.enum(['text', 'image', 'video', 'document', 'other']),
      text: z.string().nullable(),
    })
    .nullable(),
  footer: z.string().nullable(),
  variables: z
    .array(
      z.object({
        name: z.string().describe('Its name, or its number where variables have positions.'),
        place: z.enum(['header', 'body']),
        example: z.string().nullable().describe('What its author gave as an example.'),
      }),
    )
    .describe('Each needs a value in `messages.send`.'),
  buttons: z.array(
    z.object({
      index: z.number().int().nonnegative(),
      kind: z.enum(['reply', 'url', 'phone', 'code', 'other']),
      title: z.string(),
      needsValue: z.boolean().describe('Whether `template.buttons` of `messages.send` must name it.'),
    }),
  ),
})

export type TemplateView = z.infer<typeof templateSchema>

export const TEMPLATES_METHODS = {
  'templates.list': {
    params: z.strictObject({
      account,
      refresh: z
        .boolean()
        .optional()
        .describe('Asks WhatsApp anew; otherwise an answer may be ten minutes old.'),
    }),
    result: z.object({
      account: accountIdSchema,
      templates: z.array(templateSchema).describe(`By name, at most ${MAX_LISTED_TEMPLATES}.`),
      total: z.number().int().nonnegative().describe('How many there are.'),
    }),
    scope: 'send',
    since: '1',
    summary:
      'The approved templates of an account: what may be sent to people who have not written lately. Only of accounts with the capability `templates`.',
  },
} as const satisfies Record<`templates.${string}`, MethodDefinition>
