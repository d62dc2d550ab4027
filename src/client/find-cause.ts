import { isLoopbackUrl } from '../protocol/loopback-url.ts'
import { isRecord } from '../protocol/is-record.ts'
import { RequestError } from './request-error.ts'

/** As much of `fetch` as the client uses. */
export type Fetch = (
  input: string,
  init?: { cache?: 'no-store'; credentials?: 'omit'; mode?: 'cors' | 'no-cors' },
) => Promise<{ ok: boolean; status?: number; text(): Promise<string> }>

export interface FailedAttempt {
  url: string
  /** What the socket reported; nothing in a browser. */
  cause: unknown
  /** What the policy of the page is known to forbid; asked again while the answer is sought. */
  policy: { readonly blocksSockets: boolean; readonly blocksRequests: boolean }
}

const WEBSOCKET_PATH = '/v1/ws'
/** A daemon is looked for at the path of the address and above it, so many levels. */
const MAX_LEVELS = 4
/** What Node calls the faults of a certificate (RFC 5280 checks of OpenSSL, and the check of the host's name). */
const CERTIFICATE_FAULT =
  /^(?:CERT_|CRL_|ERROR_IN_CERT|UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE)|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|ERR_TLS_CERT)/

/** As `ws` says it of the answer to an upgrade. */
const STATUS_OF_UPGRADE = /server response: (\d{3})/

/**
 * Why no WebSocket to an address opens, as far as the browser or Node tells. Asks `/livez` beside the address. Never rejects.
 * `RequestError` with the code `blocked_by_page`, `certificate_untrusted`, `wrong_path`, `websocket_refused` (the daemon answers, but
 * refused the upgrade), `daemon_offline` (something else answers in its place; on this machine also nothing), or `tunnel_unreachable`.
 */
export async function findCause(
  attempt: FailedAttempt,
  fetch: Fetch,
  timeoutMs: number,
): Promise<RequestError> {
  const { url, cause, policy } = attempt
  if (policy.blocksSockets) return blockedByPolicy(url, cause)
  if (codeOf(cause, CERTIFICATE_FAULT) !== null) return untrusted(cause)
  if (!URL.canParse(url)) return invalidUrl(url, cause)
  const ask = (address: string, mode: 'cors' | 'no-cors'): ReturnType<Fetch> => {
    const init = {
      cache: 'no-store',
      credentials: 'omit',
      mode,
      signal: AbortSignal.timeout(timeoutMs),
    } as const
    return fetch(address, init)
  }
  const [first, ...others] = placesOf(url)
  let status: number | undefined
  try {
    const answer = await ask(`${first}/livez`, 'cors')
    if (await isDaemon(Promise.resolve(answer))) return isComplete(url) ? refused(cause) : wrongPath(first)
    status = answer.status
  } catch (fault) {
    if (policy.blocksSockets) return blockedByPolicy(url, cause ?? fault)
    if (policy.blocksRequests) return unasked(first, cause ?? fault)
    if (codeOf(fault, CERTIFICATE_FAULT) !== null) return untrusted(fault)
    if (isLoopbackUrl(first)) return unanswered(first, cause ?? fault)
    // A proxy's own error page may not be read from here, but that there is one can be seen.
    return ask(`${first}/livez`, 'no-cors').then(
      () => offline(cause ?? fault),
      () => unanswered(first, cause ?? fault),
    )
  }
  // A proxy without its daemon answers with a status from 500 on.
  // A proxy without its daemon answers with a status from 500 on.
  const none =
    status !== undefined && status < 500
      ? offline(cause, ' Or url is wrong.', `What answers at ${new URL(url).host} is not whatsappd.`)
      : offline(cause)
  if (isComplete(url)) return none
  for (const place of others) {
    if (await isDaemon(ask(`${place}/livez`, 'cors')).catch(() => false)) return wrongPath(place)
  }
  return none
}

/** `otherwise`: what it may be as well, where that cannot be told apart. */
export function offline(cause?: unknown, otherwise = '', message = 'The daemon is offline.'): RequestError {
  return new RequestError('daemon_offline', message, {
    action: `WhatsApp works only while the sandbox and whatsappd are running.${otherwise}`,
    retryable: true,
    cause,
  })
}

/** Why this runtime could not even make a socket. Nothing was sent. */
export function notConstructed(url: string, cause: unknown): RequestError {
  const name = isRecord(cause) || cause instanceof Error ? Reflect.get(cause, 'name') : null
  // As browsers refuse a plain address on a page that came over TLS.
  if (name === 'SecurityError') {
    return new RequestError(
      'blocked_by_page',
      'This page came over https and may not open a plain ws:// address.',
      {
        action: `Set url to a wss:// address in place of ${withoutQuery(url)}.`,
        cause,
      },
    )
  }
  return URL.canParse(url) && /^(?:ws|http)s?:$/.test(new URL(url).protocol)
    ? offline(cause)
    : invalidUrl(url, cause)
}

