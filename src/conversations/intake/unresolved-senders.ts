import type { SenderIdentity } from '../../messaging/identity.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { Transport } from '../../messaging/transport.ts'
import type { HeldMessages } from './held-messages.ts'

/** How long a stranger's text may outlive its time, and how often WhatsApp is asked again. */
const LOOK_EVERY_MS = 60_000

/** What became of the question about a sender. */
export interface Resolution {
  address: string
  /** What the messages in question say of their sender (`IdentityClaim.alternate`). */
  alternate: string | undefined
  sender: SenderIdentity
  /** Whether WhatsApp answered; otherwise the sender is who they are without what their messages say. */
  isAnswered: boolean
}

export interface UnresolvedSendersDependencies {
  held: HeldMessages
  transport: Pick<Transport, 'ready' | 'identify' | 'resolveSender'>
  /** Called for every question that has come to an end. */
  resolved: (resolution: Resolution) => void
  /** So many messages were deleted because there was no more room. */
  dropped: (count: number) => void
  now: () => Date
}

/** Asks WhatsApp who is behind the senders whose messages are held. One question at a time for each. */
export class UnresolvedSenders {
  readonly #deps: UnresolvedSendersDependencies
  readonly #asking = new Set<string>()
  #started = false
  #looking: NodeJS.Timeout | undefined

  constructor(deps: UnresolvedSendersDependencies) {
    this.#deps = deps
  }

  start(): void {
    this.#started = true
    this.#deps.held.expire(this.#deps.now().getTime())
    this.#looking ??= setInterval(() => this.#look(), LOOK_EVERY_MS)
    this.#looking.unref()
    this.askAll()
  }

  stop(): void {
    this.#started = false
    clearInterval(this.#looking)
    this.#looking = undefined
  }

  hold(message: IncomingMessage): void {
    const dropped = this.#deps.held.hold(message, this.#deps.now().getTime())
    if (dropped > 0) this.#deps.dropped(dropped)
    this.#ask(message.sender.address, message.sender.claim?.alternate)
  }

  /** Nothing that is held counts any more. */
  forgetAll(): void {
    this.#deps.held.deleteAll()
  }

  /** After a new connection. */
  askAll(): void {
    const { held, transport } = this.#deps
    if (!this.#started || !transport.ready) return
    for (const { address, alternate } of held.senders()) this.#ask(address, alternate)
  }

  #look(): void {
    try {
      this.#deps.held.expire(this.#deps.now().getTime())
      this.askAll()
    } catch {
      // The database has reported the error to its owner; it is tried again.
    }
  }

  #ask(address: string, alternate: string | undefined): void {
    const question = `${address} ${alternate ?? ''}`
    if (!this.#started || !this.#deps.transport.ready || this.#asking.has(question)) return
    this.#asking.add(question)
    // Not within the transport's own call.
    setImmediate(() => void this.#resolve(address, alternate).finally(() => this.#asking.delete(question)))
  }

  async #resolve(address: string, alternate: string | undefined): Promise<void> {
    const { transport, resolved } = this.#deps
    let answered: SenderIdentity | null = null
    try {
      answered = await transport.resolveSender(address, alternate)
    } catch {
      // It is asked again after the next connection and from time to time, until the message expires.
    }
    if (!this.#started) return
    try {
      const isAnswered = answered !== null
      resolved({ address, alternate, sender: answered ?? this.#withoutClaim(address, alternate), isAnswered })
    } catch {
      // The database has reported the error to its owner; the message is still held.
    }
  }

  #withoutClaim(address: string, alternate: string | undefined): SenderIdentity {
    const sender = this.#deps.transport.identify(address, alternate)
    return sender.claim === undefined || sender.conflict ? sender : this.#deps.transport.identify(address)
  }
}
