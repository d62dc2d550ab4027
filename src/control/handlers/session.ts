import type { ConfigSource } from '../../config/config.ts'
import { METHOD_NAMES, METHODS } from '../../protocol/methods.ts'
import type { Snapshot } from '../../protocol/methods.ts'
import { blockedSenders } from '../blocked-senders.ts'
import type { ClientSession } from '../client-session.ts'
import { toConfigView } from '../config-view.ts'
import type { EventHub } from '../event-hub.ts'
import type { AccountsPort } from '../ports.ts'
import type { NamespaceHandlers } from './handlers.ts'

export interface SessionHandlerDependencies {
  accounts: AccountsPort
  config: ConfigSource
  configPath: () => string | null
  events: EventHub
  now: () => Date
}

export function sessionHandlers(dependencies: SessionHandlerDependencies): NamespaceHandlers<'session'> {
  const { now } = dependencies
  return {
    'session.authenticate': async ({ token }, session) => {
      const { scopes, expiresAt } = await session.authenticate(token)
      return {
        scopes: [...scopes],
        expiresAt: expiresAt === null ? null : expiresAt.toISOString(),
        methods: METHOD_NAMES.filter((name) => {
          const { scope } = METHODS[name]
          return scope === null || scopes.includes(scope)
        }),
      }
    },
    'session.subscribe': ({ since, topics }, session) => {
      const start = session.subscribe(topics === undefined ? null : new Set(topics), since)
      return { snapshot: snapshot(dependencies, session), ...start, at: now().toISOString() }
    },
    'session.ping': () => ({ at: now().toISOString() }),
  }
}

function snapshot(dependencies: SessionHandlerDependencies, session: ClientSession): Snapshot {
  const { accounts, config, configPath, events } = dependencies
  const scopes = session.identity?.scopes ?? []
  const mayRead = scopes.includes('read')
  return {
    accounts: mayRead ? accounts.list() : [],
    offers: scopes.includes('link') ? accounts.offers() : [],
    config: mayRead ? toConfigView(config, configPath()) : null,
    blocked: mayRead ? blockedSenders(events, config.current) : [],
  }
}
