import type { Server } from 'node:http'
import type { Hono } from 'hono'
import type { Logger } from 'pino'
import type { ConfigEditor, ConfigSource } from '../config/model.ts'
import { AttemptLimit } from './auth/attempt-limit.ts'
import type { Authenticator } from './auth/authenticate.ts'
import { findBrowserAssets } from './http/routes/browser-assets.ts'
import { BodyTime } from './http/body-time.ts'
import { createHttpServer } from './http/create-http-server.ts'
import { Dispatcher } from './websocket/dispatcher.ts'
import { EditBudget } from './limits/edit-budget.ts'
import type { EventHub } from './events/event-hub.ts'
import { agentHandlers } from './handlers/agent.ts'
import { agentsHandlers } from './handlers/agents.ts'
import { refusedParts } from './handlers/refused-parts.ts'
import { accountsHandlers } from './handlers/accounts.ts'
import { blockedNumbers } from './views/recently-blocked.ts'
import { conversationsHandlers } from './handlers/conversations.ts'
import { configHandlers } from './handlers/config.ts'
import { messagesHandlers } from './handlers/messages.ts'
import { outboxHandlers } from './handlers/outbox.ts'
import { pairingHandlers } from './handlers/pairing.ts'
import { sessionHandlers } from './handlers/session.ts'
import { templatesHandlers } from './handlers/templates.ts'
import { usageHandlers } from './handlers/usage.ts'
import { webhooksHandlers } from './handlers/webhooks.ts'
import type { HttpRoutesDeps } from './http/routes/route.ts'
import { requestListener } from './http/request-listener.ts'
import { logLosses } from '../observability/log/logger.ts'
import { HolderLimits } from './limits/holder-limits.ts'
import { controlLimits, descriptorLimit } from './limits/limits.ts'
import type { ControlLimits } from './limits/limits.ts'
import { isHostAllowed } from './http/is-host-allowed.ts'
import { listen } from './http/listen.ts'
import type { ListenAddress } from './http/listen.ts'
import { LogAllowance } from './limits/log-allowance.ts'
import type { LoginLinks } from './auth/login-link.ts'
import { reachableHost } from './http/reachable-host.ts'
import type { AccountsPort, AgentsPort, MetricsPort, WebhooksPort } from './ports.ts'
import { KeyedBuckets } from './limits/keyed-buckets.ts'
import type { AuthReport } from './views/build-config-view.ts'
import { WebSocketEndpoint } from './websocket/websocket-endpoint.ts'

export interface ControlServerDeps {
  accounts: AccountsPort
  agents: AgentsPort
  webhooks: WebhooksPort
  metrics: MetricsPort
  config: ConfigSource & ConfigEditor
  /** The config file's path for `config.get`; `null` where there is none. */
  configPath?: () => string | null
  events: EventHub
  authenticator: Authenticator
  loginLinks: LoginLinks
  logger: Logger
  version: string
  /** Asked for every request, so that an edit of the config holds at once. Exact origins. */
  allowedOrigins: () => readonly string[]
  /** Where to listen, asked once at the start. */
  listen: () => ListenAddress
  /** Mounted at `/`, after our own routes. */
  extraRoutes?: Hono | undefined
  demo?: boolean
  /** `dist/browser` of this tree by default. */
  browserAssetsDirectory?: string | undefined
  now?: () => Date
  limits?: Partial<ControlLimits>
}

const MAX_SHOWN_ORIGIN = 253
const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]']

/** The control plane: JSON-RPC over WebSocket at `/v1/ws`, and the page, the card and the probes over HTTP. */
export class ControlServer {
  readonly #deps: ControlServerDeps
  readonly #now: () => Date
  readonly #attempts: AttemptLimit
  readonly #failures: LogAllowance
  readonly #refusedOrigins: LogAllowance
  readonly #limits: ControlLimits
  readonly #holders: HolderLimits
  readonly #publicRequests: KeyedBuckets
  readonly #bodies: BodyTime
  #http: Server | null = null
  #endpoint: WebSocketEndpoint | null = null
  #address: ListenAddress | null = null

  constructor(deps: ControlServerDeps) {
    this.#deps = deps
    this.#now = deps.now ?? (() => new Date())
    this.#attempts = new AttemptLimit(this.#now)
    this.#failures = new LogAllowance(this.#now)
    this.#refusedOrigins = new LogAllowance(this.#now)
    this.#limits = { ...controlLimits(descriptorLimit()), ...deps.limits }
    this.#publicRequests = new KeyedBuckets(this.#limits.publicRequests)
    this.#bodies = new BodyTime(this.#limits)
    this.#holders = new HolderLimits(this.#limits.connections, this.#now)
  }

