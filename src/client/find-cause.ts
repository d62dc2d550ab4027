import { isLoopbackUrl } from '../protocol/loopback-url.ts'
import { RequestError } from './request-error.ts'

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>

/**
 * Why no WebSocket to `url` opens: nothing answers at all (`tunnel_unreachable`; on this machine itself that is a
 * stopped daemon), something answers in the daemon's place (`daemon_offline`), or the daemon does, but refuses the
 * upgrade (`websocket_refused`). Asks `/livez` beside `url`. Never rejects.
 */
export async function findCause(url: string, fetch: Fetch, timeoutMs: number): Promise<RequestError> {
  const address = url.replace(/^ws/, 'http').replace(/(\/v1\/ws)?\/?([?#].*)?$/, '/livez')
  const ask = (init: RequestInit): Promise<Response> =>
    fetch(address, {
      ...init,
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.timeout(timeoutMs),
    })
  try {
    const response = await ask({})
    return response.ok && (await response.text()).includes('"ok"') ? refused() : offline()
  } catch {
    if (!URL.canParse(address) || isLoopbackUrl(address)) return offline()
  }
  // A proxy's own error page may not be read from here, but that there is one can be seen.
  return ask({ mode: 'no-cors' }).then(offline, unreachable)
}

export function offline(cause?: unknown): RequestError {
  return new RequestError('daemon_offline', 'The daemon is offline.', {
    action: 'WhatsApp works only while the sandbox and whatsappd are running.',
    retryable: true,
    cause,
  })
}

function unreachable(): RequestError {
  return new RequestError('tunnel_unreachable', 'The way to the sandbox is closed.', {
    action: 'Nothing answers at its address: check your network and the tunnel.',
    retryable: true,
  })
}

function refused(): RequestError {
  return new RequestError('websocket_refused', 'The daemon answers, but this page may not connect to it.', {
    action: "Add this page's origin to whatsappd.allowedOrigins, and let proxies pass WebSockets on.",
    retryable: true,
  })
}
