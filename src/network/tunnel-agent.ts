import type { ClientRequest } from 'node:http'
import type { Duplex } from 'node:stream'
import { Agent, type AgentConnectOpts } from 'agent-base'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { ProxyError } from './proxy-error.ts'
import { socksAgent } from './socks-agent.ts'

/** A proxy that says nothing is given up then. */
const CONNECT_TIMEOUT_MS = 30_000
/** How often it is looked whether anybody still wants the connection. */
const WATCH_MS = 250

export interface TunnelOptions {
  proxy: URL
  /** Certificates that are trusted, in the place of Node's own; `null` for those. */
  ca: readonly string[] | null
  /** Whether a proxy let a connection through; `null` when it did. */
  tried: (error: ProxyError | null) => void
}

/**
 * Connects through one proxy, HTTP (`CONNECT`) or SOCKS, whatever is spoken inside. Fails with `ProxyError` where the proxy is the
 * cause: its answer must never be taken for the answer of the server behind it.
 */
export class TunnelAgent extends Agent {
  readonly #options: TunnelOptions

  constructor(options: TunnelOptions) {
    // What an agent is given, its connections are given: the types know only some of it.
    super({ ...(trust(options.ca) as object) })
    this.#options = options
  }

  override async connect(request: ClientRequest, options: AgentConnectOpts): Promise<Duplex> {
    const { tried } = this.#options
    const gaveUp = new AbortController()
    const giveUp = (): void => gaveUp.abort()
    const timer = setTimeout(giveUp, CONNECT_TIMEOUT_MS)
    // A request that is given up before it has a socket tells nobody.
    const watch = setInterval(() => request.destroyed && giveUp(), WATCH_MS)
    let refusal: number | null = null
    request.once('proxyConnect', ({ statusCode }: { statusCode: number }) => {
      if (statusCode !== 200) refusal = statusCode
    })
    try {
      const socket = await this.#tunnel(gaveUp.signal).connect(request, options)
      if (refusal !== null) {
        socket.destroy()
        throw new ProxyError(refused(refusal, options.port))
      }
      tried(null)
      return socket
    } catch (error) {
      const failure =
        error instanceof ProxyError ? error : new ProxyError(explain(error, gaveUp.signal.aborted))
      tried(failure)
      throw failure
    } finally {
      clearTimeout(timer)
      clearInterval(watch)
    }
  }

  #tunnel(signal: AbortSignal): Pick<HttpsProxyAgent<string> | ReturnType<typeof socksAgent>, 'connect'> {
    const { proxy, ca } = this.#options
    if (proxy.protocol.startsWith('socks')) return socksAgent(proxy)
    // `signal` is an option of every socket, which these types do not know.
    return new HttpsProxyAgent<string>(proxy, { ...trust(ca), ...({ signal } as object) })
  }
}

function trust(ca: readonly string[] | null): { ca?: string[] } {
  return ca === null ? {} : { ca: [...ca] }
}

/** `port`: of the server. */
function refused(status: number, port: number): string {
  if (status === 407 || status === 401)
    return `wants a user and a password, or does not accept them (HTTP ${status})`
  // What Squid says, as it is installed, to a tunnel to any other port.
  if (status === 403 && port !== 443)
    return `refuses the connection to port ${port} (HTTP 403): many proxies allow tunnels to port 443 alone. Allow the port there, or name the server in whatsappd.noProxy if it can be reached without the proxy`
  return `refuses the connection, or does not reach the server (HTTP ${status})`
}

/** Errors of the SOCKS client carry the password beside their message: only the message is taken on. */
function explain(error: unknown, gaveUp: boolean): string {
  if (gaveUp) return 'does not answer'
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (typeof code === 'string') return `cannot be reached (${code})`
  return typeof message === 'string' ? `refuses the connection: ${message}` : 'refuses the connection'
}
