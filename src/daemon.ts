import { writtenNumber } from './access/numbers/number-address.ts'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { AccountRegistry } from './accounts/life/account-registry.ts'
import { readHostIdentity } from './accounts/ownership/host-identity.ts'
import { Leases } from './accounts/ownership/leases.ts'
import { StateDirectory } from './accounts/ownership/state-directory.ts'
import { AgentPool } from './agents/agent-pool.ts'
import { Transcription } from './agents/transcription/transcription.ts'
import { AwaitedAnswers } from './agents/answers/awaited-answers.ts'
import { Attachments } from './agents/attachments/attachments.ts'
import { agentDirectories } from './agents/programs/agent-directories.ts'
import { CONNECTORS, createAgent } from './agents/registry.ts'
import { ConfigService } from './config/config-service.ts'
import { AudioConverter } from './agents/audio/audio-converter.ts'
import { SandboxRedactor } from './config/secrets/sandbox-redactor.ts'
import { SecretReader } from './config/secrets/secret-reader.ts'
import { Authenticator } from './control/auth/authenticate.ts'
import { agentsPort } from './control/agents-port.ts'
import { ControlServer } from './control/control-server.ts'
import { EventHub, type EventListener } from './control/events/event-hub.ts'
import { eventSources } from './control/events/event-sources.ts'
import { SqliteEventStore } from './control/events/event-store.ts'
import { InfoFile } from './control/info-file.ts'
import { KeyRing } from './control/auth/key-ring.ts'
import { LocalTokenFile } from './control/auth/local-token-file.ts'
import { LoginLinks } from './control/auth/login-link.ts'
import { RefusedTokens } from './control/auth/refused-tokens.ts'
import { Webhooks } from './control/webhooks/webhooks.ts'
import { shownChanges } from './control/views/shown-changes.ts'
import { OutboundNetwork } from './network/outbound-network.ts'
import { Counts } from './observability/metrics/account-counts.ts'
import { MetricsPage } from './observability/metrics/metrics-page.ts'
import { configFigures } from './config/config-figures.ts'
import { Traces } from './observability/traces/traces.ts'
import { configureLogger, type Logger } from './observability/log/logger.ts'
import type { AccountsPort } from './control/ports.ts'
import { DaemonError } from './protocol/errors.ts'
import { cloudApi } from './transports/cloud-api/cloud-api.ts'
import type { LifeTimings } from './transports/cloud-api/life/business-life.ts'
import { linkedDeviceKind } from './transports/linked-device/linked-device-kind.ts'
import type { LinkedDeviceTimings } from './transports/linked-device/linked-device.ts'
import type { LinkImporter } from './transports/link.ts'
import { baileysImporter } from './transports/linked-device/import/baileys-importer.ts'
import { type Part, StartedParts } from './timing/started-parts.ts'
import type { ConfigProblem } from './protocol/config/config-problem.ts'

export interface DaemonOptions {
  /** Without it the usual places are searched. */
  configPath?: string | undefined
  /** Absolute. Created 0700. */
  stateDir: string
  env: NodeJS.ProcessEnv
  logger: Logger
  version: string
  /** Wins over `whatsappd.listen` of the config. */
  listen?: { host?: string | undefined; port?: number | undefined } | undefined
  /** Mounted beside our own routes; the demo's phones. */
  extraRoutes?: Hono | undefined
  demo?: boolean | undefined
  browserAssetsDirectory?: string | undefined
  /** The page that names the current client version, for tests: it is asked whichever server is configured. */
  versionPage?: string | undefined
  /** The clock of accounts, milliseconds since the epoch; the machine's without it. For the demo, whose days can be short. */
  now?: (() => number) | undefined
  /** Shorter delays, for tests. */
  timings?: LinkedDeviceTimings | undefined
  /** The same for Business numbers. */
  businessTimings?: Partial<LifeTimings> | undefined
}

