import { isJidGroup, jidNormalizedUser } from '@whiskeysockets/baileys'
import type { Account } from './account.ts'
import type { Device } from './device.ts'
import { envelope, modeOf } from './envelope.ts'
import type { GroupChange, SimulatedGroup } from './group.ts'
import { GroupRouter } from './group-router.ts'
import type { LinkedCompanion } from './linked-companion.ts'
import type { Network } from './network.ts'
import { seconds } from './network.ts'
import type { Stanza } from './stanza.ts'
import { child, children, stanza } from './stanza.ts'

type Answer = (stanza: Stanza) => void

/** Carries messages, receipts and typing from linked clients to the devices they are for. */
export class MessageRouter {
  readonly #network: Omit<Network, 'router'>
  readonly #groups: GroupRouter

  constructor(network: Omit<Network, 'router'>) {
    this.#network = network
    this.#groups = new GroupRouter(network)
  }

  /** Acknowledges a client's message and hands each device its part. */
  message(sender: LinkedCompanion, message: Stanza, answer: Answer): void {
    const { faults } = this.#network
    const number = sender.account.phoneNumber
    const error = this.#groups.refusal(sender, message) ?? faults.refusedMessages.strike(number, message)
    if (error !== undefined) return answer(this.#messageAck(message, error))
    const loss = faults.lostAcks.strike(number, message)
    if (loss === 'swallow') return
    if (loss === undefined) answer(this.#messageAck(message))
    if (isJidGroup(message.attrs.to)) return this.#groups.message(sender, message)
    const identity = child(message, 'device-identity')
    for (const { jid, enc } of encryptedParts(message)) {
      const device = this.#network.directory.device(jid)
      if (device === undefined) continue
      device.deliver(
        this.#envelope(sender, device, message, identity === undefined ? [enc] : [enc, identity]),
      )
    }
  }

  /** Acknowledges a client's receipt and shows it to whom it concerns. */
  receipt(sender: LinkedCompanion, receipt: Stanza, answer: Answer): void {
    sender.backlog.settle(receipt)
    const { id, to, type, recipient, participant } = receipt.attrs
    answer(stanza('ack', { class: 'receipt', id, from: to, type, participant }))
    if (isJidGroup(to)) return this.#groups.receipt(sender, receipt)
    const chat = to ?? recipient
    const isForOwnDevices =
      type === 'read-self' || type === 'sender' || type === 'hist_sync' || type === 'peer_msg'
    const account = isForOwnDevices ? sender.account : this.#network.directory.account(chat)
    if (account === undefined) return
    const mode = modeOf(chat)
    const fromDevice = this.#forwarded(receipt, sender.deviceJid(mode))
    if (type === 'retry') this.#network.directory.device(chat)?.deliver(fromDevice)
    else
      this.#deliverToOthers(
        account,
        sender,
        fromDevice,
        this.#forwarded(receipt, sender.account.deviceJid(mode)),
      )
  }

  /** Shows a client's typing to the other side. */
  chatState(sender: LinkedCompanion, chatState: Stanza): void {
    if (isJidGroup(chatState.attrs.to)) return this.#groups.chatState(sender, chatState)
    const account = this.#network.directory.account(chatState.attrs.to)
    if (account === undefined || account === sender.account) return
    const from = sender.account.deviceJid(modeOf(chatState.attrs.to))
    const shown = stanza('chatstate', { from }, chatState.content)
    account.primary.deliver(shown)
    for (const companion of account.companions) companion.deliverTransient(shown)
  }

  /** Tells every linked client that an account's list of devices has changed. */
  announceDevice(changed: LinkedCompanion, change: 'add' | 'remove'): void {
    for (const companion of this.#network.directory.companions) {
      if (companion === changed) continue
      const mode = changed.account.modeFor('lid')
      const device = stanza('device', { jid: changed.deviceJid(mode), 'key-index': String(changed.deviceId) })
      const id = this.#network.random(8).toString('hex')
      const attributes = {
        from: changed.account.deviceJid(mode),
        type: 'devices',
        id,
        t: seconds(this.#network),
      }
      companion.deliver(stanza('notification', attributes, [stanza(change, {}, [device])]))
    }
  }

  /** Tells the linked clients of a group's members what happened to it. */
  announceGroup(group: SimulatedGroup, change: GroupChange): void {
    this.#groups.announce(group, change)
  }

  #messageAck(message: Stanza, error?: number): Stanza {
    return stanza('ack', {
      class: 'message',
      id: message.attrs.id,
      from: message.attrs.to,
      t: seconds(this.#network),
      error: error === undefined ? undefined : String(error),
    })
  }

  #envelope(sender: LinkedCompanion, device: Device, message: Stanza, content: Stanza[]): Stanza {
    const to = message.attrs.recipient ?? message.attrs.to
    const mode = modeOf(to)
    const chat = this.#network.directory.account(to)
    const alternate = chat?.alternateJid(mode)
    const isPeer = message.attrs.category === 'peer'
    return envelope({
      id: message.attrs.id ?? '',
      type: message.attrs.type ?? 'text',
      timestamp: seconds(this.#network),
      mode,
      sender,
      senderName: sender.name,
      recipient: device,
      chat: isPeer ? undefined : { jid: jidNormalizedUser(to), alternate },
      content,
      attributes: { edit: message.attrs.edit, ...(isPeer ? { category: 'peer' } : {}) },
    })
  }

  #forwarded(receipt: Stanza, from: string): Stanza {
    const { id, type, recipient } = receipt.attrs
    const t = receipt.attrs.t ?? seconds(this.#network)
    return stanza('receipt', { from, id, type, t, recipient }, receipt.content)
  }

  /** Phones learn which device a receipt comes from; linked clients know chats by account. */
  #deliverToOthers(account: Account, sender: LinkedCompanion, fromDevice: Stanza, fromAccount: Stanza): void {
    account.primary.deliver(fromDevice)
    for (const companion of account.companions) if (companion !== sender) companion.deliver(fromAccount)
  }
}

/** A message's ciphertexts and whom each is for: many devices, or the single one of a resend or a peer message. */
function encryptedParts(message: Stanza): { jid: string; enc: Stanza }[] {
  const single = child(message, 'enc')
  if (single !== undefined) return [{ jid: message.attrs.to ?? '', enc: single }]
  return children(child(message, 'participants'), 'to').flatMap((to) => {
    const enc = child(to, 'enc')
    return enc === undefined ? [] : [{ jid: to.attrs.jid ?? '', enc }]
  })
}
