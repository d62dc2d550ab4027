import { whyNobodyMayWrite } from '../../access/why-nobody-may-write.ts'
import type { AccountPasskey, AccountView, LinkOffer } from '../../protocol/account/account.ts'
import type { DaemonError } from '../../protocol/errors.ts'
import { type Link, NO_LINK } from '../../transports/link.ts'
import type { AccountDependencies } from '../life/account-dependencies.ts'
import type { AccountDirectory } from '../life/account-directory.ts'
import { assistantView } from './assistant-view.ts'
import { Attention } from './attention.ts'
import { accountView } from './account-view.ts'
import { type Caution, deriveStatus, type Status } from './derive-status.ts'

export interface AccountReportDependencies extends Pick<
  AccountDependencies,
  'id' | 'config' | 'accountLimit' | 'otherWith' | 'agentHealth' | 'transcription' | 'publish' | 'now'
> {
  directory: Pick<AccountDirectory, 'parts' | 'obstacle' | 'failed' | 'asWritten'>
  stopping: () => boolean
  /** Why a request to link would be refused now; `null` where it would not. */
  linkRefusal: () => DaemonError | null
}

/** The status of an account; published only where something that people see has changed. */
export class AccountReport {
  readonly #deps: AccountReportDependencies
  #since: number
  #lastState: Status['state'] | null = null
  #lastPublished = ''
  readonly #attention: Attention
  #isQuiet = false

  constructor(deps: AccountReportDependencies) {
    this.#deps = deps
    this.#since = deps.now()
    this.#attention = new Attention(deps.config, () => performance.now())
  }

  /** Messages that failed for good, as of the last `publish`. */
  get failedMessages(): number {
    return this.#attention.found.failedMessages
  }

  status(): Status {
    const { config, directory, accountLimit, stopping } = this.#deps
    const current = config()
    const link = directory.parts?.link
    const caution = directory.parts?.caution() ?? this.#linkedTwice(link) ?? link?.business?.caution ?? null
    return deriveStatus({
      stopping: stopping(),
      enabled: current.enabled,
      obstacle: directory.obstacle,
      nobodyAllowed: whyNobodyMayWrite(current),
      mayLink: accountLimit() === null,
      link: link?.facts ?? NO_LINK,
      reachoutLock: link?.reachoutLock ?? null,
      identityAsked: link?.identityAsked ?? false,
      phoneAwaySince: link?.phoneAwaySince ?? null,
      changedNumber: link?.changedNumbers[0] ?? null,
      caution: caution && { ...caution, detail: caution.detail && directory.asWritten(caution.detail) },
    })
  }

  #linkedTwice(link: Link | undefined): Caution | null {
    const number = link?.facts.linked === true ? link.transport.ownNumber : null
    const other = number === null ? null : this.#deps.otherWith(number)
    return other === null ? null : { code: 'number_linked_twice', detail: `account ${other}` }
  }

  view(): AccountView {
    const { config, directory, linkRefusal, agentHealth, transcription, id } = this.#deps
    const { failedMessages, handedOver, takenOver, waiting } = this.#attention.found
    return accountView({
      config: config(),
      status: this.status(),
      since: this.#since,
      transport: directory.parts?.transport ?? config().transport,
      link: directory.parts?.link ?? null,
      linkedSince: directory.parts?.facts.link.linkedSince ?? null,
      failedMessages: directory.parts === null ? null : failedMessages,
      unansweredMessages: directory.parts?.conversations.skippedMessages ?? null,
      handedOver: directory.parts === null ? null : handedOver,
      takenOver: directory.parts === null ? null : takenOver,
      waiting: directory.parts === null ? null : waiting,
      redactions: directory.parts?.conversations.redactions ?? 0,
      linkRefusal: linkRefusal(),
      assistant: assistantView(config(), agentHealth(), transcription.health(id)),
    })
  }

  /** The live QR or code. Secret. */
  offer(): LinkOffer | null {
    const { id, directory } = this.#deps
    const offer = directory.parts?.link.offer ?? null
    return offer && { account: id, ...offer }
  }

  /** The live passkey ceremony. Secret. */
  passkey(): AccountPasskey | null {
    const { id, directory } = this.#deps
    const ceremony = directory.parts?.link.passkey ?? null
    return ceremony && { account: id, ...ceremony }
  }

  /** Publishes `account.status` where it says something new. `ifWritten`: what waits for a person is read only where it may have changed. */
  publish(attention?: 'ifWritten'): void {
    this.#readAttention(attention)
    const { state } = this.status()
    if (state !== this.#lastState) {
      this.#lastState = state
      this.#since = this.#deps.now()
    }
    const view = this.view()
    const shown = JSON.stringify(withoutTimes(view))
    if (shown === this.#lastPublished || this.#isQuiet) return
    this.#lastPublished = shown
    this.#deps.publish('account.status', view)
  }

  publishOffer(offer: LinkOffer): void {
    if (offer.method === 'qr') this.#deps.publish('account.qr', offer)
    else this.#deps.publish('account.linkCode', offer)
  }

  publishPasskey(): void {
    const ceremony = this.passkey()
    if (ceremony !== null) this.#deps.publish('account.passkey', ceremony)
  }

  /** The account is gone from the config: nothing of it is published any more. */
  silence(): void {
    this.#isQuiet = true
  }

  #readAttention(attention?: 'ifWritten'): void {
    const { directory } = this.#deps
    if (directory.parts === null) return
    try {
      if (attention === 'ifWritten') this.#attention.follow(directory.parts)
      else this.#attention.read(directory.parts)
    } catch (error) {
      directory.failed(error)
    }
  }
}

/** What is worth an event: not that a frame, an answer or the same failure came once more. */
function withoutTimes(view: AccountView): unknown {
  const { health, assistant } = view
  const { at: _at, ...failure } = assistant?.lastFailure ?? { at: null }
  return {
    ...view,
    health: health && { canSend: health.canSend },
    assistant: assistant && { ...assistant, lastSuccessAt: null, lastFailure: failure },
  }
}
