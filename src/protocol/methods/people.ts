import { z } from 'zod'
import { accountIdSchema } from '../account/account.ts'
import { CONTACT_VALUE_LIMITS, contactFieldNameSchema } from '../conversations/contact-field.ts'
import { TEXT_LIMITS } from '../text/text-limits.ts'
import type { MethodDefinition } from './method.ts'
import { account } from './parameters.ts'

/** Of one call. */
const MAX_FIELDS = 50

const conversation = z
  .string()
  .min(1)
  .max(TEXT_LIMITS.identifier)
  .describe(
    'The conversation: its `conversationId`, or what events call it: an E.164 number, `lid:<digits>` or `bsuid:<id>`, the address of a group.',
  )

/** Of the namespace `conversations`: what is known of people, and its end. */
export const PEOPLE_METHODS = {
  'conversations.contactFields': {
    params: z.strictObject({ account }),
    result: z.object({
      fields: z
        .array(
          z.object({
            name: contactFieldNameSchema,
            label: z
              .string()
              .nullable()
              .describe('What people read for it; `null` where the config gives none.'),
          }),
        )
        .describe('In the order in which they are shown.'),
    }),
    scope: 'conversations',
    since: '1',
    summary:
      'The contact fields that a conversation of the account may have ([conversations.md](conversations.md#contact-fields)).',
  },
  'conversations.setContact': {
    params: z.strictObject({
      account,
      conversation,
      fields: z
        .record(contactFieldNameSchema, z.string().max(CONTACT_VALUE_LIMITS.notes).nullable())
        .refine((fields) => Object.keys(fields).length <= MAX_FIELDS, `At most ${MAX_FIELDS} fields`)
        .describe(
          `By the name of the field; \`null\` takes its value away, and the others stay. At most ${CONTACT_VALUE_LIMITS.other} characters; \`notes\` ${CONTACT_VALUE_LIMITS.notes}.`,
        ),
    }),
    result: z.object({
      account: accountIdSchema,
      conversationId: z.string(),
      changed: z.array(contactFieldNameSchema).describe('The fields whose value is another one now.'),
    }),
    scope: 'send',
    since: '1',
    summary:
      "Sets contact fields of a conversation. What is set so is the owner's: no answer of the assistant changes it. With a token of an assistant (scope `agent`) it is the assistant's, and fields that the owner or a program set stay as they are.",
  },
  'conversations.forget': {
    params: z.strictObject({
      account,
      conversation: conversation.describe(
        'Who: an E.164 number, `lid:<digits>` or `bsuid:<id>`, or the `conversationId`; also somebody who wrote in groups alone. The address of a group: everything that was said there.',
      ),
      confirm: z
        .boolean()
        .default(false)
        .describe('Without it nothing is erased, and the answer says what would be.'),
    }),
    result: z.object({
      account: accountIdSchema,
      isForgotten: z.boolean().describe('Whether it is erased, or would be.'),
      messages: z.number().int().nonnegative().describe('Theirs, in groups too, and what answered them.'),
      files: z.number().int().nonnegative().describe('Files of these messages.'),
      groups: z.number().int().nonnegative().describe('Groups in which they wrote.'),
      copies: z
        .array(z.string())
        .describe(
          "Names of older copies of the account's file, which go as a whole: they may hold the same.",
        ),
    }),
    scope: 'config',
    since: '1',
    summary:
      'Erases what somebody said, so that no byte of it stays in the state directory ([conversations.md](conversations.md#forget)). They stay allowed, and can write again; where the assistant is switched off or somebody holds the chat, that stays.',
  },
} as const satisfies Record<`conversations.${string}`, MethodDefinition>
