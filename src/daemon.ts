import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { AccountRegistry } from './accounts/life/account-registry.ts'
import type { AccountDependencies } from './accounts/life/account-dependencies.ts'
import { readHostIdentity } from './accounts/ownership/host-identity.ts'
import { Leases } from './accounts/ownership/leases.ts'
import { AgentPool } from './agents/agent-pool.ts'
import { createAgent } from './agents/create-agent.ts'
import { ConfigService } from './config/config-service.ts'
import { SecretReader } from './config/secrets/secret-reader.ts'
import { Authenticator } from './control/auth/authenticate.ts'
import { ControlServer } from './control/control-server.ts'
import { EventHub, type EventListener } from './control/events/event-hub.ts'
import { SqliteEventStore } from './control/events/event-store.ts'
import { InfoFile } from './control/info-file.ts'
import { KeyRing } from './control/auth/key-ring.ts'
import { LocalTokenFile } from './control/auth/local-token-file.ts'
import { LoginLinks } from './control/auth/login-link.ts'
import { shownChanges } from './control/events/shown-changes.ts'
import { configureLogger, type Logger } from './observability/log/logger.ts'
import type { AccountsPort } from './control/ports.ts'
import { DaemonError } from './protocol/errors.ts'
import type { ConfigProblem } from './protocol/config-problem.ts'
import { ExclusiveLock, LockHeldError } from './storage/files/exclusive-lock.ts'
import { openPrivateDirectory, refuseLooseDirectory } from './storage/files/private-directory.ts'

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
  /** Shorter delays, for tests. */
  timings?: AccountDependencies['timings'] | undefined
}

export interface StartedDaemon {
  host: string
  port: number
  /** Opens the page once, within five minutes. */
  loginLink: string
  /** `problem`: why the file is not in force; `badEntries`: how many entries of it count for nobody. */
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
  /** For the process-wide handler of rejections that nobody caught: Baileys' sockets are replaced. */
  replaceSockets(): void
}

/** Puts the parts together. Nothing runs before `start`. */
export function createDaemon(options: DaemonOptions): Daemon {
  return new ComposedDaemon(options)
}

class ComposedDaemon implements Daemon {
  readonly registry: AccountRegistry
  readonly #options: DaemonOptions
  readonly #store: SqliteEventStore
  readonly #events: EventHub
  readonly #config: ConfigService
  readonly #secrets: SecretReader
  readonly #agents: AgentPool
  /** What undoes the steps of the start, in their order. */
  readonly #undo: (() => void | Promise<void>)[] = []
  #control: ControlServer | null = null
  #leases: Leases | null = null
  #stopped: Promise<void> | null = null

