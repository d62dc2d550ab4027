const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]']

/**
 * Whether a request with this `Origin` header is served. A browser cannot forge the header, so this keeps foreign web
 * pages out; other programs send none and are judged by their token alone. Matching is exact, never by suffix.
 */
export function isOriginAllowed(
  origin: string | undefined,
  listening: { port: number; allowedOrigins: readonly string[] },
): boolean {
  if (origin === undefined) return true
  if (listening.allowedOrigins.includes(origin)) return true
  return LOOPBACK_HOSTS.some((host) => origin === `http://${host}:${listening.port}`)
}