function invalidUrl(url: string, cause: unknown): RequestError {
  return new RequestError('invalid_url', `This is not the address of a WebSocket: ${withoutQuery(url)}`, {
    action: 'Set url to one such as wss://sandbox.example/v1/ws.',
    cause,
  })
}

async function isDaemon(answer: ReturnType<Fetch>): Promise<boolean> {
  const response = await answer
  return response.ok && (await response.text()).includes('"ok"')
}

/** Where the daemon may be mounted, over HTTP and without a slash at the end: beside the address first, then above it. */
function placesOf(url: string): [string, ...string[]] {
  const { protocol, host, pathname } = new URL(url)
  const path = pathname.replace(/\/+$/, '')
  const below = path.endsWith(WEBSOCKET_PATH) ? path.slice(0, -WEBSOCKET_PATH.length) : path
  const origin = `${protocol.replace('ws', 'http')}//${host}`
  const segments = below.split('/').slice(1)
  const above = segments.map((_segment, index) => segments.slice(0, segments.length - 1 - index))
  return [`${origin}${below}`, ...above.slice(0, MAX_LEVELS).map((kept) => [origin, ...kept].join('/'))]
}

function isComplete(url: string): boolean {
  return new URL(url).pathname.endsWith(WEBSOCKET_PATH)
}

/** The code of an error or of what caused it, where it is one of `wanted`. */
function codeOf(error: unknown, wanted: RegExp): string | null {
  for (let each = error, depth = 0; depth < 5 && each instanceof Error; each = each.cause, depth += 1) {
    const code: unknown = Reflect.get(each, 'code')
    if (typeof code === 'string' && wanted.test(code)) return code
  }
  return null
}

function blockedByPolicy(url: string, cause: unknown): RequestError {
  const { protocol, host } = new URL(url)
  const isSecure = protocol === 'wss:' || protocol === 'https:'
  return new RequestError('blocked_by_page', "This page's content security policy forbids the connection.", {
    action: `Add ${isSecure ? 'wss' : 'ws'}://${host} and ${isSecure ? 'https' : 'http'}://${host} to connect-src of the page's policy.`,
    cause,
  })
}

function untrusted(cause: unknown): RequestError {
  const code = codeOf(cause, CERTIFICATE_FAULT)
  return new RequestError(
    'certificate_untrusted',
    `The certificate at the address is not trusted (${code}).`,
    {
      action: 'Check the address and the certificate; NODE_EXTRA_CA_CERTS names a file of own authorities.',
      retryable: true,
      cause,
    },
  )
}

function wrongPath(place: string): RequestError {
  const right = `${place.replace(/^http/, 'ws')}${WEBSOCKET_PATH}`
  return new RequestError('wrong_path', 'The daemon answers, but its WebSocket is at another path.', {
    action: `Set url to ${right}`,
    retryable: true,
  })
}

/** The page allows the socket, but not the question why it does not open. */
function unasked(place: string, cause: unknown): RequestError {
  return unreachable(
    'The daemon is offline, or the way to it is closed.',
    `The policy of this page forbids to ask which: add ${new URL(place).origin} to its connect-src.`,
    cause,
  )
}

/** Nothing answers over HTTP either. Node names the fault, browsers name none. */
function unanswered(place: string, cause: unknown): RequestError {
  if (codeOf(cause, /^(?:EPROTO|ERR_SSL)/) !== null) {
    return unreachable(
      'What answers at the address speaks no TLS.',
      'Set url to ws:// in place of wss://, or put a proxy with TLS before it.',
      cause,
    )
  }
  const isNamed = codeOf(cause, /^E[A-Z]/) !== null
  const otherwise =
    isNamed || !place.startsWith('https:')
      ? ''
      : ` Or its certificate is not trusted, which a browser does not say: open ${place}/livez in a tab of its own.`
  if (isLoopbackUrl(place)) {
    return offline(cause, otherwise)
  }
  if (codeOf(cause, /^(?:ENOTFOUND|EAI_)/) !== null) {
    return unreachable(
      'The name in the address is not known.',
      `Check it and your network: no host is found for ${new URL(place).hostname}.`,
      cause,
    )
  }
  return unreachable(
    'The way to the sandbox is closed.',
    `Nothing answers at its address: check your network and the tunnel.${otherwise}`,
    cause,
  )
}

function unreachable(message: string, action: string, cause: unknown): RequestError {
  return new RequestError('tunnel_unreachable', message, { action, retryable: true, cause })
}

function refused(cause: unknown): RequestError {
  const status = cause instanceof Error ? STATUS_OF_UPGRADE.exec(cause.message)?.[1] : undefined
  return new RequestError('websocket_refused', 'The daemon answers, but this page may not connect to it.', {
    action: "Add this page's origin to whatsappd.allowedOrigins, and let proxies pass WebSockets on.",
    retryable: true,
    // Only some libraries say it: 403 is the origin, 503 a daemon that stops, others come from a proxy.
    details: status === undefined ? undefined : { status: Number(status) },
    cause,
  })
}

/** What may be shown of an address: some put a token behind the question mark. */
function withoutQuery(url: string): string {
  return url.split(/[?#]/, 1)[0] ?? ''
}
