import { plainSettings } from '../../../src/config/settings/account-settings.ts'
import { effectiveSettings } from '../../../src/config/settings/effective-settings.ts'
import type {
  AccountConfig,
  AccountEditResult,
  Config,
  ConfigEditor,
  ConfigSource,
  EditOptions,
  EditResult,
  UpdateOptions,
  UpdateResult,
} from '../../../src/config/model.ts'
import type { SettingChange } from '../../../src/config/edit/edit-settings.ts'
import type { AccountsPort, OutboxPort, PairingPort } from '../../../src/control/ports.ts'
import type {
  AccountPasskey,
  AccountView,
  LinkOffer,
  DisconnectResult,
  LinkRequest,
} from '../../../src/protocol/account/account.ts'
import type { MethodResult } from '../../../src/protocol/methods.ts'
import { DaemonError } from '../../../src/protocol/errors.ts'
import type { ConfigProblem } from '../../../src/protocol/config/config-problem.ts'
import type { OutboxEntry, OutboxQuery } from '../../../src/protocol/outbox-entry.ts'
import { reason } from '../../../src/protocol/reasons.ts'

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

  outboxCalls: { method: string; account: string; given: OutboxQuery | string }[] = []
  unsent: OutboxEntry[] = [outboxEntry()]

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

  pairing(account: string): PairingPort {
    const person = { phoneNumber: '+15555550177', id: null }
    const called = (method: string): void => {
      this.calls.push({ method, account })
      if (this.failure !== null) throw this.failure
    }
    return {
      list: () => {
        called('pairing.list')
        return [{ ...person, code: 'ABCD-EFGH', name: 'Carol', at: SINCE, expiresAt: SINCE }]
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

/** The config side of the daemon: edits change `current` as the real one would. */
export class FakeConfig implements ConfigSource, ConfigEditor {
  current: Config = config()
  problems: ConfigProblem[] = []
  fileLength = 100
  needsRestart: readonly string[] = []
  updates: (readonly SettingChange[])[] = []
  failure: unknown = null

  onApplied(): () => void {
    return () => undefined
  }

  onRejected(): () => void {
    return () => undefined
  }

  addAllowFrom(numbers: string[], options?: EditOptions): Promise<EditResult> {
    return this.#edit(options, (list) => [...new Set([...list, ...numbers])])
  }

  removeAllowFrom(numbers: string[], options?: EditOptions): Promise<EditResult> {
    return this.#edit(options, (list) => list.filter((number) => !numbers.includes(number)))
  }

  setAllowFrom(numbers: string[], options?: EditOptions): Promise<EditResult> {
    return this.#edit(options, () => numbers)
  }

  setEnabled(enabled: boolean, options?: EditOptions): Promise<EditResult> {
    return this.#edit(options, (list) => [...list], { enabled })
  }

  async update(changes: readonly SettingChange[], options?: UpdateOptions): Promise<UpdateResult> {
    this.updates.push(changes)
    const { revision } = await this.#edit(options, (list) => [...list])
    return { revision, changed: changes.map(({ path }) => path.join('.')) }
  }

  async createAccount(id: string, name: string | null, options?: EditOptions): Promise<AccountEditResult> {
    if (this.current.accounts[id] !== undefined) return { revision: this.current.revision, changed: false }
    const { revision } = await this.#edit(options, (list) => [...list])
    const accounts = { ...this.current.accounts, [id]: { ...accountConfig(id), name } }
    this.current = { ...this.current, accounts }
    return { revision, changed: true }
  }

  async removeAccount(id: string, options?: EditOptions): Promise<AccountEditResult> {
    const { revision } = await this.#edit(options, (list) => [...list])
    const { [id]: _gone, ...accounts } = this.current.accounts
    this.current = { ...this.current, accounts }
    return { revision, changed: true }
  }

  async #edit(
    options: EditOptions = {},
    change: (list: readonly string[]) => string[],
    settings: Partial<AccountConfig> = {},
  ): Promise<EditResult> {
    if (this.failure !== null) throw this.failure
    if (options.revision !== undefined && options.revision !== this.current.revision)
      throw new DaemonError('config_conflict')
    const id = options.account ?? this.current.defaultAccount
    const account = this.current.accounts[id]
    if (account === undefined) throw new DaemonError('account_not_found')
    const allowFrom = change(account.access.allowFrom)
    const changed = { ...account, ...settings, access: { ...account.access, allowFrom } }
    const revision = `r${Number(this.current.revision.slice(1)) + 1}`
    this.current = { ...this.current, revision, accounts: { ...this.current.accounts, [id]: changed } }
    return { revision, allowFrom }
  }
}

function config(): Config {
  return {
    revision: 'r1',
    accounts: { default: accountConfig('default'), second: accountConfig('second') },
    defaultAccount: 'default',
    section: 'channels.whatsapp',
    configWrites: true,
    maxAccounts: 10,
    daemon: {
      instanceId: null,
      lock: null,
      proxy: null,
      noProxy: [],
      caFile: null,
      listen: { host: '127.0.0.1', port: 0 },
      auth: {
        jwtKeys: [],
        issuer: null,
        audience: null,
        subjects: [],
        claims: { subject: 'sub', scope: 'scope', defaultScopes: [], required: {} },
        revoked: [],
      },
      allowedOrigins: [],
      log: { level: 'info', format: 'json' },
      whatsapp: { webSocketUrl: null, noiseRootKey: null, version: null, versionLookup: true },
      reconnect: { firstDelayMs: 2_000, capMs: 60_000 },
    },
    notices: [],
  }
}

function accountConfig(id: string): AccountConfig {
  return {
    ...effectiveSettings(plainSettings, []),
    id,
    section: 'channels.whatsapp',
    authDir: null,
    access: { dmPolicy: 'allowlist', allowFrom: ['+15555550101'] },
    groupAccess: { groupPolicy: 'allowlist', groupAllowFrom: null, groups: {} },
    agents: {
      echo: { connector: 'echo', settings: {} },
      llm: {
        connector: 'openai-chat',
        settings: {
          baseUrl: 'http://127.0.0.1:1/secret-path/v1',
          model: 'small',
          apiKey: { literal: 'sk-secret-key' },
          timeoutSeconds: 60,
        },
      },
    },
    senders: {},
    commands: { enabled: true, owners: [] },
    mentionPatterns: { patterns: [], mode: 'allow', allowIn: [], denyIn: [] },
    direct: {},
    dms: {},
    coalesce: null,
    defaultAgent: 'echo',
  }
}
