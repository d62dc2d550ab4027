import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

const KEY_BYTES = 32

/**
 * What only a process that holds the local token can answer to `challenge`, base64url. It is valid for one address
 * (`host:port`, the server's end of the socket), so that a program that forwards the challenge cannot use the daemon's proof.
 */
export function daemonProof(localToken: string, challenge: string, address: string): string {
  const key = Buffer.from(hkdfSync('sha256', localToken, '', 'whatsappd daemon proof 1', KEY_BYTES))
  return createHmac('sha256', key).update(`${challenge}\n${address}`).digest('base64url')
}

/** Whether `proof` is the one; takes the same time for every proof of the right length. */
export function isDaemonProof(
  proof: unknown,
  expected: { localToken: string; challenge: string; address: string },
): boolean {
  if (typeof proof !== 'string') return false
  const right = Buffer.from(daemonProof(expected.localToken, expected.challenge, expected.address))
  const found = Buffer.from(proof)
  return found.length === right.length && timingSafeEqual(found, right)
}

/** One end of a socket as both of its ends name it. */
export function socketAddress(host: string | undefined, port: number | undefined): string {
  // A server on every interface sees IPv4 clients by an address of IPv6.
  return `${(host ?? '').replace(/^::ffff:(?=\d+\.)/, '')}:${port ?? 0}`
}
