import { createHmac } from 'node:crypto'
import type { SignatureFault } from '../faults/business-faults.ts'
import { mergeUpdates } from './merge-updates.ts'
import type { WebhookUpdate } from './webhook-update.ts'

/**
 * Several updates as one webhook, as Meta writes JSON: nothing but ASCII, other characters and slashes escaped. Updates of one account
 * are one entry. What the signature covers is exactly this text.
 */
export function webhookBody(updates: readonly WebhookUpdate[], nowMs: number): string {
  const entries = new Map<string, { id: string; time: number; changes: object[] }>()
  for (const { account, field, value } of mergeUpdates(updates)) {
    const entry = entries.get(account.id) ?? {
      id: account.id,
      time: Math.floor(nowMs / 1_000),
      changes: [],
    }
    entries.set(account.id, entry)
    entry.changes.push({ value, field })
  }
  return escaped(JSON.stringify({ object: 'whatsapp_business_account', entry: [...entries.values()] }))
}

/** JSON with every character beyond ASCII as `\uXXXX`, and `/` as `\/`. */
export function escaped(json: string): string {
  return json
    .replaceAll(
      /[\u0080-\uffff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .replaceAll('/', '\\/')
}

/** The header that 360dialog signs a body with, where it does. Its documentation does not show how the value is written. */
export function dialogSignature(
  body: string,
  secret: string,
  fault: SignatureFault | null = null,
): Record<string, string> {
  if (fault === 'missing' || fault === 'sha1-only') return {}
  const signed = fault === 're-serialised' ? JSON.stringify(JSON.parse(body)) : body
  const key = fault === 'wrong' ? `${secret}x` : secret
  const hex = createHmac('sha256', key).update(signed).digest('hex')
  return { 'x-360dialog-signature': fault === 'empty' ? '' : fault === 'truncated' ? hex.slice(0, -8) : hex }
}

/** The headers that sign a body with the app's secret. `fault`: how they are wrong. */
export function signatureHeaders(
  body: string,
  secret: string,
  fault: SignatureFault | null = null,
): Record<string, string> {
  const sign = (algorithm: 'sha1' | 'sha256', text: string, key = secret): string =>
    `${algorithm}=${createHmac(algorithm, key).update(text).digest('hex')}`
  const sha1 = { 'X-Hub-Signature': sign('sha1', body) }
  const both = (value: string): Record<string, string> => ({ ...sha1, 'X-Hub-Signature-256': value })
  switch (fault) {
    case null:
      return both(sign('sha256', body))
    case 'missing':
      return {}
    case 'sha1-only':
      return sha1
    case 'wrong':
      return both(sign('sha256', body, `${secret}x`))
    case 're-serialised':
      return both(sign('sha256', JSON.stringify(JSON.parse(body))))
    case 'truncated':
      return both(sign('sha256', body).slice(0, -8))
    case 'empty':
      return both('sha256=')
  }
}
