import type { IncomingMessage } from 'node:http'

const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/
const MAX_LENGTH = 64

/**
 * Where a request comes from, to count failures apart: the peer's address, and behind a proxy on this machine the address
 * that the proxy saw. Anybody can write that header, so it grants nothing.
 */
export function clientAddress({ socket, headers }: IncomingMessage): string {
  const peer = socket.remoteAddress ?? 'unknown'
  const forwarded = headers['x-forwarded-for']
  if (forwarded === undefined || !LOOPBACK.test(peer)) return peer
  // The proxy next to us appends; the entries before it are untrusted.
  const last = [forwarded].flat().join(',').split(',').at(-1)?.trim() ?? ''
  return `${peer} for ${last.slice(0, MAX_LENGTH)}`
}
