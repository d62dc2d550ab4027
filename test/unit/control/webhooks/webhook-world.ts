import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CONNECTORS } from '../../../../src/agents/registry.ts'
import type { Config } from '../../../../src/config/model.ts'
import { resolveConfig } from '../../../../src/config/read/resolve.ts'
import { EventHub } from '../../../../src/control/events/event-hub.ts'
import { SqliteEventStore } from '../../../../src/control/events/event-store.ts'
import { Webhooks, type WebhooksDeps } from '../../../../src/control/webhooks/webhooks.ts'
import { guardedFetch } from '../../../../src/network/guarded-fetch.ts'
import { createLogger } from '../../../../src/observability/log/logger.ts'
import { DaemonError } from '../../../../src/protocol/errors.ts'
import type { EventName, EventPayload } from '../../../../src/protocol/events.ts'
import type { WebhookView } from '../../../../src/protocol/webhook-view.ts'

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const AT = '2026-01-02T03:04:05.000Z'

type Options = Partial<
  Pick<WebhooksDeps, 'now' | 'timeoutMs' | 'retryWaitsMs' | 'firstPauseMs' | 'secrets' | 'network'>
>

/** The real hub, log and webhooks on a directory of their own, with the entries of a config file. */
export class WebhookWorld {
  readonly directory = mkdtempSync(join(tmpdir(), 'whatsappd-webhooks-'))
  readonly published: { name: EventName; payload: unknown }[] = []
  readonly #options: Options
  config: Config
  log = ''
  /** What a message says now; `null`: it is gone. */
  text: string | null = 'secret words'
  /** Accounts whose files are closed. */
  readonly closed = new Set<string>()
  hub!: EventHub
  store!: SqliteEventStore
  webhooks!: Webhooks

  constructor(entries: readonly object[], options: Options = {}) {
    this.#options = options
    this.config = configOf(entries)
    this.start()
  }

  /** As after a start of the process on the same files. */
  start(): void {
    const logger = createLogger({
      level: 'debug',
      format: 'json',
      destination: { write: (line) => void (this.log += line) },
    })
    this.store = new SqliteEventStore(join(this.directory, 'daemon.db'), {
      logger,
      now: Date.now,
      follower: () => this.webhooks,
    })
    this.hub = new EventHub({
      store: this.store,
      logger,
      filled: (name) =>
        name.startsWith('message.') && this.text !== null
          ? { field: 'message', value: { text: this.text } }
          : null,
    })
    this.webhooks = new Webhooks({
      config: () => this.config,
      store: this.store,
      events: this.hub,
      accounts: {
        conversations: (account) => {
          if (this.closed.has(account)) throw new DaemonError('storage_error')
        },
      },
      network: { guarded: (refuse) => guardedFetch(() => undefined, refuse) },
      ownAddress: () => ({ host: '127.0.0.1', port: 1 }),
      secrets: { read: () => SECRET },
      version: '1.2.3',
      logger,
      random: () => 0.5,
      ...this.#options,
    })
    this.hub.subscribe((name, payload) => void this.published.push({ name, payload }))
    this.store.start()
    this.hub.start()
    this.webhooks.start()
  }

  /** Everything in order, as at a shutdown. */
  async stop(): Promise<void> {
    await this.webhooks.stop()
    this.hub.stop()
    this.store.stop()
  }

  async end(): Promise<void> {
    await this.stop()
    rmSync(this.directory, { recursive: true, force: true })
  }

  /** Another file is in force. */
  edit(entries: readonly object[]): void {
    this.config = configOf(entries)
    this.webhooks.configChanged()
  }

  /** A message of this conversation was taken in. */
  message(conversation: string, messageId: string, account = 'default'): void {
    this.publish('message.received', {
      account,
      messageId,
      conversation,
      phoneNumber: null,
      name: null,
      at: AT,
    })
  }

  publish<Name extends EventName>(name: Name, payload: EventPayload<Name>): void {
    this.hub.publish(name, payload)
  }

  view(index = 0): WebhookView {
    const view = this.webhooks.list().webhooks[index]
    if (view === undefined) throw new Error('no such webhook')
    return view
  }
}

/** A config with these entries of `whatsappd.webhooks`. */
function configOf(entries: readonly object[]): Config {
  const webhooks = entries.map((entry) => ({ secret: { env: 'WEBHOOK_SECRET' }, ...entry }))
  const file = {
    channels: { whatsapp: { accounts: { default: {}, work: {} } } },
    whatsappd: { webhooks },
  }
  return resolveConfig(JSON.stringify(file), { directory: '/srv', env: {}, connectors: CONNECTORS })
}
