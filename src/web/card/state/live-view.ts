import { WhatsappdClient } from '../../../client/client.ts'
import type { WhatsappdClientOptions } from '../../../client/client.ts'
import { RequestError } from '../../../client/request-error.ts'
import type { AccountView } from '../../../protocol/account/account.ts'
import type { ReactiveController } from 'lit'
import { ActivityFollower } from './activity-follower.ts'
import { INITIAL_CARD_STATE, reduceCard } from './card-state.ts'
import type { CardInput, CardState } from './card-state.ts'
import { isSolved } from './is-solved.ts'

/** More are counted, not listed. */
const FAILED_REPLIES_READ = 20

/** Somebody who answers by hand has made a chat one of the latest. */
const CONVERSATIONS_READ = 100

/** More often than by default: a person looks, and a network that dies silently is noticed by a ping alone. */
const PING_INTERVAL_MS = 10_000

/** Failures of the connection itself, which the state of the connection tells, and which are over with the next one. */
const OF_CONNECTION: ReadonlySet<string> = new Set(['connection_lost', 'daemon_offline'])

/** When the network may have changed, or time has passed unnoticed. */
const PAGE_EVENTS = ['online', 'offline', 'pageshow'] as const

/** After these the signs of life are others. */
const OF_ACTIVITY = [
  'message.received',
  'message.sent',
  'message.discarded',
  'agent.turnStarted',
  'agent.turnFinished',
] as const

export interface FailedAction {
  action: string
  error: RequestError
}

/** Keeps a `CardState` in step with the daemon and runs the person's actions one at a time. A controller of its host. */
export class LiveView implements ReactiveController {
  readonly #redraw: () => void
  readonly #opened: (client: WhatsappdClient | null) => void
  #client: WhatsappdClient | null = null
  #host = ''
  #state = INITIAL_CARD_STATE
  #busy: string | null = null
  #failed: FailedAction | null = null
  readonly #activity = new ActivityFollower((account) => this.#readActivity(account))

  /** `opened` gets every client that is about to connect, and `null` when there is none any more. */
  constructor(redraw: () => void, opened: (client: WhatsappdClient | null) => void = () => {}) {
    this.#redraw = redraw
    this.#opened = opened
  }

  get state(): CardState {
    return this.#state
  }

  /** The action in progress; every button is disabled meanwhile. */
  get busy(): string | null {
    return this.#busy
  }

  failure(action: string): RequestError | null {
    return this.#failed?.action === action ? this.#failed.error : null
  }

  get failed(): FailedAction | null {
    return this.#failed
  }

  clearFailure(): void {
    this.#failed = null
    this.#redraw()
  }

  /** Of the daemon's address, with the port where it has one; empty while there is none. */
  get host(): string {
    return this.#host
  }

  /** Whether the daemon has the method and the token allows it. */
  can(method: string): boolean {
    return this.#client?.can(method) ?? false
  }

