import { z } from 'zod'
import { secretPlace } from '../../../config/secrets/secret-place.ts'
import { DEFAULT_TIMEOUT_SECONDS } from '../../../config/settings/connector-settings.ts'
import { secretSchema } from '../../../config/settings/secret-schema.ts'
import { member, requiredMember } from '../../../config/settings/setting.ts'
import { flag, text } from '../../../config/settings/value-schemas.ts'
import { printableSchema } from '../../../protocol/text/printable-schema.ts'
import { defineConnector } from '../../connector.ts'
import { extraHeadersSchema, readHeaders } from '../../http/extra-headers.ts'
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
    headers: member(extraHeadersSchema, {
      description:
        'Further headers of each request, each `{ env: "NAME" }`, `{ file: "path" }` or a text. Never shown.',
      example: { 'x-openclaw-message-channel': 'whatsapp' },
    }),
    sessionMode: member(z.enum(['stateless', 'server']), {
      description:
        "Who remembers the conversation. `stateless`: each request carries it. `server`: the server keeps it by `user` (OpenClaw's gateway does), and only the new message is sent.",
      default: 'stateless',
      example: 'server',
    }),
    images: member(flag, {
      description:
        'Whether images are sent with the question that they came with. A question that the server refuses is asked again without them.',
      default: true,
      example: false,
    }),
    files: member(flag, {
      description:
        'Whether PDF documents are sent, as parts of type `file`. Documents of words (text, Markdown, CSV, JSON, source) are part of the text in any case.',
      default: false,
      example: true,
    }),
    audio: member(flag, {
      description:
        'Whether sound is sent, as parts of type `input_audio`: MP3 and WAV as they are; of others, voice messages among them, a WAV file is made where `ffmpeg` is installed.',
      default: false,
      example: true,
    }),
    systemPrompt: member(text, {
      description: 'Instructions for the model, sent before the conversation.',
      example: 'You answer on WhatsApp. Be brief.',
    }),
  },
  create: (settings, { id, readSecret, shown, fetch, audio: converter }) => {
    const {
      baseUrl,
      model,
      apiKey,
      headers = {},
      systemPrompt,
      sessionMode,
      images = true,
      files = false,
      audio = false,
      models = [],
      timeoutSeconds,
    } = settings
    return new OpenAiChatAgent({
      id,
      baseUrl,
      model,
      systemPrompt: systemPrompt ?? null,
      timeoutSeconds: timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
      apiKey: () => (apiKey === undefined ? null : readSecret(apiKey, 'apiKey')),
      headers: () => readHeaders(headers, { id, readSecret }),
      sessionMode: sessionMode ?? 'stateless',
      files: { images, files, audio, converter },
      offersAll: models.includes('*'),
      fetch,
      keySource:
        apiKey === undefined
          ? headersSource(headers)
          : secretPlace(apiKey, (path) => shown('apiKey.file', path)),
      shown,
    })
  },
})

/** Without a key the headers say who asks, where there are some. */
function headersSource(headers: Readonly<Record<string, unknown>>): string | null {
  return Object.keys(headers).length === 0 ? null : 'there is none; headers are set'
}
