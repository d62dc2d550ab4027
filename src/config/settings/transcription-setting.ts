import { z } from 'zod'
import { printableSchema } from '../../protocol/text/printable-schema.ts'
import { secretSchema } from './secret-schema.ts'
import { member, requiredMember, setting } from './setting.ts'
import { positive } from './value-schemas.ts'

/** Some are whole paths. */
const MAX_MODEL_LENGTH = 200
/** Whisper reads the last 224 tokens of it. */
const MAX_PROMPT_LENGTH = 2_000

/** What holds where the object does not say. */
export const TRANSCRIPTION_DEFAULTS = { timeoutSeconds: 60, maxMinutes: 30 } as const

const transcription = z.strictObject({
  baseUrl: requiredMember(z.url({ protocol: /^https?$/ }), {
    description: 'The server, up to and without `/audio/transcriptions`. Must be given.',
    example: 'https://api.openai.com/v1',
  }),
  model: requiredMember(printableSchema.min(1).max(MAX_MODEL_LENGTH), {
    description: 'The model. Must be given.',
    example: 'whisper-1',
  }),
  apiKey: member(secretSchema, {
    description: 'The bearer token, as `{ env: "NAME" }` or `{ file: "path" }`.',
    example: { env: 'OPENAI_API_KEY' },
  }),
  language: member(z.string().regex(/^[a-z]{2,3}$/, { error: 'Must be a code such as en or de (ISO 639)' }), {
    description: 'What people speak, as a code of ISO 639; without it the model finds out.',
    example: 'de',
  }),
  prompt: member(printableSchema.max(MAX_PROMPT_LENGTH), {
    description: 'Names and words that the model would not know how to write.',
    example: 'Ada, whatsappd, Kreuzberg',
  }),
  timeoutSeconds: member(positive.max(600), {
    description:
      'How long one message may take, its further tries included. The time of the answer begins after it.',
    default: TRANSCRIPTION_DEFAULTS.timeoutSeconds,
    example: 60,
  }),
  maxMinutes: member(positive.max(600), {
    description:
      'Sound that is longer, in minutes, is not sent to the server. Exact for Ogg with Opus, which voice messages are, and for WAV.',
    default: TRANSCRIPTION_DEFAULTS.maxMinutes,
    example: 10,
  }),
})

/** Who writes down what is said in voice messages. */
export const transcriptionSetting = setting(transcription.nullable(), {
  description:
    "A server that speaks OpenAI's `/audio/transcriptions`: it writes down what is said in voice messages and audio files, so that every assistant can read it. An account's own object takes the place of the whole one above it, key included; `null` there: none. Without it people are told that voice cannot be heard yet, and the assistant is not asked, unless it takes files.",
  example: { baseUrl: 'https://api.openai.com/v1', model: 'whisper-1', apiKey: { env: 'OPENAI_API_KEY' } },
})
