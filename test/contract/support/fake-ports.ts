import type {
  AccountsPort,
  ConversationsPort,
  TakeoverPort,
  MediaPort,
  MessageChangesPort,
  MessagesPort,
  OutboxPort,
  PairingPort,
  UsagePort,
  PeoplePort,
} from '../../../src/control/ports.ts'
import type {
  AccountPasskey,
  AccountView,
  LinkOffer,
  DisconnectResult,
  LinkRequest,
} from '../../../src/protocol/account/account.ts'
import type { WebhookReceiver } from '../../../src/messaging/webhook-receiver.ts'
import type { MethodResult } from '../../../src/protocol/methods.ts'
import { DaemonError } from '../../../src/protocol/errors.ts'
import type { OutboxEntry, OutboxQuery } from '../../../src/protocol/outbox-entry.ts'
import { reason } from '../../../src/protocol/reasons.ts'
import { fakePeople } from './fake-people.ts'
import { FakeMessages } from './fake-messages.ts'
import { FakeConversations } from './fake-conversations.ts'

export const QR = '2@secret-reference,secret-noise-key,secret-identity,secret-adv'
const SINCE = '2026-01-02T03:04:05.000Z'

export function accountView(overrides: Partial<AccountView> = {}): AccountView {
  return {
    account: 'default',
    name: null,
    transport: 'linked-device',
    enabled: true,
    state: 'unlinked',
    since: SINCE,
    reason: reason('not_linked'),
    linked: false,
    phoneNumber: null,
    displayName: null,
    linkedSince: null,
    attempt: null,
    nextAttemptAt: null,
    until: null,
    failedMessages: 0,
    health: null,
    ...overrides,
  }
}

export function qrOffer(
  overrides: Partial<Extract<LinkOffer, { method: 'qr' }>> = {},
): Extract<LinkOffer, { method: 'qr' }> {
  return {
    account: 'default',
    method: 'qr',
    qr: QR,
    sequence: 1,
    remaining: 5,
    expiresAt: '2026-01-02T03:05:05.000Z',
    ...overrides,
  }
}

export function outboxEntry(overrides: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    messageId: '3EB0ABCDEF',
    conversation: '+15555550101',
    kind: 'reply',
    text: 'the answer',
    state: 'failed',
    queuedAt: SINCE,
    attempts: 0,
    waitsFor: null,
    failure: { code: 'reachout_locked', message: 'Not for now.', at: SINCE },
    ...overrides,
  }
}

/** The accounts side of the daemon, as plain state that a test sets. */
export class FakeAccounts implements AccountsPort {
  views: AccountView[] = [accountView()]
  liveOffers: LinkOffer[] = []
  livePasskeys: AccountPasskey[] = []
  calls: { method: string; account: string; request?: LinkRequest }[] = []
  failure: unknown = null
  /** What `link` waits for; set by tests that need an answer to be late. */
  gate: Promise<void> = Promise.resolve()

  list(): AccountView[] {
    if (this.failure !== null) throw this.failure
    return this.views
  }

  activity(account: string): MethodResult<'accounts.activity'> {
    this.calls.push({ method: 'activity', account })
    if (this.failure !== null) throw this.failure
    return { lastMessageAt: SINCE, lastAnswerAt: null, answered: 3, waiting: 1, queued: 0 }
  }

  ignoreSender(account: string, phoneNumber: string): MethodResult<'accounts.ignoreSender'> {
    this.calls.push({ method: 'ignoreSender', account })
    if (this.failure !== null) throw this.failure
    return { phoneNumber, until: SINCE }
  }

  /** What is said of prices in every month. */
  charges: ReturnType<UsagePort['charges']> = null

  usage(): UsagePort {
    if (this.failure !== null) throw this.failure
    const usage = {
      answers: 3,
      messagesIn: 4,
      messagesOut: 5,
      toldAnswers: 0,
      inputTokens: 0,
      outputTokens: 0,
    }
    return { of: () => usage, months: () => ['2026-01'], charges: () => this.charges }
  }

  /** By account. */
  readonly receivers = new Map<string, WebhookReceiver>()

  businessWebhook(account: string): WebhookReceiver | null {
    return this.receivers.get(account) ?? null
  }

  outboxCalls: { method: string; account: string; given: OutboxQuery | string }[] = []
  unsent: OutboxEntry[] = [outboxEntry()]

