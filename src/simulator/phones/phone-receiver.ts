import type { Account } from '../server/account.ts'
import type { Device } from '../server/account.ts'
import { authorOf, modeOf } from '../server/envelope.ts'
import type { KeyBundle } from '../signal/key-bundle.ts'
import { memberJid } from '../server/groups/group-stanza.ts'
import type { Network } from '../server/network.ts'
import { seconds } from '../server/environment.ts'
import type { PhoneReuploads } from './media/phone-reuploads.ts'
import type { PhoneGroupOutbox } from './phone-group-outbox.ts'
import type { PhoneInbox } from './phone-inbox.ts'
import type { PhoneOutbox } from './phone-outbox.ts'
import { retryAttempt, retryReceipt } from './retry-receipt.ts'
import type { Stanza } from '../wire/stanza.ts'

const REMEMBERED_ATTEMPTS = 2000
const MOST_ATTEMPTS = 5

/** Handles what arrives at a phone: reads it, sends delivery receipts, asks for a resend, and resends. */
export class PhoneReceiver {
  readonly #account: Account
  readonly #network: Network
  readonly #inbox: PhoneInbox
  readonly #outbox: PhoneOutbox
  readonly #groups: PhoneGroupOutbox
  readonly #reuploads: PhoneReuploads | undefined
  readonly #takeBundle: () => KeyBundle
  readonly #attempts = new Map<string, number>()

  constructor(o: {
    account: Account
    network: Network
    inbox: PhoneInbox
    outbox: PhoneOutbox
    groups: PhoneGroupOutbox
    /** Absent for a device that keeps no files. */
    reuploads?: PhoneReuploads
    takeBundle: () => KeyBundle
  }) {
    this.#account = o.account
    this.#network = o.network
    this.#inbox = o.inbox
    this.#outbox = o.outbox
    this.#groups = o.groups
    this.#reuploads = o.reuploads
    this.#takeBundle = o.takeBundle
  }

  async receive(received: Stanza): Promise<void> {
    const { directory } = this.#network
    const author = authorOf(received)
    const sender = directory.device(author)
    const account = directory.account(author)
    if (account === undefined) return
    if (received.tag === 'message' && sender !== undefined) await this.#message(received, sender)
    if (received.tag === 'receipt') await this.#receipt(received, account, sender)
    if (received.tag === 'chatstate') this.#inbox.chatState(received, account)
    this.#network.changed()
  }

  async #message(received: Stanza, sender: Device): Promise<void> {
    const message = await this.#inbox.message(received, sender)
    if (message === undefined) return this.#askAgain(received, sender)
    if (sender.account === this.#account) return
    const group = this.#network.directory.group(received.attrs.from)
    if (group === undefined) this.#outbox.receipt(sender.account, message.mode, { id: message.id })
    else this.#groups.receipt(group, sender.account, { id: message.id })
  }

  #askAgain(received: Stanza, sender: Device): void {
    const attempt = this.#countAttempt(`${sender.key} ${received.attrs.id ?? ''}`)
    if (attempt > MOST_ATTEMPTS) return
    const group = this.#network.directory.group(received.attrs.from)
    const origin =
      group === undefined
        ? { from: this.#account.deviceJid(modeOf(received.attrs.from)) }
        : { from: group.jid, participant: memberJid(group, this.#account) }
    sender.deliver(
      retryReceipt(received, {
        ...origin,
        attempt,
        timestamp: seconds(this.#network),
        bundle: this.#takeBundle(),
      }),
    )
  }

  /** The phone counts its own requests: a sender that resends to everybody does not say how often it was asked. */
  #countAttempt(key: string): number {
    const attempt = (this.#attempts.get(key) ?? 0) + 1
    this.#attempts.set(key, attempt)
    if (this.#attempts.size > REMEMBERED_ATTEMPTS)
      this.#attempts.delete(this.#attempts.keys().next().value ?? '')
    return attempt
  }

  async #receipt(received: Stanza, account: Account, sender: Device | undefined): Promise<void> {
    this.#inbox.receipt(received, { account, deviceId: sender?.deviceId ?? 0 })
    if (received.attrs.type === 'server-error' && sender?.account === this.#account)
      return this.#reuploads?.answer(received, sender)
    if (received.attrs.type !== 'retry' || sender === undefined) return
    const isGroup = this.#network.directory.group(received.attrs.from) !== undefined
    const outbox = isGroup ? this.#groups : this.#outbox
    await outbox.resend(received.attrs.id ?? '', sender, retryAttempt(received))
  }
}
