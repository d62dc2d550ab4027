import type { IncomingMessage } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import type { AttemptLimit } from '../../auth/attempt-limit.ts'
import type { Authenticator, Identity } from '../../auth/authenticate.ts'
import type { LoginLinks } from '../../auth/login-link.ts'
import type { HolderLimits } from '../../limits/holder-limits.ts'
import type { AccountsPort, AgentsPort, MetricsPort } from '../../ports.ts'
import type { Dispatcher } from '../../websocket/dispatcher.ts'

export interface HttpRoutesDeps {
  accounts: AccountsPort
  agents: Pick<AgentsPort, 'takePosted' | 'offeredFile'>
  authenticator: Authenticator
  /** Runs the methods of the protocol. */
  dispatcher: Pick<Dispatcher, 'call'>
  metrics: MetricsPort
  attempts: AttemptLimit
  holders: HolderLimits
  /** False when requests without a token come too fast from this source. */
  takePublicRequest: (source: string) => boolean
  loginLinks: LoginLinks
  /** The body of this request is a file, which may take long to come. */
  allowLongBody: (request: IncomingMessage) => void
  isOriginAllowed: (origin: string | undefined) => boolean
  isHostAllowed: (host: string | undefined) => boolean
  version: string
  /** A fresh single-use link to the page. */
  newLoginLink: () => { link: string; expiresAt: Date }
  browserAssetsDirectory: string
  demo: boolean
  extraRoutes: Hono | null
  onUnexpectedError: (error: unknown) => void
}

/** What every route has: the socket of the request, and the holder of its token. */
export interface RouteEnvironment {
  Bindings: HttpBindings
  Variables: { identity: Identity }
}

export type Routes = Hono<RouteEnvironment>
export type RouteContext = Context<RouteEnvironment>
