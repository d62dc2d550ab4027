/** Errors of names, connections and certificates: nothing of a request has left then. Those of a connection that is open already are none. */
const CODES: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ECONNREFUSED',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_INVALID_ARG',
  'ERR_INVALID_CHAR',
  'ERR_INVALID_URL',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])
const CERTIFICATE = /^CERT_/
/** Node's and OpenSSL's words for a connection that ended within the handshake, whose code says nothing. */
const IN_HANDSHAKE = /before secure TLS connection was established|wrong version number|handshake failure/

interface Failure {
  name?: string
  code?: string
  syscall?: string
  message?: string
  cause?: unknown
  errors?: unknown
}

/** Whether a request failed for certain before anything of it left this machine. What is not known counts as left. */
export function isBeforeRequest(error: unknown): boolean {
  for (let each = error as Failure | undefined, depth = 0; each != null && depth < 4; depth += 1) {
    if (isOfConnection(each)) return true
    // One for each address of a name.
    if (Array.isArray(each.errors) && each.errors.length > 0)
      return each.errors.every((one) => isOfConnection(one as Failure))
    each = each.cause as Failure | undefined
  }
  return false
}

function isOfConnection({ name, code = '', syscall, message = '' }: Failure): boolean {
  return (
    CODES.has(code) ||
    CERTIFICATE.test(code) ||
    syscall === 'connect' ||
    syscall === 'getaddrinfo' ||
    name === 'ProxyError' ||
    IN_HANDSHAKE.test(message)
  )
}
