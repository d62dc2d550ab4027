import { z } from 'zod'
import { instructions } from './instructions.ts'
import { member, setting } from './setting.ts'
import { count, phoneNumber, text } from './value-schemas.ts'

/** Each message of a group is compared with all of them. */
export const MAX_MENTION_PATTERNS = 50
export const MAX_PATTERN_LENGTH = 200

/** Where patterns count, as OpenClaw has it. */
const placesSchema = z.looseObject({
  mode: z.enum(['allow', 'deny']).optional(),
  allowIn: z.array(phoneNumber).optional(),
  denyIn: z.array(phoneNumber).optional(),
})

/** By what name the assistant is called, and what it is told about single people. */
export const mentionSettings = {
  mentionPatterns: setting(
    z.union([z.array(text.min(1).max(MAX_PATTERN_LENGTH)).max(MAX_MENTION_PATTERNS), placesSchema], {
      error: `Must be a list of at most ${MAX_MENTION_PATTERNS} names and patterns, each with at most ${MAX_PATTERN_LENGTH} characters`,
    }),
    {
      description:
        "Names by which the assistant is called in a group without `@`, as whole words in any case: also in the caption of a photo or document. `/…/` is a regular expression (RE2's, without look-around and back-references; `/…/i` for any case), of which the first 4,000 characters of a message are read. OpenClaw's object `{ mode, allowIn, denyIn }` says in which groups the patterns of `messages.groupChat.mentionPatterns` count.",
      default: [],
      example: ['Ada', '/^hey (bot|ada)\\b/i'],
    },
  ),
  direct: setting(
    z.record(
      z.string(),
      z.looseObject({ systemPrompt: instructions('What the agent is told about this person.') }),
    ),
    {
      description:
        'Per phone number, in any notation, or `"*"` for all others: what the agent is told about the direct chat with this person, besides its own prompt.',
      default: {},
      example: { '+15555550101': { systemPrompt: 'Alice is new here: explain more.' } },
    },
  ),
  dms: setting(
    z.record(
      z.string(),
      z.looseObject({
        historyLimit: member(count.max(1_000), {
          description: 'Messages of context; 0 for none.',
          default: null,
          example: 10,
        }),
      }),
    ),
    {
      description:
        'Per phone number, in any notation, or `"*"` for all others: how many messages of context an agent gets in the direct chat with this person, in the place of `dmHistoryLimit`.',
      default: {},
      example: { '+15555550101': { historyLimit: 10 } },
    },
  ),
}
