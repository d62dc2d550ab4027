import { z } from 'zod'
import { secretSchema } from './secret-schema.ts'
import { positive, text } from './value-schemas.ts'

const agentBase = {
  name: text.optional(),
  models: z.array(text).optional(),
  favouriteModels: z.array(text).optional(),
}

/** An assistant. `connector` chooses its kind; the kinds that exist are the members of this union. */
export const agentSchema = z.discriminatedUnion('connector', [
  z.strictObject({ connector: z.literal('echo'), ...agentBase }),
  z.strictObject({
    connector: z.literal('openai-chat'),
    ...agentBase,
    baseUrl: z.url({ protocol: /^https?$/ }),
    model: text.min(1),
    apiKey: secretSchema.optional(),
    systemPrompt: text.optional(),
    timeoutSeconds: positive.max(3_600).optional(),
  }),
])