  /** Resolves when requests are served. Throws `DaemonError` (`misconfigured`) when the address cannot be had. */
  async start(): Promise<void> {
    const dispatcher = this.#createDispatcher()
    const endpoint = this.#createEndpoint(dispatcher)
    const http = createHttpServer(
      requestListener(this.#routesDeps(dispatcher)),
      (request, socket, head) => endpoint.handleUpgrade(request, socket, head),
      { ...this.#limits, bodies: this.#bodies },
    )
    this.#address = await listen(http, this.#deps.listen())
    // The log says which keys cannot be used, also before somebody comes with a token.
    this.#deps.authenticator.refresh()
    this.#http = http
    this.#endpoint = endpoint
  }

  /** Where it listens. Throws while it does not. */
  get address(): ListenAddress {
    if (this.#address === null) throw new Error('the control plane has not started')
    return this.#address
  }

  /** Open WebSockets. */
  get clients(): number {
    return this.#endpoint?.clients ?? 0
  }

  /** Tells every subscriber `server.stopping`, closes all sockets and the port. Idempotent; takes about a second at most. */
  async stop(reason = 'shutdown'): Promise<void> {
    const http = this.#http
    this.#http = null
    if (http === null) return
    this.#deps.events.publish('server.stopping', { reason })
    this.#deps.events.flush()
    const closed = new Promise<void>((resolve) => http.close(() => resolve()))
    await this.#endpoint?.stop()
    http.closeAllConnections()
    await closed
    this.#address = null
  }

  /** A link that opens the page once, within five minutes. Its code is in the fragment, which never leaves the browser. */
  newLoginLink(): { link: string; expiresAt: Date } {
    const { host, port } = this.address
    const { value, expiresAt } = this.#deps.loginLinks.createCode()
    return { link: `http://${reachableHost(host)}:${port}/#code=${value}`, expiresAt }
  }

  #createDispatcher(): Dispatcher {
    const { accounts, agents, authenticator, config, events, logger, webhooks } = this.#deps
    const now = this.#now
    const configPath = this.#deps.configPath ?? (() => null)
    const authReport = (): AuthReport => authenticator.report()
    const editBudget = new EditBudget(now)
    const handlers = {
      ...sessionHandlers({
        accounts,
        authenticator,
        config,
        configPath,
        authReport,
        events,
        newLoginLink: () => this.newLoginLink(),
        now,
      }),
      ...accountsHandlers({ accounts, config, editBudget, logLosses: () => logLosses(logger) }),
      ...configHandlers({
        accounts,
        config,
        configPath,
        editBudget,
        authReport,
        blockedNumbers: (account) => blockedNumbers(events, account),
      }),
      ...outboxHandlers({ accounts, config }),
      ...agentHandlers({ agents, config }),
      ...pairingHandlers({ accounts, config, editBudget }),
      ...messagesHandlers({ accounts, config }),
      ...webhooksHandlers({ webhooks }),
      ...conversationsHandlers({ accounts, config }),
      ...templatesHandlers({ accounts, config }),
      ...usageHandlers({ accounts, config, now }),
      ...agentsHandlers({ agents, config }),
    }
    return new Dispatcher(handlers, refusedParts({ agents }), logger, () => accounts.commit())
  }

  #createEndpoint(dispatcher: Dispatcher): WebSocketEndpoint {
    const { authenticator, events, logger, version } = this.#deps
    return new WebSocketEndpoint({
      attempts: this.#attempts,
      authenticator,
      dispatcher,
      events,
      isOriginAllowed: (origin) => this.#isOriginAllowed(origin),
      holders: this.#holders,
      limits: this.#limits,
      logger,
      now: this.#now,
      version,
    })
  }

  #routesDeps(dispatcher: Dispatcher): HttpRoutesDeps {
    const { accounts, agents, authenticator, loginLinks, logger, metrics, extraRoutes } = this.#deps
    return {
      metrics,
      attempts: this.#attempts,
      holders: this.#holders,
      takePublicRequest: (source) => this.#publicRequests.take(source, this.#now().getTime()),
      accounts,
      agents,
      authenticator,
      dispatcher,
      loginLinks,
      allowLongBody: (request) => this.#bodies.allowLong(request),
      isOriginAllowed: (origin) => this.#isOriginAllowed(origin),
      isHostAllowed: (host) =>
        isHostAllowed(host, { listenHost: this.address.host, allowedOrigins: this.#deps.allowedOrigins() }),
      version: this.#deps.version,
      newLoginLink: () => this.newLoginLink(),
      browserAssetsDirectory: this.#deps.browserAssetsDirectory ?? findBrowserAssets(),
      demo: this.#deps.demo ?? false,
      extraRoutes: extraRoutes ?? null,
      onUnexpectedError: (error) =>
        this.#failures.line((leftOut) => logger.error({ err: error, leftOut }, 'an HTTP request failed')),
    }
  }

  #isOriginAllowed(origin: string | undefined): boolean {
    const { port } = this.address
    const isAllowed = isOriginAllowed(origin, { port, allowedOrigins: this.#deps.allowedOrigins() })
    // A browser tells its page nothing of the reason, so that the developer looks here.
    if (!isAllowed && origin !== undefined)
      this.#refusedOrigins.line((leftOut) =>
        this.#deps.logger.warn(
          {
            reason: 'origin_not_allowed',
            origin: shownOrigin(origin),
            action: 'If this page may connect, add its origin to whatsappd.allowedOrigins, exactly so.',
            leftOut,
          },
          'a page of an origin that is not allowed was refused',
        ),
      )
    return isAllowed
  }
}

/** The header may hold anything; what is no origin is not repeated. */
function shownOrigin(origin: string): string {
  return origin.length <= MAX_SHOWN_ORIGIN && URL.canParse(origin) ? new URL(origin).origin : 'not an origin'
}

/**
 * Whether a request with this `Origin` header is served. A browser cannot forge the header, so this keeps foreign web
 * pages out; other programs send none and are judged by their token alone. Matching is exact, never by suffix.
 */
function isOriginAllowed(
  origin: string | undefined,
  listening: { port: number; allowedOrigins: readonly string[] },
): boolean {
  if (origin === undefined) return true
  if (listening.allowedOrigins.includes(origin)) return true
  return LOOPBACK_HOSTS.some((host) => origin === `http://${host}:${listening.port}`)
}
