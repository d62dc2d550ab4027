import { isRecord } from '../../../../protocol/is-record.ts'

/** Of WhatsApp Web's parser. */
const MAX_OPTIONS_BYTES = 4_096
/** The only relying party that is signed for. */
export const RELYING_PARTY = 'whatsapp.com'

const BASE64URL = /^[A-Za-z0-9_-]+$/

/** WhatsApp's WebAuthn request options: what a browser signs. */
export interface RequestOptions {
  /** Everything as it came, for the browser. */
  json: Record<string, unknown>
  /** Base64url without padding. */
  challenge: string
  /** How long a browser has by what WhatsApp says, milliseconds; `null` where it says nothing usable. */
  timeoutMs: number | null
}

/** Reads what a stanza carries; `null` for what is no request of WhatsApp's for an assertion. Never throws. */
export function readRequestOptions(content: unknown): RequestOptions | null {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  if (!(bytes instanceof Uint8Array) || bytes.length > MAX_OPTIONS_BYTES) return null
  const json = parseJson(bytes)
  if (!isRecord(json)) return null
  const { challenge, rpId, timeout } = json
  if (rpId !== RELYING_PARTY || typeof challenge !== 'string') return null
  const unpadded = challenge.replace(/=+$/, '')
  if (!BASE64URL.test(unpadded)) return null
  const isTime = typeof timeout === 'number' && timeout > 0
  return { json, challenge: unpadded, timeoutMs: isTime ? timeout : null }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
}
