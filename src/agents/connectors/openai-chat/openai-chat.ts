import { z } from 'zod'
import { secretPlace } from '../../../config/secrets/secret-place.ts'
import { DEFAULT_TIMEOUT_SECONDS } from '../../../config/settings/connector-settings.ts'
import { secretSchema } from '../../../config/settings/secret-schema.ts'
import { member, requiredMember } from '../../../config/settings/setting.ts'
import { text } from '../../../config/settings/value-schemas.ts'
import { printableSchema } from '../../../protocol/text/printable-schema.ts'
import { defineConnector } from '../../connector.ts'
import { OpenAiChatAgent } from './openai-chat-agent.ts'

/** Some are whole paths. */
const MAX_MODEL_LENGTH = 200

/** Any server that speaks OpenAI's `/chat/completions`. */
export const openAiChat = defineConnector({
  name: 'openai-chat',
  description: "Asks a server that speaks OpenAI's `/chat/completions`, streaming.",
  settings: {
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
      description: 'Instructions for the model, sent before the conversation.',
      example: 'You answer on WhatsApp. Be brief.',
    }),
  },
  create: ({ baseUrl, model, apiKey, systemPrompt, timeoutSeconds }, { id, readSecret, shown, fetch }) =>
    new OpenAiChatAgent({
      id,
      baseUrl,
      model,
      systemPrompt: systemPrompt ?? null,
      timeoutSeconds: timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
      apiKey: () => (apiKey === undefined ? null : readSecret(apiKey, 'apiKey')),
      fetch,
      keySource: apiKey === undefined ? null : secretPlace(apiKey, (path) => shown('apiKey.file', path)),
      shown,
    }),
})
