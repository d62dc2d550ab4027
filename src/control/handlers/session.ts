import type { ConfigSource } from '../../config/model.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { METHOD_NAMES, METHODS } from '../../protocol/methods.ts'
import type { MethodName } from '../../protocol/methods.ts'
import type { Snapshot } from '../../protocol/methods/session.ts'
import type { Authenticator, Identity } from '../auth/authenticate.ts'
import { shownAccounts } from '../views/shown-accounts.ts'
import { blockedSenders } from '../views/recently-blocked.ts'
import { ACCOUNTS_SHOWN, buildConfigView } from '../views/build-config-view.ts'
import type { AuthReport } from '../views/build-config-view.ts'
import type { EventHub } from '../events/event-hub.ts'
import type { AccountsPort } from '../ports.ts'
import type { ClientSession, NamespaceHandlers } from './handler.ts'

export interface SessionHandlerDeps {
  accounts: AccountsPort
  authenticator: Pick<Authenticator, 'prove'>
  newLoginLink: () => { link: string; expiresAt: Date }
  config: ConfigSource
  configPath: () => string | null
  /** What is wrong with keys and tokens now. */
  authReport: () => AuthReport
  events: EventHub
  now: () => Date
}

export function sessionHandlers(deps: SessionHandlerDeps): NamespaceHandlers<'session'> {
  const { now } = deps
  return {
    'session.authenticate': async ({ token }, session) => {
      const identity = await session.authenticate(token)
      const { scopes, expiresAt } = identity
      return {
        scopes: [...scopes],
        expiresAt: expiresAt === null ? null : expiresAt.toISOString(),
        methods: METHOD_NAMES.filter((name) => mayCall(identity, name)),
      }
    },
    'session.prove': ({ challenge }, session) => ({
      proof: deps.authenticator.prove(challenge, session.localAddress),
    }),
    'session.createLoginLink': (_params, session) => {
      // A link opens everything: a token with less must not be able to make one.
      if (session.identity?.kind !== 'local')
        throw new DaemonError('forbidden', { message: 'Only the local token makes links.' })
      const { link, expiresAt } = deps.newLoginLink()
      return { link, expiresAt: expiresAt.toISOString() }
    },
    'session.subscribe': ({ since, topics }, session) => {
      const start = session.subscribe(topics === undefined ? null : new Set(topics), since)
      return { snapshot: snapshot(deps, session), ...start, at: now().toISOString() }
    },
    'session.ping': () => ({ at: now().toISOString() }),
  }
}

function mayCall({ kind, scopes }: Identity, name: MethodName): boolean {
  if (name === 'session.createLoginLink') return kind === 'local'
  const { scope } = METHODS[name]
  return scope === null || scopes.includes(scope)
}

function snapshot(deps: SessionHandlerDeps, session: ClientSession): Snapshot {
  const { accounts, config, configPath, events, authReport } = deps
  const scopes = session.identity?.scopes ?? []
  const mayRead = scopes.includes('read')
  const mayLink = scopes.includes('link')
  const views = mayRead ? shownAccounts(accounts.list(), session.identity) : []
  return {
    accounts: views.slice(0, ACCOUNTS_SHOWN),
    accountsTotal: views.length,
    offers: mayLink ? accounts.offers().slice(0, ACCOUNTS_SHOWN) : [],
    passkeys: mayLink ? accounts.passkeys().slice(0, ACCOUNTS_SHOWN) : [],
    config: mayRead ? buildConfigView(config, configPath(), authReport()) : null,
    blocked: mayRead ? blockedSenders(events, config.current, accounts) : [],
  }
}