export interface StartedDaemon {
  host: string
  port: number
  /** Opens the page once, within five minutes. */
  loginLink: string
  /** `problem`: why the file is not in force; `badEntries`: how many of its entries are ignored. */
  config: { path: string; problem: ConfigProblem | null; badEntries: number }
}

export interface Daemon {
  /** Resolves when the control plane answers. Throws `DaemonError` or `StorageError`; nothing is left running then. */
  start(): Promise<StartedDaemon>
  /** Idempotent, in reverse order of the start; never logs out. */
  stop(): Promise<void>
  /** A link that opens the page once, within five minutes. */
  newLoginLink(): string
  /** What the control plane offers for accounts, inside this process. */
  readonly registry: AccountsPort
  /** Everything that is published, QR codes included. Returns unsubscribe. */
  subscribe(listener: EventListener): () => void
  /** Replaces Baileys' sockets. For the process-wide handler of unhandled rejections. */
  replaceSockets(): void
  /** Reads the config file now; it is followed by itself, too. */
  readConfigAgain(): void
}

/** What takes over the links of other programs, for the daemon and the command line. */
export const linkImporter: LinkImporter = baileysImporter()

/** For accounts whose files are read while no daemon runs: they connect to nothing unless they are started. */
export const transportKinds = { linkedDevices: linkedDeviceKind, cloudApi }

/** Puts the parts together. Nothing runs before `start`. */
export function createDaemon(options: DaemonOptions): Daemon {
  return new ComposedDaemon(options)
}

class ComposedDaemon implements Daemon {
  readonly registry: AccountRegistry
  readonly #options: DaemonOptions
  readonly #events: EventHub
  readonly #config: ConfigService
  readonly #secrets: SecretReader
  readonly #leases: Leases
  readonly #counts = new Counts()
  readonly #traces: Traces
  readonly #network: OutboundNetwork
  readonly #agents: AgentPool
  readonly #audio: AudioConverter
  readonly #transcription: Transcription
  readonly #answers = new AwaitedAnswers()
  readonly #attachments: Attachments
  readonly #redactor: SandboxRedactor
  readonly #loginLinks = new LoginLinks()
  readonly #authenticator: Authenticator
  readonly #webhooks: Webhooks
  readonly #control: ControlServer
  /** In the order of the start. The parts of one group start in one turn of the event loop. */
  readonly #groups: readonly (readonly Part[])[]
  readonly #parts = new StartedParts()
  #isStarting = true
  readonly #judgeTokens = (): void => this.#authenticator.sourcesChanged()

