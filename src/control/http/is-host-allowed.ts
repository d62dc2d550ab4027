import { isIP } from 'node:net'

/**
 * Whether a request with this `Host` header is served where a page could be behind it: a page whose name an attacker lets lead to this
 * machine (DNS rebinding) has that name there. Addresses, `localhost`, where we listen, and the hosts of allowed origins are known.
 */
export function isHostAllowed(
  host: string | undefined,
  { listenHost, allowedOrigins }: { listenHost: string; allowedOrigins: readonly string[] },
): boolean {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false
  const { hostname } = new URL(`http://${host}`)
  const isAddress = isIP(hostname.replaceAll(/^\[|\]$/g, '')) !== 0
  if (isAddress || hostname === 'localhost' || hostname === listenHost) return true
  return allowedOrigins.some((origin) => URL.canParse(origin) && new URL(origin).hostname === hostname)
}
