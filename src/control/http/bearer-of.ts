import type { IncomingMessage } from 'node:http'
import { BEARER_SUBPROTOCOL_PREFIX } from '../../protocol/frames.ts'

/** The token of `Authorization: Bearer <token>`; `null` without one. */
export function bearerOfHeader(authorization: string | undefined): string | null {
  return /^Bearer +([^\s]+)$/i.exec(authorization ?? '')?.[1] ?? null
}

/** The token that came with an upgrade: by `Sec-WebSocket-Protocol: whatsappd.v1, bearer.<token>`, or by the header. */
export function bearerOfUpgrade({ headers }: IncomingMessage): string | null {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  const bearer = offered.find((name) => name.startsWith(BEARER_SUBPROTOCOL_PREFIX))
  return bearer?.slice(BEARER_SUBPROTOCOL_PREFIX.length) ?? bearerOfHeader(headers.authorization)
}