  people(account: string): PeoplePort {
    return fakePeople((method) => {
      this.calls.push({ method, account })
      if (this.failure !== null) throw this.failure
    })
  }

  outbox(account: string): OutboxPort {
    const called = (method: string, given: OutboxQuery | string): void => {
      this.outboxCalls.push({ method, account, given })
      if (this.failure !== null) throw this.failure
    }
    return {
      list: (query) => {
        called('list', query)
        return { messages: this.unsent, more: false, queued: 0, failed: this.unsent.length, pacedUntil: null }
      },
      retry: (messageId) => {
        called('retry', messageId)
        return outboxEntry({ messageId, state: 'queued', waitsFor: 'turn', failure: null })
      },
      discard: (messageId) => called('discard', messageId),
    }
  }

  readonly messaging = new FakeMessages(() => this.failure)

  messages(account: string): MessagesPort & MessageChangesPort {
    return this.messaging.of(account)
  }

  messageChanges(account: string): MessageChangesPort {
    return this.messaging.of(account)
  }

  media(): MediaPort {
    return this.messaging.media
  }

  readonly said = new FakeConversations()

  conversations(account: string): ConversationsPort {
    return this.said.port((method) => {
      this.calls.push({ method, account })
      if (this.failure !== null) throw this.failure
    })
  }

  takeover(account: string): TakeoverPort {
    return this.said.takeover((method) => {
      this.calls.push({ method, account })
      if (this.failure !== null) throw this.failure
    })
  }

  pairing(account: string): PairingPort {
    const person = { phoneNumber: '+15555550177', id: null }
    const called = (method: string): void => {
      this.calls.push({ method, account })
      if (this.failure !== null) throw this.failure
    }
    return {
      list: () => {
        called('pairing.list')
        return [
          {
            ...person,
            code: 'ABCD-EFGH',
            name: 'Carol',
            at: SINCE,
            expiresAt: SINCE,
            source: 'person',
            reason: null,
          },
        ]
      },
      request: ({ phoneNumber }) => {
        called('pairing.request')
        return { phoneNumber, state: 'pending', expiresAt: SINCE }
      },
      approve: async () => {
        called('pairing.approve')
        return person
      },
      reject: () => {
        called('pairing.reject')
        return person
      },
    }
  }

  commit(): void {
    // A fake keeps nothing on disk.
  }

  offers(): LinkOffer[] {
    return this.liveOffers
  }

  passkeys(): AccountPasskey[] {
    return this.livePasskeys
  }

  answerPasskey(account: string): Promise<AccountView> {
    return this.#called('answerPasskey', account)
  }

  confirmPasskey(account: string): Promise<AccountView> {
    return this.#called('confirmPasskey', account)
  }

  async link(account: string, request: LinkRequest): Promise<LinkOffer> {
    this.calls.push({ method: 'link', account, request })
    await this.gate
    if (this.failure !== null) throw this.failure
    if (request.method === 'qr') return qrOffer({ account })
    return {
      account,
      method: 'code',
      code: 'ABCD1234',
      phoneNumber: request.phoneNumber ?? '',
      expiresAt: '2026-01-02T03:05:05.000Z',
    }
  }

  cancelLink(account: string): Promise<AccountView> {
    return this.#called('cancelLink', account)
  }

  connectBusiness(account: string): Promise<AccountView> {
    return this.#called('connectBusiness', account)
  }

  reconnect(account: string): Promise<AccountView> {
    return this.#called('reconnect', account)
  }

  takeOver(account: string): Promise<AccountView> {
    return this.#called('takeOver', account)
  }

  importLink(account: string): Promise<AccountView> {
    return this.#called('importLink', account)
  }

  async joined(account: string): Promise<AccountView> {
    return this.views.find((view) => view.account === account) ?? accountView({ account })
  }

  async remove<Result>(account: string, leave: () => Promise<Result>): Promise<Result> {
    await this.#called('remove', account)
    return leave()
  }

  async disconnect(account: string): Promise<DisconnectResult> {
    return { account: await this.#called('disconnect', account), unlinkedOnPhone: true }
  }

  async #called(method: string, account: string): Promise<AccountView> {
    this.calls.push({ method, account })
    if (this.failure !== null) throw this.failure
    const view = this.views.find((candidate) => candidate.account === account)
    if (view === undefined) throw new DaemonError('account_not_found')
    return view
  }
}
