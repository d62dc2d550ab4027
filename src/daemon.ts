import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { AccountRegistry } from './accounts/account-registry.ts'
import type { AccountDependencies } from './accounts/account.ts'
import { createAgent } from './agents/create-agent.ts'
import { ConfigService } from './config/config-service.ts'
import { Authenticator } from './control/authenticate.ts'
import { ControlServer } from './control/control-server.ts'
import { EventHub, type EventListener } from './control/event-hub.ts'
import { SqliteEventStore } from './control/event-store.ts'
import { ensureLocalToken } from './control/local-token.ts'
import { LoginLinks } from './control/login-link.ts'
import { configureLogger, type Logger } from './observability/logger.ts'
import type { AccountsPort } from './control/ports.ts'
import { openPrivateDirectory } from './storage/private-directory.ts'

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

export interface Daemon {
  /** Resolves when the control plane answers. Throws `DaemonError` or `StorageError`; nothing is left running then. */
  start(): Promise<{ host: string; port: number; loginLink: string }>
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
  const { stateDir, env, logger, version } = options
  const store = new SqliteEventStore(join(stateDir, 'daemon.db'))
  const events = new EventHub({ store, logger })
  const config = new ConfigService({ configPath: options.configPath, stateDir, env, logger })
  const registry = new AccountRegistry({
    stateDir,
    config: () => config.current,
    publish: (name, payload) => events.publish(name, payload),
    timings: options.timings ?? {},
    agentFor: (account, id) => createAgent(account, id, env),
    logger,
    now: Date.now,
    random: Math.random,
  })
  const infoFile = join(stateDir, 'daemon.json')
  const stops: (() => void | Promise<void>)[] = []
  let control: ControlServer | null = null
  let stopped: Promise<void> | null = null

  const stop = (): Promise<void> => {
    stopped ??= (async () => {
      for (const undo of stops.toReversed()) await undo()
    })()
    return stopped
  }

  const start: Daemon['start'] = async () => {
    try {
      openPrivateDirectory(stateDir)
      store.start()
      stops.push(() => store.stop())
      events.start()
      stops.push(() => events.stop())
      await config.start()
      stops.push(() => config.stop())
      configureLogger(logger, config.current.daemon.log)
      config.onApplied((current, changed) => {
        configureLogger(logger, current.daemon.log)
        registry.configChanged()
        events.publish('config.applied', { revision: current.revision, changed: [...changed] })
      })
      config.onRejected((problem) => events.publish('config.rejected', problem))
      const loginLinks = new LoginLinks()
      control = new ControlServer({
        accounts: registry,
        config,
        configPath: () => config.path,
        events,
        authenticator: new Authenticator({ localToken: ensureLocalToken(stateDir), loginLinks }),
        loginLinks,
        logger,
        version,
        allowedOrigins: () => config.current.daemon.allowedOrigins,
        listen: {
          host: options.listen?.host ?? config.current.daemon.listen.host,
          port: options.listen?.port ?? config.current.daemon.listen.port,
        },
        extraRoutes: options.extraRoutes,
        demo: options.demo ?? false,
        browserAssetsDirectory: options.browserAssetsDirectory,
      })
      const server = control
      const address = await server.start()
      stops.push(() => server.stop())
      registry.start()
      stops.push(() => registry.stop())
      writeFileSync(infoFile, JSON.stringify({ ...address, pid: process.pid }), { mode: 0o600 })
      stops.push(() => rmSync(infoFile, { force: true }))
      return { ...address, loginLink: server.newLoginLink().link }
    } catch (error) {
      await stop()
      throw error
    }
  }

  return {
    start,
    stop,
    newLoginLink: () => {
      if (control === null) throw new Error('the daemon has not started')
      return control.newLoginLink().link
    },
    registry,
    subscribe: (listener) => events.subscribe(listener),
    replaceSockets: () => registry.replaceSockets(),
  }
}
