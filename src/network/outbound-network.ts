import { readFileSync, statSync } from 'node:fs'
import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { rootCertificates } from 'node:tls'
import type { Logger } from 'pino'
import { DaemonError } from '../protocol/errors.ts'
import { type Fetch, fetchThrough } from './fetch-through.ts'
import { guardedFetch, type RefuseAddress } from './guarded-fetch.ts'
import type { ProxyError } from './proxy-error.ts'
import { namedProxies, proxyFor, type ProxySettings } from './proxy-for.ts'
import type { TunnelOptions } from './tunnel-agent.ts'

const MAX_CA_BYTES = 4 * 1_024 * 1_024
const NODE_CA_VARIABLE = 'NODE_EXTRA_CA_CERTS'

export interface NetworkSettings extends ProxySettings {
  /** A file with certificates (PEM) that are trusted besides Node's own; `null` for none. */
  caFile: string | null
}

export interface OutboundNetworkDependencies {
  /** Asked for at the start. Throws an `Error` that names the place where a secret cannot be read. */
  settings: () => NetworkSettings
  env: NodeJS.ProcessEnv
  logger: Logger
}

interface Way extends NetworkSettings {
  ca: string[] | null
  tunnel: ((options: TunnelOptions) => Agent) | null
}

/**
 * How connections leave this machine: directly, or through the proxy that the config or the environment names. The code for proxies
 * is loaded only where one is named.
 */
export class OutboundNetwork {
  readonly #deps: OutboundNetworkDependencies
  readonly #agents = new Map<string, Agent>()
  #way: Way | null = null
  /** Proxies of which a failure was logged, until they let something through. */
  readonly #failing = new Set<string>()

  constructor(deps: OutboundNetworkDependencies) {
    this.#deps = deps
  }

  /** Throws `DaemonError` (`misconfigured`) that names the setting or the variable. */
  async start(): Promise<void> {
    const { env } = this.#deps
    try {
      const settings = this.#deps.settings()
      const isProxied = namedProxies(settings, env).length > 0
      const { TunnelAgent } = isProxied ? await import('./tunnel-agent.ts') : { TunnelAgent: null }
      this.#way = {
        ...settings,
        ca: settings.caFile === null ? null : readCertificates(settings.caFile, env[NODE_CA_VARIABLE] ?? ''),
        tunnel: TunnelAgent && ((options) => new TunnelAgent(options)),
      }
    } catch (error) {
      throw new DaemonError('misconfigured', {
        message: `The way to the network cannot be used: ${error instanceof Error ? error.message : String(error)}.`,
        action: 'Correct the setting or the environment variable, and start the daemon again.',
      })
    }
  }

  /** What connects to this URL (`http`, `https`, `ws`, `wss`); `undefined` for Node's own way. */
  readonly agentFor = (url: string): Agent | undefined => {
    const way = this.#way
    if (way === null) return undefined
    const proxy = way.tunnel === null ? null : proxyFor(url, way, this.#deps.env)
    if (proxy === null) return way.ca === null || /^(?:http|ws):/.test(url) ? undefined : this.#direct(way.ca)
    const known = this.#agents.get(proxy.href)
    if (known !== undefined) return known
    const agent = way.tunnel?.({ proxy, ca: way.ca, tried: (error) => this.#tried(proxy, error) })
    // As many as the config and the environment name: four at most.
    if (agent !== undefined) this.#agents.set(proxy.href, agent)
    return agent
  }

  /** Whether connections to this URL leave without a proxy. Throws where a proxy cannot be used as it is written. */
  isDirect(url: string): boolean {
    const way = this.#way
    return way === null || way.tunnel === null || proxyFor(url, way, this.#deps.env) === null
  }

  /** `fetch` on that way. */
  readonly fetch: Fetch = (url, init) => {
    const agent = this.agentFor(url)
    return agent === undefined ? fetch(url, init) : fetchThrough(() => agent)(url, init)
  }

  /** `fetch` on that way, to the addresses that `refuse` allows; each request has a connection of its own. */
  guarded(refuse: RefuseAddress): Fetch {
    return guardedFetch((url) => this.#ownConnection(url), refuse)
  }

  /** What is kept open for others has been resolved by others. */
  #ownConnection(url: string): Agent {
    const way = this.#way
    const proxy = way?.tunnel == null ? null : proxyFor(url, way, this.#deps.env)
    const shared = proxy === null ? undefined : this.agentFor(url)
    if (shared !== undefined) return shared
    if (/^http:/i.test(url)) return new Agent()
    return new SecureAgent(way?.ca == null ? {} : { ca: way.ca })
  }

  #direct(ca: string[]): Agent {
    const known = this.#agents.get('')
    if (known !== undefined) return known
    const agent = new SecureAgent({ keepAlive: true, ca })
    this.#agents.set('', agent)
    return agent
  }

  /** A proxy that is down for a day is one line. */
  #tried({ href, host }: URL, error: ProxyError | null): void {
    if (error === null) return void this.#failing.delete(href)
    if (this.#failing.has(href)) return
    this.#failing.add(href)
    this.#deps.logger.warn(
      { proxy: host },
      `${error.message}. Its next failures are not logged, until a connection succeeds.`,
    )
  }
}

/** Those of the setting's file and of the variable's, and Node's own, which it would leave out. */
function readCertificates(caFile: string, nodesFile: string): string[] {
  const own = readCertificateFile(caFile, 'whatsappd.caFile')
  return [
    ...rootCertificates,
    own,
    ...(nodesFile === '' ? [] : [readCertificateFile(nodesFile, NODE_CA_VARIABLE)]),
  ]
}

/** The path may hold what only the owner of the config may see: messages name `place`. */
function readCertificateFile(file: string, place: string): string {
  let text: string
  try {
    const stat = statSync(file)
    if (!stat.isFile() || stat.size > MAX_CA_BYTES) throw new Error('it is no file of a usual size')
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new Error(`the file of ${place} cannot be read (${code ?? message})`, { cause: error })
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text
  throw new Error(`the file of ${place} has no certificate in PEM form (-----BEGIN CERTIFICATE-----)`)
}
