import { createHmac } from 'node:crypto'

const PREFIX = 'whsec_'
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
/** The specification asks for 24 to 64 bytes. */
const MIN_KEY_BYTES = 24
const MAX_KEY_BYTES = 64

/**
 * The key that a secret such as `whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD` stands for; `null` where it is none: not base64, or not 24 to 64
 * bytes long. Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function webhookKey(secret: string): Buffer | null {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret
  if (!BASE64.test(text)) return null
  const key = Buffer.from(text, 'base64')
  return key.length >= MIN_KEY_BYTES && key.length <= MAX_KEY_BYTES ? key : null
}

export interface WebhookMessage {
  /** Stays the same when the same message is sent again. */
  id: string
  /** Of this attempt. */
  at: Date
  body: string
}

/**
 * The headers of a posted message by the Standard Webhooks specification, with one signature for each key: during a change of secrets a
 * receiver accepts either. Without a key there is no signature.
 */
export function webhookHeaders(
  { id, at, body }: WebhookMessage,
  keys: readonly Buffer[],
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000))
  const signatures = keys.map(
    (key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  )
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    ...(signatures.length > 0 && { 'webhook-signature': signatures.join(' ') }),
  }
}
