import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClientOptions } from 'ws'
import type { AuthConfig } from '../../../src/config/auth-config.ts'
import { SecretReader } from '../../../src/config/secrets/secret-reader.ts'
import { Authenticator } from '../../../src/control/auth/authenticate.ts'
import type { Identity, Refusal } from '../../../src/control/auth/authenticate.ts'
import { RefusedTokens } from '../../../src/control/auth/refused-tokens.ts'
import { agentsPort } from '../../../src/control/agents-port.ts'
import { ControlServer } from '../../../src/control/control-server.ts'
import type { ControlServerDeps } from '../../../src/control/control-server.ts'
import { EventHub } from '../../../src/control/events/event-hub.ts'
import { SqliteEventStore } from '../../../src/control/events/event-store.ts'
import { KeyRing } from '../../../src/control/auth/key-ring.ts'
import { LoginLinks } from '../../../src/control/auth/login-link.ts'
import { AwaitedAnswers } from '../../../src/agents/answers/awaited-answers.ts'
import { Attachments } from '../../../src/agents/attachments/attachments.ts'
import type { AgentsPort } from '../../../src/control/ports.ts'
import { createLogger, type Logger } from '../../../src/observability/log/logger.ts'
import type { Scope } from '../../../src/protocol/tokens/scopes.ts'
import { FakeConfig } from './fake-config.ts'
import { FakeAccounts } from './fake-ports.ts'
import { FakeWebhooks } from './fake-webhooks.ts'
import { WireClient } from './wire-client.ts'

export const LOCAL_TOKEN = 'local-token-of-this-test'

/** Tokens with fewer scopes than the daemon itself issues, as `scoped:read,link`. */
class ScopedAuthenticator extends Authenticator {
  override async authenticate(token: string): Promise<Identity | Refusal> {
    if (!token.startsWith('scoped:')) return super.authenticate(token)
    const scopes = token.slice('scoped:'.length).split(',') as Scope[]
    return { kind: 'session', holder: token, scopes, expiresAt: null, holds: () => true }
  }
}

export interface Harness {
  server: ControlServer
  hub: EventHub
  store: SqliteEventStore
  accounts: FakeAccounts
  config: FakeConfig
  loginLinks: LoginLinks
  directory: string
  host: string
  port: number
  http: string
  log: () => string
  connect(options?: ClientOptions & { protocols?: string[] }): WireClient
  /** A client that has authenticated with the local token. */
  ready(token?: string): Promise<WireClient>
  stop(): Promise<void>
}

interface HarnessOptions {
  directory?: string
  /** `whatsappd.auth`; that of the harness's own config by default. */
  authSettings?: () => AuthConfig
  /** Where `{env}` references lead. */
  env?: NodeJS.ProcessEnv
  /** The token file; the local token by default. */
  readLocalToken?: () => string | null
}

/** A real server on a port of its own, with a real `daemon.db`; only the daemon behind the ports is a fake of ours. */
export async function startHarness(
  overrides: Partial<ControlServerDeps> & HarnessOptions = {},
): Promise<Harness> {
  const directory = overrides.directory ?? mkdtempSync(join(tmpdir(), 'whatsappd-control-'))
  const accounts = new FakeAccounts()
  const config = new FakeConfig()
  let log = ''
  const logger = createLogger({
    level: 'debug',
    format: 'json',
    destination: { write: (line) => void (log += line) },
  })
  const store = new SqliteEventStore(join(directory, 'daemon.db'), { logger, now: Date.now })
  store.start()
  const hub = new EventHub({ store, logger })
  hub.start()
  const loginLinks = overrides.loginLinks ?? new LoginLinks()
  const authenticator = new ScopedAuthenticator({
    readLocalToken: overrides.readLocalToken ?? (() => LOCAL_TOKEN),
    loginLinks,
    keys: new KeyRing({
      settings: overrides.authSettings ?? (() => config.current.daemon.auth),
      secrets: new SecretReader({ env: overrides.env ?? {}, logger }),
      logger,
    }),
    refused: new RefusedTokens({ logger, now: overrides.now ?? (() => new Date()) }),
    now: overrides.now ?? (() => new Date()),
  })
  const server = new ControlServer({
    accounts,
    agents: agentsOf(logger),
    webhooks: new FakeWebhooks(),
    metrics: { read: () => Promise.resolve('whatsappd_build_info 1\n') },
    config,
    events: hub,
    authenticator,
    logger,
    version: '1.2.3',
    allowedOrigins: () => ['https://dashboard.example'],
    listen: () => ({ host: '127.0.0.1', port: 0 }),
    ...overrides,
    loginLinks,
  })
  await server.start()
  const { host, port } = server.address
  const clients: WireClient[] = []
  const connect = (options?: ClientOptions & { protocols?: string[] }): WireClient => {
    const client = new WireClient(`ws://${host}:${port}/v1/ws`, options)
    clients.push(client)
    return client
  }
  return {
    server,
    hub,
    store,
    accounts,
    config,
    loginLinks,
    directory,
    host,
    port,
    http: `http://${host}:${port}`,
    log: () => log,
    connect,
    async ready(token = LOCAL_TOKEN) {
      const client = connect()
      await client.authenticate(token)
      return client
    },
    async stop() {
      for (const client of clients) client.close()
      await server.stop()
      hub.stop()
      store.stop()
      if (overrides.directory === undefined) rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** The real hub, for an agent `ada` of the account `default` to which a program may attach. */
function agentsOf(logger: Logger): AgentsPort {
  const answers = new AwaitedAnswers()
  const attachments = new Attachments({
    accounts: () => ({ default: { agents: { ada: { connector: 'websocket', settings: {} } } } }),
    answers,
    changed: () => {},
    logger,
  })
  return agentsPort({ attachments, answers, pool: { list: () => [] } })
}
