import type { IncomingMessage, MessagingTransport, SenderIdentity } from '../accounts/transport.ts'
import type { HeldMessages } from './held-messages.ts'

/** How long a stranger's text may outlive its time. */
const EXPIRE_EVERY_MS = 60_000

/** Asks WhatsApp who is behind the LIDs whose messages are held. One question at a time for each. */
export class UnresolvedSenders {
  readonly #held: HeldMessages
  readonly #transport: Pick<MessagingTransport, 'ready' | 'resolveSender'>
  readonly #resolved: (sender: SenderIdentity) => void
  readonly #now: () => Date
  readonly #asking = new Set<string>()
  #started = false
  #expiring: NodeJS.Timeout | undefined

  /** `resolved` hears of every sender whose number is known now. */
  constructor(deps: {
    held: HeldMessages
    transport: Pick<MessagingTransport, 'ready' | 'resolveSender'>
    resolved: (sender: SenderIdentity) => void
    now: () => Date
  }) {
    this.#held = deps.held
    this.#transport = deps.transport
    this.#resolved = deps.resolved
    this.#now = deps.now
  }

  start(): void {
    this.#started = true
    this.#held.expire(this.#now().getTime())
    this.#expiring ??= setInterval(() => this.#expire(), EXPIRE_EVERY_MS)
    this.#expiring.unref()
    this.askAll()
  }

  stop(): void {
    this.#started = false
    clearInterval(this.#expiring)
    this.#expiring = undefined
  }

  hold(message: IncomingMessage): void {
    this.#held.hold(message, this.#now().getTime())
    this.#ask(message.sender.address)
  }

  /** Nothing that is held counts any more. */
  forgetAll(): void {
    for (const address of this.#held.addresses()) this.#held.delete(address)
  }

  /** After a new connection. */
  askAll(): void {
    for (const address of this.#held.addresses()) this.#ask(address)
  }

  #expire(): void {
    try {
      this.#held.expire(this.#now().getTime())
    } catch {
      // The database has told its owner; it is tried again.
    }
  }

  #ask(address: string): void {
    if (!this.#started || !this.#transport.ready || this.#asking.has(address)) return
    this.#asking.add(address)
    // Not within the transport's own call.
    setImmediate(() => void this.#resolve(address))
  }

  async #resolve(address: string): Promise<void> {
    try {
      const sender = await this.#transport.resolveSender(address)
      if (this.#started && sender.phoneNumber !== null) this.#resolved({ ...sender, address })
    } catch {
      // Unknown it stays; it is asked again after the next connection, until the message expires.
    } finally {
      this.#asking.delete(address)
    }
  }
}
