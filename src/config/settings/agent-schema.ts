import { z } from 'zod'
import { printableSchema } from '../../protocol/printable-schema.ts'
import { secretSchema } from './secret-schema.ts'
import { member, requiredMember } from './setting.ts'
import { nameText, positive, text } from './value-schemas.ts'

/** Some are whole paths. */
const MAX_MODEL_LENGTH = 200

const shared = {
  name: member(nameText, { description: 'A name for people to see: `/agents` lists it.', example: 'Ada' }),
  models: member(z.array(text), {
    description: 'Models that a sender may choose. No effect yet.',
    default: [],
    example: ['llama3.2'],
  }),
  favouriteModels: member(z.array(text), {
    description: 'Models that are offered first. No effect yet.',
    default: [],
    example: ['llama3.2'],
  }),
}

const echo = z.strictObject({
  connector: requiredMember(z.literal('echo'), { description: 'Repeats what it hears.', example: 'echo' }),
  model: text.optional(),
  ...shared,
})

const openAiChat = z.strictObject({
  connector: requiredMember(z.literal('openai-chat'), {
    description: "Asks a server that speaks OpenAI's `/chat/completions`, streaming.",
    example: 'openai-chat',
  }),
  baseUrl: requiredMember(z.url({ protocol: /^https?$/ }), {
    description: 'The server, up to and without `/chat/completions`. Must be given.',
    example: 'http://127.0.0.1:11434/v1',
  }),
  model: requiredMember(printableSchema.min(1).max(MAX_MODEL_LENGTH), {
    description: 'The model. Must be given.',
    example: 'llama3.2',
  }),
  apiKey: member(secretSchema, {
    description: 'The bearer token, as `{ env: "NAME" }` or `{ file: "path" }`.',
    example: { env: 'OPENAI_API_KEY' },
  }),
  systemPrompt: member(text, {
    description: 'What the model is told before the conversation.',
    example: 'You answer on WhatsApp. Be brief.',
  }),
  timeoutSeconds: member(positive.max(3_600), {
    description: 'How long an answer may take.',
    default: 120,
    example: 60,
  }),
  ...shared,
})

/** The assistants that exist, by what connects them. */
export const AGENT_KINDS = { echo, 'openai-chat': openAiChat } as const

/** An assistant. */
export const agentSchema = z.discriminatedUnion('connector', [echo, openAiChat])
