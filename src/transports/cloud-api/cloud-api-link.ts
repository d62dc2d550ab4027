import { normalizePhoneNumber } from '../../access/numbers/phone-number.ts'
import type { RegisteredForms } from '../../access/numbers/with-registered-numbers.ts'
import type { Config } from '../../config/model.ts'
import type { SecretReader } from '../../config/secrets/secret-reader.ts'
import type { WebhookReceiver } from '../../messaging/webhook-receiver.ts'
import type { OutboundNetwork } from '../../network/outbound-network.ts'
import type { AccountView } from '../../protocol/account/account.ts'
import type { BusinessConnection, BusinessView } from '../../protocol/account/business.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { BusinessLink, Link, LinkDependencies, LinkFacts, LinkHealth } from '../link.ts'
import { BusinessTransport } from './business-transport.ts'
import type { BusinessCredentials } from './credentials/business-credentials.ts'
import { ConnectionFile, NO_CONNECTION } from './credentials/connection-file.ts'
import { type BusinessSettings, businessSettingsOf } from './credentials/business-settings.ts'
import { claimOf } from './credentials/number-claim.ts'
import { CredentialSource } from './credentials/credential-source.ts'
import { mergeConnection } from './credentials/merge-connection.ts'
import { GraphClient } from './graph/graph-client.ts'
import { failureOfStatus } from './graph/problem-sentences.ts'
import { businessCaution } from './life/business-caution.ts'
import { BusinessFactsStore } from './life/business-facts.ts'
import { BusinessLife, LIFE_TIMINGS, type LifeTimings } from './life/business-life.ts'
import type { BusinessNotice } from './life/business-notice.ts'
import { businessView } from './life/business-view.ts'
import { disconnectBusiness, finishDisconnect } from './life/disconnect-business.ts'
import { takeNotice } from './life/take-notice.ts'
import { unsubscribeApp } from './life/unsubscribe-app.ts'
import { UploadStore } from './media/upload-store.ts'
import { TemplateCatalog } from './templates/template-catalog.ts'
import { ConversationWindows } from './window/conversation-windows.ts'
import { type Inbound, openInbound } from './webhook/open-inbound.ts'
import type { WebhookNumbers } from './webhook/webhook-numbers.ts'

/** Messages in a second of a number that also runs in the Business app; Meta, "Coexistence". */
const COEXISTENCE_RATE = 20

/** What all accounts of the transport have in common. */
export interface CloudApiLinkOptions {
  config: { readonly current: Config }
  secrets: Pick<SecretReader, 'read'>
  network: Pick<OutboundNetwork, 'fetch'>
  /** All accounts of the daemon, and where the files of one are. */
  registry: () => { list(): readonly AccountView[]; directoryOf(account: string): string }
  /** Shorter delays, for tests. */
  timings?: Partial<LifeTimings> | undefined
}

/** One account as a number of a Business account, over Meta's Graph API: the life of it. Messages go out by its `transport`. */
export class CloudApiLink implements Link, BusinessLink {
  readonly transport: BusinessTransport
  /** It is its own: all of a Business account is one number. */
  readonly business: BusinessLink = this
  readonly offer = null
  readonly passkey = null
  readonly reachoutLock = null
  readonly identityAsked = false
  readonly phoneAwaySince = null
  readonly #deps: LinkDependencies
  readonly #options: CloudApiLinkOptions
  readonly #file: ConnectionFile
  readonly #facts: BusinessFactsStore
  readonly #source: CredentialSource
  readonly #graph: GraphClient
  readonly #life: BusinessLife
  readonly #inbound: Inbound
  readonly #windows: ConversationWindows
  /** An account that has just left the config keeps its last settings until it is closed. */
  #settings: BusinessSettings