  constructor(options: DaemonOptions) {
    this.#options = options
    const { stateDir, env, logger } = options
    this.#store = new SqliteEventStore(join(stateDir, 'daemon.db'), { logger, now: Date.now })
    this.#events = new EventHub({
      store: this.#store,
      logger,
      beforeDelivery: () => this.registry.commit(),
    })
    this.#config = new ConfigService({ configPath: options.configPath, stateDir, env, logger })
    this.#secrets = new SecretReader({ env, logger })
    this.#agents = new AgentPool({
      accounts: () => this.#config.current.accounts,
      create: (id, settings) => createAgent(id, settings, this.#secrets),
      logger,
    })
    this.registry = new AccountRegistry({
      stateDir,
      config: () => this.#config.current,
      lease: (directory) => this.#leases?.of(directory) ?? null,
      host: () => readHostIdentity(this.#config.current.daemon.instanceId, env),
      publish: (name, payload) => this.#events.publish(name, payload),
      timings: options.timings ?? {},
      agentFor: (account, id) => this.#agents.agent(account, id),
      logger,
      now: Date.now,
      random: Math.random,
    })
  }

  async start(): Promise<StartedDaemon> {
    const { stateDir } = this.#options
    try {
      openPrivateDirectory(stateDir)
      const accounts = join(stateDir, 'accounts')
      if (existsSync(accounts)) refuseLooseDirectory(accounts)
      this.#lockStateDir()
      this.#begin(this.#store)
      this.#begin(this.#events)
      this.#config.repair()
      await this.#config.start()
      this.#undo.push(() => this.#config.stop())
      this.#prepareLeases()
      this.#followConfig()
      const control = this.#createControl()
      this.#control = control
      const address = await control.start()
      this.#undo.push(() => control.stop())
      this.#begin(this.#agents)
      this.#begin(this.registry)
      await this.registry.settled()
      const infoFile = new InfoFile(join(stateDir, 'daemon.json'), this.#options.logger)
      infoFile.start(address)
      this.#undo.push(() => infoFile.stop())
      const [problem = null] = this.#config.problems
      return {
        ...address,
        loginLink: control.newLoginLink().link,
        config: {
          path: this.#config.path,
          problem,
          badEntries: this.#config.current.badEntries?.total ?? 0,
        },
      }
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= (async () => {
      for (const undo of this.#undo.toReversed()) await undo()
    })()
    return this.#stopped
  }

  newLoginLink(): string {
    if (this.#control === null) throw new Error('the daemon has not started')
    return this.#control.newLoginLink().link
  }

  subscribe(listener: EventListener): () => void {
    return this.#events.subscribe(listener)
  }

  replaceSockets(): void {
    this.registry.replaceSockets()
  }

  /** One daemon a state directory: two would number the same events twice and speak for each other. */
  #lockStateDir(): void {
    const { stateDir } = this.#options
    const lock = new ExclusiveLock(stateDir)
    try {
      lock.acquire()
    } catch (error) {
      if (!(error instanceof LockHeldError)) throw error
      throw new DaemonError('owner_busy', {
        message: `Another whatsappd uses the state directory ${stateDir} (${error.message}).`,
        action: 'Stop it, or give this one a directory of its own with --state-dir.',
        ...(error.holder === null ? {} : { details: { ...error.holder } }),
        cause: error,
      })
    }
    this.#undo.push(() => lock.release())
  }

  /** A change of the setting counts from the next start. */
  #prepareLeases(): void {
    const { lease } = this.#config.current.daemon
    if (lease === null) return
    const leases = new Leases(lease, this.#secrets)
    this.#leases = leases
    this.#undo.push(() => leases.stop())
  }

  #begin(part: { start(): void; stop(): void | Promise<void> }): void {
    part.start()
    this.#undo.push(() => part.stop())
  }

  #followConfig(): void {
    const { logger } = this.#options
    configureLogger(logger, this.#config.current.daemon.log)
    this.#config.onApplied((current, changed) => {
      configureLogger(logger, current.daemon.log)
      this.#agents.configChanged()
      this.registry.configChanged()
      const total = current.badEntries?.total
      this.#events.publish('config.applied', {
        revision: current.revision,
        ...shownChanges(changed),
        ...(total !== undefined && { entryProblems: total }),
      })
    })
    this.#config.onRejected((problem) => this.#events.publish('config.rejected', problem))
  }

  #createAuthenticator(loginLinks: LoginLinks): Authenticator {
    const { stateDir, logger } = this.#options
    const localToken = new LocalTokenFile({ stateDirectory: stateDir, logger })
    localToken.start()
    return new Authenticator({
      readLocalToken: () => localToken.read(),
      loginLinks,
      keys: new KeyRing({
        settings: () => this.#config.current.daemon.auth,
        secrets: this.#secrets,
        logger,
      }),
      now: () => new Date(),
    })
  }

  #createControl(): ControlServer {
    const { listen, logger, version, extraRoutes, demo, browserAssetsDirectory } = this.#options
    const config = this.#config
    const loginLinks = new LoginLinks()
    const settings = config.current.daemon.listen
    return new ControlServer({
      accounts: this.registry,
      config,
      configPath: () => config.path,
      events: this.#events,
      authenticator: this.#createAuthenticator(loginLinks),
      loginLinks,
      logger,
      version,
      allowedOrigins: () => config.current.daemon.allowedOrigins,
      listen: { host: listen?.host ?? settings.host, port: listen?.port ?? settings.port },
      extraRoutes,
      demo: demo ?? false,
      browserAssetsDirectory,
    })
  }
}
