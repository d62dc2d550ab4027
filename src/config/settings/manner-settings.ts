import { z } from 'zod'
import { member, setting } from './setting.ts'
import { count, flag, positive, text } from './value-schemas.ts'

/** An hour; an agent that takes longer has been given up. */
const MAX_WAIT_SECONDS = 3_600
/** The longest reply that is sent. */
const MAX_CHARS = 100_000

/** When pieces of a reply that is still being written are put together, as OpenClaw has it. */
export const coalesceSchema = z.looseObject({
  minChars: member(positive.max(MAX_CHARS), {
    description: 'Fewer characters than this are not sent before the end of the reply.',
    default: 1,
    example: 400,
  }),
  maxChars: member(positive.max(MAX_CHARS), {
    description:
      'So many characters are sent without waiting, and paragraphs are not put together beyond it; without it `textChunkLimit`.',
    example: 1_200,
  }),
  idleMs: member(count.max(60_000), {
    description:
      'Whole paragraphs are sent together when no other one was finished for this long, in milliseconds; 0: only by `maxChars`.',
    default: 1_000,
    example: 1_500,
  }),
})

/** How answers come: what of them is plain. */
export const mannerSettings = {
  replyToMode: setting(z.enum(['off', 'first', 'all', 'batched']), {
    description:
      'Which messages of an answer quote the question: none (`off`), the first one, all of them, or the first one where the answer is to several messages (`batched`). Without it groups have `first` and direct chats `off`.',
    fallback: null,
    example: 'first',
    remote: true,
  }),
  markdown: setting(
    z.looseObject({
      tables: member(z.enum(['off', 'bullets', 'code', 'block']), {
        description:
          '`bullets`: as lists. `code`: as code in aligned columns, or as a list where a line would be too wide for a phone. `block`: the same as `code`, since WhatsApp has no tables. `off`: as they are written.',
        default: 'bullets',
        example: 'code',
      }),
    }),
    {
      description:
        "How tables in the Markdown of the assistant's answers are shown. The names are those of OpenClaw.",
      example: { tables: 'code' },
      remote: true,
    },
  ),
  waitingLine: setting(
    z.strictObject({
      afterSeconds: member(positive.max(MAX_WAIT_SECONDS), {
        description: 'How long the person has waited then, in seconds.',
        default: 20,
        example: 20,
      }),
      text: member(text.max(500), {
        description: 'What is written; empty for nothing.',
        default: '',
        example: 'One moment, I am looking it up.',
      }),
    }),
    {
      description:
        'One line that is sent when the assistant takes long and nothing of its answer is out yet: once for each question. In groups only to somebody who addressed it.',
      example: { text: 'One moment, I am looking it up.' },
      remote: true,
    },
  ),
}

/** The same choices as `chunkMode` and `blockStreaming` by OpenClaw's names of 2026.8, which win over these two. */
export const streamingSetting = setting(
  z.looseObject({
    chunkMode: member(z.enum(['length', 'newline']), { description: 'As `chunkMode`.', example: 'newline' }),
    block: member(
      z.looseObject({
        enabled: member(flag, {
          description: 'The opposite of `blockStreaming`: `false` sends only whole replies.',
          example: true,
        }),
        coalesce: member(coalesceSchema, {
          description: 'How paragraphs of a reply are put together into messages.',
          example: { minChars: 400, idleMs: 1_500 },
        }),
      }),
      { description: 'How long replies go out paragraph by paragraph.', example: { enabled: true } },
    ),
  }),
  {
    description:
      'How a long reply goes out, by the names that OpenClaw has for it. Where it stands beside `chunkMode` or `blockStreaming`, it decides.',
    example: { block: { coalesce: { minChars: 400, idleMs: 1_500 } } },
  },
)