  /** Throws `StorageError` when what is stored of the account cannot be read. */
  constructor(deps: LinkDependencies, options: CloudApiLinkOptions, numbers: WebhookNumbers) {
    this.#deps = deps
    this.#options = options
    const { account, directory, database, events, sink, fence, logger, now, random } = deps
    const settings = businessSettingsOf(options.config.current, account)
    if (settings === null) throw new DaemonError('account_not_found')
    this.#settings = settings
    this.#file = new ConnectionFile(directory)
    this.#facts = new BusinessFactsStore(database)
    this.#source = new CredentialSource({
      settings: () => this.#current.cloudApi,
      names: () => this.#current.names,
      readSecret: (reference) => options.secrets.read(reference),
      file: this.#file,
      made: () => this.#facts.current,
    })
    this.#graph = new GraphClient({
      access: () => this.#source.current,
      fetch: options.network.fetch,
      fence,
      // Whoever asked holds back first what waits.
      refused: (problem, use) => setImmediate(() => this.#life.tokenRefused(problem, use)),
      now,
    })
    this.#life = new BusinessLife({
      facts: this.#facts,
      file: this.#file,
      credentials: () => this.#followed,
      missing: () => this.#source.missing,
      graph: this.#graph,
      nameOf: (key) => this.#current.names[key],
      changed: () => events.changed(),
      readyChanged: (ready) => this.#readyChanged(ready),
      credentialsChanged: () => this.transport.tryAgain(),
      storageFailed: (error) => events.storageFailed(error),
      timings: () => ({ ...LIFE_TIMINGS, ...options.timings }),
      logger,
      now,
      random,
    })
    this.#windows = new ConversationWindows({
      database,
      number: () => this.#facts.current.phoneNumberId ?? '',
      aliasesOf: (address) => this.#inbound.people.aliasesOf(address),
      isAllowed: (address) => this.#inbound.people.isAllowed(address),
      changed: (address) => sink.windowChanged(address),
      logger,
      now,
    })
    this.#inbound = this.#openInbound(numbers)
    this.transport = this.#createTransport()
  }

  get facts(): LinkFacts {
    return this.#life.facts
  }

  get displayName(): string | null {
    return this.#facts.current.number?.verifiedName ?? null
  }

  get health(): LinkHealth {
    const { checkedAt } = this.#facts.current
    return {
      lastFrameAt: this.webhook.health.lastAt,
      lastProbeAt: checkedAt,
      decryptFailures: 0,
      canSend: this.transport.ready,
    }
  }

  get view(): BusinessView {
    const { cloudApi: settings, isTransportSet } = this.#current
    return businessView({
      account: this.#deps.account,
      settings,
      isTransportSet,
      credentials: this.#credentials,
      isCoexistence: this.#file.current?.isCoexistence === true,
      callbackUrl: this.#file.current?.callbackUrl ?? null,
      facts: this.#facts.current,
      webhook: this.webhook.health,
      ownNumber: this.#ownNumber,
      isOpen: this.#life.isOpen,
    })
  }

  get caution(): BusinessLink['caution'] {
    return businessCaution({
      credentials: this.#credentials,
      facts: this.#facts.current,
      hold: this.transport.hold,
      webhook: this.webhook.health,
      appSecretName: this.#current.names.appSecret,
      now: this.#deps.now(),
    })
  }

  get references(): readonly string[] {
    return this.#source.references
  }

  get secrets(): readonly string[] {
    const { accessToken, appSecret, verifyToken } = this.#file.current ?? NO_CONNECTION
    const { verifyToken: madeToken, pathSecret } = this.#facts.current
    return [accessToken, appSecret, verifyToken, madeToken, pathSecret].filter((each) => each !== null)
  }

  get webhook(): WebhookReceiver {
    return this.#inbound.webhook
  }

  get registered(): RegisteredForms {
    return this.#inbound.people.registered
  }

  get changedNumbers(): readonly string[] {
    return this.#inbound.people.changed.numbers
  }

  start(): void {
    this.#windows.start()
    this.#inbound.start()
    this.#finishDisconnect()
    this.#life.start()
  }

  #finishDisconnect(): void {
    try {
      finishDisconnect({ facts: this.#facts, file: this.#file, life: this.#life })
    } catch (error) {
      this.#deps.events.storageFailed(error)
    }
  }

  async stop(): Promise<void> {
    this.#life.stop()
    this.transport.stop()
    this.#windows.stop()
  }

  connect(connection: BusinessConnection): void {
    const { cloudApi: settings } = this.#current
    const before = this.#file.current
    const pathSecret = this.#source.current?.pathSecret ?? this.#facts.current.pathSecret
    const stored = mergeConnection(before, connection, { settings, pathSecret })
    this.#file.store(stored)
    const isNew = connection.accessToken !== undefined || before?.phoneNumberId !== stored.phoneNumberId
    this.transport.tryAgain()
    this.#life.resume({
      mayRegister: true,
      end: null,
      // Whoever asks for it sees each step anew.
      steps: {},
      ...(isNew && { connectedAt: this.#deps.now(), synced: [], subscribed: null }),
    })
  }

  disconnect(): Promise<boolean> {
    const businessAccountId = this.#credentials?.businessAccountId ?? null
    return disconnectBusiness({
      facts: this.#facts,
      file: this.#file,
      life: this.#life,
      references: this.references,
      provider: this.#current.cloudApi.provider,
      unsubscribe: async () =>
        businessAccountId !== null &&
        !this.#isShared(businessAccountId) &&
        unsubscribeApp(this.#graph, businessAccountId),
    })
  }

  /** Checks again now; one that was disconnected is used again. */
  reconnect(): void {
    this.transport.tryAgain()
    this.#life.resume({ end: this.#facts.current.end })
  }

  configChanged(): void {
    this.#life.lookAgain()
  }

  /** What Meta tells of the account in a webhook. Throws `StorageError`. */
  #notice(notice: BusinessNotice): void {
    const businessAccountId = this.#credentials?.businessAccountId ?? null
    takeNotice(notice, {
      to: { businessAccountId, number: this.#ownNumber },
      facts: this.#facts,
      file: this.#file,
      life: this.#life,
      templates: this.transport.templates,
      changed: () => this.#deps.events.changed(),
      logger: this.#deps.logger,
    })
  }

  #webhookChanged(): void {
    const { lastAt } = this.webhook.health
    try {
      if (this.#facts.current.firstWebhookAt === null && lastAt !== null)
        this.#facts.update({ firstWebhookAt: lastAt })
    } catch (error) {
      this.#deps.events.storageFailed(error)
    }
    this.#deps.events.changed()
  }

  /** Nothing is replaced: each request has a connection of its own. */
  replaceConnection(): void {}

  allowedChanged(): void {
    this.#inbound.people.changed.listChanged()
  }

  allowAgain(phoneNumbers: readonly string[]): void {
    this.#inbound.people.changed.allow(phoneNumbers)
  }

  /** No phone is linked, so that no code is offered: `linkRefusal` says so before. */
  link(): void {}

  cancelLink(): void {}

  answerPasskey(): never {
    throw new DaemonError('passkey_not_expected')
  }

  confirmPasskey(): never {
    throw new DaemonError('passkey_not_expected')
  }

  get #current(): BusinessSettings {
    this.#settings = businessSettingsOf(this.#options.config.current, this.#deps.account) ?? this.#settings
    return this.#settings
  }

  /** Whether another account here gets the webhooks of the same Business account. */
  #isShared(businessAccountId: string): boolean {
    return this.#options
      .registry()
      .list()
      .some(
        ({ account, linked, business }) =>
          account !== this.#deps.account && linked && business?.businessAccountId === businessAccountId,
      )
  }

  /** `null` while nobody has connected it, also after it was disconnected. */
  get #credentials(): BusinessCredentials | null {
    return this.#facts.current.isDisconnected ? null : this.#followed
  }

  /** What config, connection and environment have; nothing is done with another number before what belonged to the former one is gone. */
  get #followed(): BusinessCredentials | null {
    const { current } = this.#source
    const isOther =
      current !== null &&
      this.#facts.follow(current.phoneNumberId, (isFirst) => {
        this.#windows.numberChanged(isFirst)
        if (isFirst) return
        this.#inbound.numberChanged()
        this.#deps.sink.numberChanged()
      })
    if (isOther) this.transport.tryAgain()
    return current
  }

  /** E.164; WhatsApp writes it with spaces and dashes. Where it is not told when it is asked for, as at 360dialog, webhooks name it. */
  get #ownNumber(): string | null {
    const { number, ownNumber } = this.#facts.current
    const normalized = normalizePhoneNumber(number?.displayNumber ?? '')
    return normalized.ok ? normalized.e164 : ownNumber
  }

  /** Throws `StorageError`. */
  #ownNumberTold(ownNumber: string): void {
    if (ownNumber === this.#facts.current.ownNumber) return
    this.#facts.update({ ownNumber })
    this.#deps.events.changed()
  }

  #openInbound(numbers: WebhookNumbers): Inbound {
    return openInbound({
      ...this.#deps,
      numbers,
      credentials: () => this.#credentials,
      claim: () =>
        this.#facts.current.isDisconnected ? null : claimOf(this.#current.cloudApi, this.#file.current),
      windows: this.#windows,
      businessNotice: (field, value, business) => this.#notice({ field, value, entryId: business }),
      ownNumberTold: (ownNumber) => this.#ownNumberTold(ownNumber),
      failureOf: failureOfStatus,
      refusedLater: (address, error) => this.transport.refusedLater(address, error),
      changed: () => this.#webhookChanged(),
      storageFailed: (error) => this.#deps.events.storageFailed(error),
    })
  }

  #createTransport(): BusinessTransport {
    const { database, fence, logger, now } = this.#deps
    const { people, directory: known } = this.#inbound
    return new BusinessTransport({
      graph: this.#graph,
      access: () => this.#credentials,
      uploads: new UploadStore(database),
      people,
      answered: (contact) => known.answered(contact),
      words: known,
      windows: this.#windows,
      templates: new TemplateCatalog({ owner: () => this.#credentials, graph: this.#graph, logger, now }),
      ownNumber: () => this.#ownNumber,
      messagesPerSecond: () =>
        this.#facts.current.number?.isOnBusinessApp === true ? COEXISTENCE_RATE : null,
      fence,
      changed: () => this.#life.holdChanged(this.transport.hold),
      logger,
      now,
    })
  }

  #readyChanged(ready: boolean): void {
    this.transport.readyChanged(ready)
    this.#deps.sink.readyChanged(ready)
  }
}
