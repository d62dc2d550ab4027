import { z } from 'zod'
import { DEFAULT_TIMEOUT_SECONDS } from '../../../config/settings/connector-settings.ts'
import { secretSchema } from '../../../config/settings/secret-schema.ts'
import { member, requiredMember } from '../../../config/settings/setting.ts'
import type { SecretReference } from '../../../config/model.ts'
import { webhookKey } from '../../../network/standard-webhooks.ts'
import { AgentError } from '../../agent-error.ts'
import { AwaitedAnswers } from '../../answers/awaited-answers.ts'
import { defineConnector } from '../../connector.ts'
import { extraHeadersSchema, readHeaders } from '../../http/extra-headers.ts'
import { WebhookAgent } from './webhook-agent.ts'

/** Anything that takes an HTTP request: n8n, Zapier, a script. */
export const webhook = defineConnector({
  name: 'webhook',
  description:
    'Posts each question to a URL, signed as [Standard Webhooks](https://www.standardwebhooks.com) are, and takes the answer from the response or, later, from `POST /v1/turns/:id`.',
  settings: {
    url: requiredMember(z.url({ protocol: /^https?$/ }), {
      description: 'Where each question is posted to. Redirects are not followed. Must be given.',
      example: 'http://127.0.0.1:5678/webhook/whatsapp',
    }),
    secret: member(secretSchema, {
      description:
        'The secret that signs each request, as `{ env: "NAME" }` or `{ file: "path" }`: `whsec_` and 24 to 64 bytes in base64. Without it nothing is signed.',
      example: { env: 'WEBHOOK_SECRET' },
    }),
    previousSecret: member(secretSchema, {
      description: 'The secret before, while it is changed: each request has a signature by either.',
      example: { env: 'OLD_WEBHOOK_SECRET' },
    }),
    headers: member(extraHeadersSchema, {
      description:
        'Further headers of each request, such as a key that the receiver asks for, each `{ env: "NAME" }`, `{ file: "path" }` or a text. Never shown.',
      example: { 'x-api-key': { env: 'N8N_KEY' } },
    }),
    answer: member(z.enum(['response', 'later']), {
      description:
        'Where the answer is. `response`: in the response, or later where that is 202. `later`: it always comes by `POST /v1/turns/:id`, for services that answer every request at once, such as Zapier.',
      default: 'response',
      example: 'later',
    }),
  },
  create: (settings, { id, readSecret, shown, fetch, logger, answers = new AwaitedAnswers() }) => {
    const { url, secret, previousSecret, headers = {}, answer, timeoutSeconds } = settings
    const key = (reference: SecretReference | undefined, setting: string): Buffer[] =>
      reference === undefined ? [] : [keyOf(readSecret(reference, setting), id, setting)]
    return new WebhookAgent({
      id,
      url,
      shownUrl: shown('url', url),
      timeoutSeconds: timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
      answersLater: answer === 'later',
      keys: () => [...key(secret, 'secret'), ...key(previousSecret, 'previousSecret')],
      headers: () => readHeaders(headers, { id, readSecret }),
      answers,
      fetch,
      logger,
    })
  },
})

function keyOf(secret: string, id: string, setting: string): Buffer {
  const key = webhookKey(secret)
  if (key !== null) return key
  throw new AgentError('misconfigured', `the ${setting} of agent "${id}" cannot sign anything`, {
    action: `Give agents.${id}.${setting} a secret such as the output of: echo "whsec_$(openssl rand -base64 32)"`,
  })
}