  open(url: string, token: WhatsappdClientOptions['token']): void {
    this.close()
    this.#host = URL.canParse(url) ? new URL(url).host : ''
    const client = new WhatsappdClient({ url, token, pingIntervalMs: PING_INTERVAL_MS })
    this.#client = client
    client.on('state', (change) => {
      const { lastHeardAt } = client
      this.#apply({ type: 'connection', change, nowMs: Date.now(), lastHeardAt })
    })
    client.on('snapshot', (subscription) => {
      this.#apply({ type: 'snapshot', subscription, clockOffsetMs: client.clockOffsetMs })
      for (const account of subscription.snapshot.accounts) this.#readAttention(client, account)
      this.#readAllPairing(client)
      this.#activity.again()
    })
    for (const event of OF_ACTIVITY) {
      client.on(event, ({ account }, { replayed }) => {
        if (!replayed) this.#activity.changed(account)
      })
    }
    client.on('account.status', (account, { replayed }) => {
      if (replayed) return
      this.#apply({ type: 'account', account })
      this.#readAttention(client, account)
    })
    client.on('conversation.updated', ({ account, view }, { replayed }) => {
      if (!replayed && view !== undefined && account in this.#state.takenOver)
        this.#apply({ type: 'conversation', account, view })
    })
    client.on('account.qr', (offer) => this.#apply({ type: 'offer', offer }))
    client.on('account.linkCode', (offer) => this.#apply({ type: 'offer', offer }))
    client.on('account.passkey', (passkey) => this.#apply({ type: 'passkey', passkey }))
    client.on('message.blocked', (blocked, { replayed }) => {
      if (!replayed) this.#apply({ type: 'blocked', blocked })
    })
    for (const event of ['pairing.requested', 'pairing.settled'] as const)
      client.on(event, ({ account }, { replayed }) => {
        if (!replayed) this.#readPairing(client, account)
      })
    client.on('config.applied', (_applied, { replayed }) => {
      if (!replayed) this.#readConfig(client)
    })
    client.on('config.rejected', (problem, { replayed }) => {
      if (replayed) return
      this.#apply({ type: 'configRejected', problem })
      this.#readConfig(client)
    })
    this.#opened(client)
    // It rejects when the token is refused, which the state shows, and on `close()`.
    client.connect().catch(() => {})
  }

  close(): void {
    const client = this.#client
    this.#client = null
    if (client !== null) this.#opened(null)
    client?.close()
    this.#activity.follow(null)
    this.#state = INITIAL_CARD_STATE
    this.#busy = null
    this.#failed = null
  }

  /** Asks at once whether the daemon answers; begins the next attempt where it did not. */
  probe = (): void => {
    this.#client?.probe()
    this.#apply({ type: 'attempt' })
  }

  readonly #probeWhenSeen = (): void => {
    if (document.hidden) return
    this.probe()
    // Another day may have begun while nobody looked.
    this.#activity.again()
  }

  hostConnected(): void {
    for (const event of PAGE_EVENTS) globalThis.addEventListener(event, this.probe)
    document.addEventListener('visibilitychange', this.#probeWhenSeen)
  }

  hostDisconnected(): void {
    for (const event of PAGE_EVENTS) globalThis.removeEventListener(event, this.probe)
    document.removeEventListener('visibilitychange', this.#probeWhenSeen)
    this.close()
  }

  dispatch(input: CardInput): void {
    this.#apply(input)
  }

  /**
   * Runs `work` unless another action is in progress; its failure is kept until the next action. True on success. Where nothing
   * answers, it ends with the connection, in seconds.
   */
  async perform(action: string, work: (client: WhatsappdClient) => Promise<unknown>): Promise<boolean> {
    const client = this.#client
    if (client === null || this.#busy !== null) return false
    this.#busy = action
    this.#failed = null
    this.#redraw()
    client.probe()
    try {
      await work(client)
      return true
    } catch (cause) {
      const error = toRequestError(cause)
      if (client === this.#client && !OF_CONNECTION.has(error.code)) this.#failed = { action, error }
      return false
    } finally {
      if (client === this.#client) this.#busy = null
      this.#redraw()
    }
  }

  /** Reads something beside the action in progress; what fails, `null`, is shown without it. */
  async read<Value>(work: (client: WhatsappdClient) => Promise<Value>): Promise<Value | null> {
    const client = this.#client
    if (client === null) return null
    const value = await work(client).catch(() => null)
    return client === this.#client ? value : null
  }

  /** The account that is shown: its signs of life are read, at once and after its events. `null` for none. */
  follow(account: string | null): void {
    this.#activity.follow(account)
  }

  #readActivity(account: string): void {
    const since = new Date(new Date().setHours(0, 0, 0, 0)).toISOString()
    if (!this.can('accounts.activity')) return
    void this.read((client) => client.request('accounts.activity', { account, since })).then((activity) =>
      this.#apply({ type: 'activity', account, activity }),
    )
  }

  #readConfig(client: WhatsappdClient): void {
    client.request('config.get', {}).then(
      (config) => {
        if (client !== this.#client) return
        this.#apply({ type: 'config', config })
        this.#readAllPairing(client)
      },
      // The next snapshot brings the config anyway.
      () => {},
    )
  }

  #readAllPairing(client: WhatsappdClient): void {
    // Under every policy: programs may ask for people.
    for (const account of Object.keys(this.#state.config?.accounts ?? {})) this.#readPairing(client, account)
  }

  #readPairing(client: WhatsappdClient, account: string): void {
    if (!client.can('pairing.list')) return
    client.request('pairing.list', { account }).then(
      ({ requests }) => client === this.#client && this.#apply({ type: 'pairing', account, requests }),
      // An account whose files are closed has no requests to show.
      () => {},
    )
  }

  #readAttention(client: WhatsappdClient, account: AccountView): void {
    this.#readFailedReplies(client, account)
    this.#readTakenOver(client, account)
  }

  /** Only where their number is another than at the last time. */
  #readTakenOver(client: WhatsappdClient, { account, takenOver: count }: AccountView): void {
    if (!count || !client.can('conversations.list')) return
    if (this.#state.takenOver[account]?.count === count) return
    client.request('conversations.list', { account, limit: CONVERSATIONS_READ }).then(
      ({ conversations }) => {
        const chats = conversations.filter(({ assistant }) => assistant.state === 'paused')
        if (client === this.#client) this.#apply({ type: 'takenOver', account, count, chats })
      },
      // The count alone is shown then.
      () => {},
    )
  }

  /** Only where the list does not have the number of entries that the account reports. */
  #readFailedReplies(client: WhatsappdClient, { account, failedMessages }: AccountView): void {
    if (!failedMessages || !client.can('outbox.list')) return
    if (this.#state.failedReplies[account]?.failed === failedMessages) return
    client.request('outbox.list', { account, state: 'failed', limit: FAILED_REPLIES_READ }).then(
      (list) => client === this.#client && this.#apply({ type: 'failedReplies', account, list }),
      // The count alone is shown then.
      () => {},
    )
  }

  #apply(input: CardInput): void {
    const before = this.#state
    try {
      this.#state = reduceCard(before, input)
      if (isSolved(before, this.#state)) this.#failed = null
    } catch (error) {
      // What cannot be read changes nothing; the client goes on.
      reportError(error)
    }
    this.#redraw()
  }
}

function toRequestError(cause: unknown): RequestError {
  if (cause instanceof RequestError) return cause
  return new RequestError('internal_error', 'Something failed on this page.', { cause })
}
