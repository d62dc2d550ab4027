import {
  type Account,
  type AddressingMode,
  type Companion,
  HOSTED_DEVICE_ID,
  type KeyRefusal,
} from '../server/account.ts'
import type { Network } from '../server/network.ts'
import { SenderKeys } from '../signal/sender-keys.ts'
import { SerialQueue } from '../signal/serial-queue.ts'
import { SignalIdentity } from '../signal/signal-identity.ts'
import { SignalSessions } from '../signal/signal-sessions.ts'
import type { Stanza } from '../wire/stanza.ts'
import { textMessage } from './message-content.ts'
import { PhoneMedia } from './media/phone-media.ts'
import { PhoneGroupOutbox } from './phone-group-outbox.ts'
import { PhoneInbox } from './phone-inbox.ts'
import { PhoneOutbox } from './phone-outbox.ts'
import { PhoneReceiver } from './phone-receiver.ts'

/**
 * The device that Meta hosts for a business which also uses the Cloud API: number 99, in a domain of its own. It reads and
 * writes direct messages as the business, and no groups. Sources: Baileys rc14 `extractDeviceJids`, `relayMessage`. How it
 * proves whose device it is, is not modelled.
 */
export class HostedDevice implements Companion {
  readonly account: Account
  readonly deviceId = HOSTED_DEVICE_ID
  readonly key: string
  readonly inbox: PhoneInbox
  readonly #network: Network
  readonly #identity: SignalIdentity
  readonly #outbox: PhoneOutbox
  readonly #receiver: PhoneReceiver
  readonly #work = new SerialQueue()

  constructor(network: Network, account: Account) {
    this.#network = network
    this.account = account
    this.key = `${account.user}/${HOSTED_DEVICE_ID}`
    this.#identity = new SignalIdentity(network.random(2).readUInt16BE() & 0x3fff)
    const sessions = new SignalSessions(this.key, this.#identity)
    const keys = { network, sessions, senderKeys: new SenderKeys(network.random) }
    this.inbox = new PhoneInbox({
      account,
      timers: new Map(),
      media: new PhoneMedia(network),
      find: () => undefined,
      ...keys,
    })
    this.#outbox = new PhoneOutbox({ sender: this, network, sessions })
    this.#receiver = new PhoneReceiver({
      account,
      network,
      inbox: this.inbox,
      outbox: this.#outbox,
      groups: new PhoneGroupOutbox({ sender: this, ...keys }),
      takeBundle: () => this.takeBundle(),
    })
  }

  /** Of the business. */
  get name(): string {
    return this.account.primary.name
  }

  get identityKey(): Uint8Array {
    return this.#identity.identity.public
  }

  takeBundle(): ReturnType<SignalIdentity['takeBundle']> {
    return this.#identity.takeBundle()
  }

  /** Whether the server gives others its keys, or how it refuses them. */
  set keys(keys: KeyRefusal | 'given') {
    this.account.hostedKeys = keys
  }

  /** A program of the business writes. Resolves with the id. */
  async sendText(to: Account, text: string, addressing: AddressingMode = 'lid'): Promise<string> {
    const id = this.#network.random(10).toString('hex').toUpperCase()
    await this.#work.run(() => this.#outbox.send(id, to, addressing, textMessage(text)))
    return id
  }

  deliver(received: Stanza): void {
    this.#work
      .run(() => this.#receiver.receive(received))
      .catch((error: unknown) => this.inbox.failed(received, error))
  }

  /** A program has no screen. */
  deliverTransient(): void {}
}
