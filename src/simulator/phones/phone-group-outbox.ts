import type { proto } from '@whiskeysockets/baileys'
import type { Account } from '../server/account.ts'
import type { Device } from '../server/account.ts'
import type { SimulatedGroup } from '../server/groups/group.ts'
import { devicesOf, showTyping } from '../server/groups/group-router.ts'
import { groupEnvelope, memberJid } from '../server/groups/group-stanza.ts'
import { deviceSentMessage, encodeMessage, withheldPart, withSenderKey } from './message-content.ts'
import type { Network } from '../server/network.ts'
import { seconds } from '../server/environment.ts'
import type { SentMessage } from './records.ts'
import { stanzaKind } from './stanza-kind.ts'
import type { SenderKeys } from '../signal/sender-keys.ts'
import type { SignalSessions } from '../signal/signal-sessions.ts'
import type { Stanza } from '../wire/stanza.ts'
import { stanza } from '../wire/stanza.ts'

const REMEMBERED_MESSAGES = 2000
const MOST_RETRIES = 5

interface Remembered {
  group: SimulatedGroup
  message: proto.IMessage
  attributes: Readonly<Record<string, string>>
}

/**
 * Sends a phone's messages to groups: each is encrypted once, with the phone's sender key. A device that lacks the key
 * gets it beside the message.
 */
export class PhoneGroupOutbox {
  readonly #sender: Device
  readonly #network: Network
  readonly #sessions: SignalSessions
  readonly #senderKeys: SenderKeys
  readonly #sent = new Map<string, Remembered>()

  constructor(o: { sender: Device; network: Network; sessions: SignalSessions; senderKeys: SenderKeys }) {
    this.#sender = o.sender
    this.#network = o.network
    this.#sessions = o.sessions
    this.#senderKeys = o.senderKeys
  }

  /** Encrypts and hands over a message. Throws when the phone is not in the group. */
  async send(
    id: string,
    group: SimulatedGroup,
    message: proto.IMessage,
    attributes: Readonly<Record<string, string>> = {},
  ): Promise<Pick<SentMessage, 'id' | 'mode' | 'at' | 'message'>> {
    const { account } = this.#sender
    if (!group.has(account)) throw new Error(`${account.phoneNumber} is not in ${group.subject}`)
    const remembered = { group, message, attributes }
    this.#remember(id, remembered)
    const devices = devicesOf(group).filter((device) => device !== this.#sender)
    const keys = new Map<Device, Stanza>()
    for (const device of devices) {
      if (this.#senderKeys.lacksKey(group, device)) keys.set(device, await this.#sealKey(group, device))
    }
    const body = this.#senderKeys.encrypt(group, encodeMessage(message))
    const { mediatype } = stanzaKind(message)
    const shared = stanza('enc', { v: '2', type: 'skmsg', mediatype }, body)
    for (const device of devices) {
      const key = keys.get(device)
      const withheld = withheldPart(message, device)
      this.#deliver(
        device,
        id,
        remembered,
        withheld ? [withheld] : key === undefined ? [shared] : [key, shared],
      )
    }
    return { id, mode: group.modeOf(account), at: this.#network.now(), message }
  }

  /** Sends a message again, for one device that could not read it: under its id, with a new session and the key. */
  async resend(id: string, device: Device, attempt: number): Promise<void> {
    const remembered = this.#sent.get(id)
    if (remembered === undefined || attempt > MOST_RETRIES) return
    const { group, message } = remembered
    await this.#sessions.renew(device)
    const distribution = this.#senderKeys.handOut(group, device)
    const complete = withSenderKey(message, { groupJid: group.jid, distribution })
    const isOwn = device.account === this.#sender.account
    const content = isOwn ? deviceSentMessage(group.jid, complete) : complete
    const { type, body } = await this.#sessions.encrypt(device, encodeMessage(content))
    const { mediatype } = stanzaKind(message)
    const enc = stanza('enc', { v: '2', type, count: String(attempt), mediatype }, body)
    this.#deliver(device, id, remembered, [enc])
  }

  /** A receipt, to all devices of a message's author. */
  receipt(group: SimulatedGroup, author: Account, attributes: Readonly<Record<string, string>>): void {
    const notice = stanza('receipt', { ...this.#origin(group), t: seconds(this.#network), ...attributes })
    for (const device of author.devices) if (device !== this.#sender) device.deliver(notice)
  }

  /** As `PhoneOutbox.ownRead`: of a group's message the receipt comes from the group. */
  ownRead(group: SimulatedGroup, id: string): void {
    const notice = stanza('receipt', {
      ...this.#origin(group),
      id,
      type: 'read',
      t: seconds(this.#network),
    })
    for (const companion of this.#sender.account.companions) companion.deliver(notice)
  }

  typing(group: SimulatedGroup, isTyping: boolean): void {
    const state = stanza(isTyping ? 'composing' : 'paused')
    showTyping(group, this.#sender.account, stanza('chatstate', this.#origin(group), [state]))
  }

  async #sealKey(group: SimulatedGroup, device: Device): Promise<Stanza> {
    const distribution = this.#senderKeys.handOut(group, device)
    const plaintext = encodeMessage(withSenderKey({}, { groupJid: group.jid, distribution }))
    const { type, body } = await this.#sessions.encrypt(device, plaintext)
    return stanza('enc', { v: '2', type }, body)
  }

  #deliver(device: Device, id: string, { group, message, attributes }: Remembered, content: Stanza[]): void {
    const { type, edit } = stanzaKind(message)
    const timestamp = seconds(this.#network)
    device.deliver(
      groupEnvelope({
        group,
        id,
        type,
        timestamp,
        sender: this.#sender,
        content,
        attributes: { edit, ...attributes },
      }),
    )
  }

  #origin(group: SimulatedGroup): { from: string; participant: string } {
    return { from: group.jid, participant: memberJid(group, this.#sender.account) }
  }

  #remember(id: string, remembered: Remembered): void {
    this.#sent.set(id, remembered)
    if (this.#sent.size > REMEMBERED_MESSAGES) this.#sent.delete(this.#sent.keys().next().value ?? '')
  }
}