  constructor(options: DaemonOptions) {
    this.#options = options
    const { stateDir, env, logger } = options
    const store = new SqliteEventStore(join(stateDir, 'daemon.db'), {
      logger,
      now: Date.now,
      follower: () => this.#webhooks,
    })
    this.#events = new EventHub({ store, logger, ...eventSources(() => this.registry) })
    this.#config = new ConfigService({
      configPath: options.configPath,
      stateDir,
      env,
      logger,
      connectors: CONNECTORS,
      wantsAssistant: options.demo !== true, // the demo answers with an echo, and says so
    })
    this.#secrets = new SecretReader({ env, logger })
    this.#leases = new Leases({ settings: () => this.#config.running.lock, secrets: this.#secrets })
    this.#network = new OutboundNetwork({
      settings: () => {
        const { proxy, noProxy, caFile } = this.#config.running
        return { proxy: proxy && this.#secrets.read(proxy), noProxy, caFile }
      },
      env,
      logger,
    })
    this.#attachments = new Attachments({
      accounts: () => this.#config.current.accounts,
      answers: this.#answers,
      changed: (account) => this.registry.assistantChanged(account),
      logger,
    })
    this.#audio = new AudioConverter({ environment: env })
    this.#agents = this.#createAgents()
    this.#transcription = new Transcription({
      accounts: () => this.#config.current.accounts,
      secrets: this.#secrets,
      fetch: this.#network.fetch,
      changed: (account) => this.registry.assistantChanged(account),
      logger,
    })
    const localToken = new LocalTokenFile({ stateDirectory: stateDir, logger, changed: this.#judgeTokens })
    const { agentFor } = this.#network
    this.#traces = new Traces({ ...options, agentFor, secret: () => localToken.read() })
    this.#authenticator = this.#createAuthenticator(localToken)
    this.#redactor = this.#createRedactor(() => localToken.read())
    this.registry = this.#createAccounts()
    this.#webhooks = this.#createWebhooks(store)
    this.#control = this.#createControl()
    const info = new InfoFile(join(stateDir, 'daemon.json'), { address: () => this.#control.address, logger })
    this.#groups = [
      [new StateDirectory(stateDir)],
      [store, this.#events],
      [{ start: () => this.#config.repair() }, this.#config],
      [this.#leases, this.#network, { start: () => this.#followConfig() }, localToken, this.#traces],
      // The port first: without it nothing connects to WhatsApp. In the same turn, so that clients find the accounts, which open next.
      [this.#control, this.#agents, this.registry],
      // Webhooks may carry texts, which the accounts have.
      [{ start: () => this.registry.settled() }, this.#webhooks, info],
    ]
  }

  async start(): Promise<StartedDaemon> {
    await this.#parts.start(this.#groups, () => new DaemonError('stopping'))
    this.#isStarting = false
    const [problem = null] = this.#config.problems
    const { path, current } = this.#config
    return {
      ...this.#control.address,
      loginLink: this.newLoginLink(),
      config: { path, problem, badEntries: current.badEntries?.total ?? 0 },
    }
  }

  stop(): Promise<void> {
    return this.#parts.stop()
  }

  newLoginLink(): string {
    return this.#control.newLoginLink().link
  }

  subscribe(listener: EventListener): () => void {
    return this.#events.subscribe(listener)
  }

  replaceSockets(): void {
    this.registry.replaceConnections()
  }

  readConfigAgain(): void {
    this.#options.logger.info('the config file is read again, as SIGHUP asks for')
    this.#config.readAgain()
  }

  #followConfig(): void {
    const { logger } = this.#options
    configureLogger(logger, this.#config.running.log, this.#config.current.variables)
    this.#config.onApplied((current, changed) => {
      configureLogger(logger, this.#config.running.log, current.variables)
      this.#agents.configChanged()
      this.#attachments.configChanged()
      this.registry.configChanged()
      this.#webhooks.configChanged()
      this.#judgeTokens()
      const total = current.badEntries?.total
      const { needsRestart } = this.#config
      this.#events.publish('config.applied', {
        revision: current.revision,
        ...shownChanges(changed),
        ...(total !== undefined && { entryProblems: total }),
        ...(needsRestart.length > 0 && { needsRestart: [...needsRestart] }),
      })
    })
    this.#config.onRejected((problem) => this.#events.publish('config.rejected', problem))
  }

  #createAccounts(): AccountRegistry {
    const { stateDir, env, logger, businessTimings } = this.#options
    const parts = { config: this.#config, secrets: this.#secrets, network: this.#network }
    return new AccountRegistry({
      counts: this.#counts,
      traces: (account, shown) => this.#traces.of(account, shown),
      stateDir,
      config: () => this.#config.current,
      lease: (directory) => this.#leases.of(directory),
      host: () => readHostIdentity(this.#config.running.instanceId, env),
      publish: (name, payload) => this.#events.publish(name, payload),
      eventLog: this.#events,
      eraseEvents: (account, names) => this.#events.erase(account, names),
      transports: {
        'linked-device': linkedDeviceKind({ ...this.#options, ...parts, isStarting: () => this.#isStarting }),
        'cloud-api': cloudApi({ ...parts, logger, registry: () => this.registry, timings: businessTimings }),
      },
      importer: linkImporter,
      allowPerson: async (account, entry) => {
        await this.#config.addAllowFrom([writtenNumber(entry)], { account })
        this.registry.allowAgain(account, [entry])
      },
      agentFor: (account, id) => this.#agents.agent(account, id),
      agentHealth: (account) => this.#agents.health(account),
      redactor: () => this.#redactor.current,
      transcription: this.#transcription,
      audio: this.#audio,
      logger,
      now: this.#options.now ?? Date.now,
      random: Math.random,
    })
  }

  #createAgents(): AgentPool {
    const { env, logger, stateDir } = this.#options
    return new AgentPool({
      accounts: () => this.#config.current.accounts,
      create: (id, settings, shown, account) =>
        createAgent(id, settings, {
          secrets: this.#secrets,
          shown,
          fetch: this.#network.fetch,
          programs: { account, environment: env, stateDirectory: stateDir },
          audio: this.#audio,
          attachments: this.#attachments,
          answers: this.#answers,
          logger: logger.child({ account }),
          askOwner: (question) => this.registry.askOwner(question),
        }),
      changed: (account) => this.registry.assistantChanged(account),
      counts: (account, agent) => this.#counts.of(account).agent(agent),
      logger,
    })
  }

  #createRedactor(localToken: () => string | null): SandboxRedactor {
    const { env, stateDir: stateDirectory } = this.#options
    return new SandboxRedactor({
      config: () => this.#config.current,
      configPath: () => this.#config.path,
      stateDirectory,
      env,
      secrets: this.#secrets,
      agentDirectories: ({ accounts }) => agentDirectories(accounts, { environment: env, stateDirectory }),
      localToken,
      connectedSecrets: () => this.registry.businessSecrets(),
      isOwnToken: (text) => this.#authenticator.isCredential(text),
    })
  }

  #createAuthenticator(localToken: LocalTokenFile): Authenticator {
    const { logger } = this.#options
    const keys = new KeyRing({
      settings: () => this.#config.running.auth,
      secrets: this.#secrets,
      logger,
    })
    const now = (): Date => new Date()
    const refused = new RefusedTokens({ logger, now })
    return new Authenticator({
      readLocalToken: () => localToken.read(),
      isTokenWatched: () => localToken.isSettled,
      loginLinks: this.#loginLinks,
      keys,
      refused,
      now,
    })
  }

  #createWebhooks(store: SqliteEventStore): Webhooks {
    const { logger, version } = this.#options
    return new Webhooks({
      config: () => this.#config.current,
      store,
      events: this.#events,
      accounts: this.registry,
      traceparentOf: (account, about) => this.registry.conversations(account).traceparentOf(about),
      network: this.#network,
      ownAddress: () => this.#control.address,
      secrets: this.#secrets,
      version,
      logger,
    })
  }

  #createMetrics(): MetricsPage {
    const { stateDir, version, now = Date.now } = this.#options
    return new MetricsPage({
      counts: this.#counts,
      accounts: () => this.registry.figures(),
      agents: () => this.#agents.health(),
      process: () => ({ webSocketClients: this.#control.clients, config: configFigures(this.#config) }),
      stateDirectory: stateDir,
      version,
      now,
    })
  }

  #createControl(): ControlServer {
    const { listen, logger, version, extraRoutes, demo = false, browserAssetsDirectory } = this.#options
    const config = this.#config
    return new ControlServer({
      accounts: this.registry,
      agents: agentsPort({ attachments: this.#attachments, answers: this.#answers, pool: this.#agents }),
      webhooks: this.#webhooks,
      metrics: this.#createMetrics(),
      config,
      configPath: () => config.path,
      events: this.#events,
      authenticator: this.#authenticator,
      loginLinks: this.#loginLinks,
      logger,
      version,
      allowedOrigins: () => config.running.allowedOrigins,
      listen: () => {
        const { host, port } = config.running.listen
        return { host: listen?.host ?? host, port: listen?.port ?? port }
      },
      extraRoutes,
      demo,
      browserAssetsDirectory,
    })
  }
}
