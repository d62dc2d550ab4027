import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

const SIGNATURE = /^sha256=([\da-f]{64})$/i

/** Whether a header can be a signature at all. */
export function isSignature(header: string): boolean {
  return SIGNATURE.test(header)
}

/**
 * Whether `header` (`X-Hub-Signature-256`) is the HMAC-SHA256 of exactly these bytes under one of the secrets. Takes the same time wherever
 * the two differ. Source: Meta, `webhooks/create-webhook-endpoint`.
 */
export function isSigned(body: Buffer, header: string, secrets: readonly string[]): boolean {
  const written = SIGNATURE.exec(header)?.[1]
  if (written === undefined) return false
  const given = Buffer.from(written, 'hex')
  let isRight = false
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(body).digest()
    isRight = timingSafeEqual(expected, given) || isRight
  }
  return isRight
}

/** Whether both texts are the same; how long it takes tells nothing about them. */
export function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
