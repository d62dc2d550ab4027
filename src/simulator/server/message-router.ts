import { createHash } from 'node:crypto'
import { isJidGroup, jidDecode, jidNormalizedUser } from '@whiskeysockets/baileys'
import type { Account } from './account.ts'
import { addressRefusal } from './address-rules.ts'
import type { Device } from './account.ts'
import { envelope, modeOf } from './envelope.ts'
import type { GroupChange, SimulatedGroup } from './groups/group.ts'
import { GroupRouter } from './groups/group-router.ts'
import type { LinkedCompanion } from './linked-companion.ts'
import type { Directory } from './directory.ts'
import { type Environment, seconds } from './environment.ts'
import type { PrivacyTokens } from './privacy-tokens.ts'
import type { Stanza } from '../wire/stanza.ts'
import { child, children, stanza } from '../wire/stanza.ts'

/** How many taken messages are remembered. */
const MOST_TAKEN = 10_000

type Answer = (stanza: Stanza) => void

/** A device as its account lists it. */
type NamedDevice = Pick<Device, 'account' | 'deviceId'>

interface RouterNetwork extends Environment {
  directory: Directory
  privacyTokens: PrivacyTokens
}

/** Carries messages, receipts and typing from linked clients to the devices they are for. */
export class MessageRouter {
  readonly #network: RouterNetwork
  readonly #groups: GroupRouter
  readonly #tellsChanges: boolean
  /** Messages to all devices of a person that were taken: sender, person and id. */
  readonly #taken = new Set<string>()

  /** Without `tellsChanges`, half of the notices about devices say only that the list changed, not how. */
  constructor(network: RouterNetwork, { tellsChanges }: { tellsChanges: boolean }) {
    this.#network = network
    this.#tellsChanges = tellsChanges
    this.#groups = new GroupRouter(network)
  }

  /** Acknowledges a client's message and hands each device its part. */
  message(sender: LinkedCompanion, message: Stanza, answer: Answer): void {
    const { faults, privacyTokens } = this.#network
    const number = sender.account.phoneNumber
    const error =
      this.#groups.refusal(sender, message) ??
      addressRefusal(sender, message, this.#network.directory) ??
      privacyTokens.refusal(sender, message) ??
      faults.refusedMessages.strike(number, message)
    if (error !== undefined) return answer(this.#messageAck(message, error))
    const loss = faults.lostAcks.strike(number, message)
    if (loss === 'swallow') return
    if (loss === undefined) answer(this.#messageAck(message, undefined, this.#staleListHash(sender, message)))
    if (isJidGroup(message.attrs.to)) return this.#groups.message(sender, message)
    if (this.#isRepeat(sender, message)) return
    const identity = child(message, 'device-identity')
    for (const { jid, enc } of encryptedParts(message)) {
      const device = this.#network.directory.device(jid)
      if (device === undefined) continue
      device.deliver(
        this.#envelope(sender, device, message, identity === undefined ? [enc] : [enc, identity]),
      )
    }
  }

  /** Acknowledges a client's receipt and forwards it to the devices that it is for. */
  receipt(sender: LinkedCompanion, receipt: Stanza, answer: Answer): void {
    const { id, to, type, recipient, participant } = receipt.attrs
    if (type !== 'server-error') sender.backlog.settle(receipt)
    answer(stanza('ack', { class: 'receipt', id, from: to, type, participant }))
    if (isJidGroup(to)) return this.#groups.receipt(sender, receipt)
    // About a file that is gone: for the own phone alone.
    if (type === 'server-error')
      return sender.account.primary.deliver(this.#forwarded(receipt, sender.deviceJid(modeOf(to))))
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

  /** Shows a client's typing to the other side, as long as the client says that it is online: as seen with Baileys. */
  chatState(sender: LinkedCompanion, chatState: Stanza): void {
    if (!sender.isAvailable) return
    if (isJidGroup(chatState.attrs.to)) return this.#groups.chatState(sender, chatState)
    const account = this.#network.directory.account(chatState.attrs.to)
    if (account === undefined || account === sender.account) return
    const from = sender.account.deviceJid(modeOf(chatState.attrs.to))
    const shown = stanza('chatstate', { from }, chatState.content)
    account.primary.deliver(shown)
    for (const companion of account.companions) companion.deliverTransient(shown)
  }

  /** Sends every linked client a notice that an account's list of devices has changed. */
  announceDevice(changed: NamedDevice, change: 'add' | 'remove'): void {
    if (!this.#network.faults.tellsOfDevices) return
    const { account, deviceId } = changed
    const mode = account.modeFor('lid')
    const device = stanza('device', { jid: account.deviceJid(mode, deviceId), 'key-index': String(deviceId) })
    const tellsChange = this.#tellsChanges || this.#network.random(1).readUInt8() % 2 === 0
    const notice = tellsChange
      ? stanza(change, {}, [device])
      : stanza('update', { hash: this.#network.random(4).toString('base64') })
    for (const companion of this.#network.directory.companions) {
      if (companion === changed) continue
      const id = this.#network.random(8).toString('hex')
      const attributes = {
        from: account.deviceJid(mode),
        type: 'devices',
        id,
        t: seconds(this.#network),
      }
      companion.deliver(stanza('notification', attributes, [notice]))
    }
  }

  /** Sends the linked clients of a group's members a notice of a change. */
  announceGroup(group: SimulatedGroup, change: GroupChange): void {
    this.#groups.announce(group, change)
  }

  #isRepeat(sender: LinkedCompanion, message: Stanza): boolean {
    const { directory, habits } = this.#network
    const recipient = directory.account(message.attrs.to)
    if (recipient === undefined || child(message, 'participants') === undefined) return false
    const key = `${sender.key} ${recipient.user} ${message.attrs.id ?? ''}`
    const isKnown = this.#taken.has(key)
    this.#taken.add(key)
    if (this.#taken.size > MOST_TAKEN) this.#taken.delete(this.#taken.keys().next().value ?? '')
    return isKnown && habits.dropsRepeats
  }

  #messageAck(message: Stanza, error?: number, phash?: string): Stanza {
    const { directory } = this.#network
    const former = directory.formerAccount(message.attrs.to)
    if (former !== undefined) former.sentToFormerLid += 1
    const isLidStale = former !== undefined || directory.account(message.attrs.to)?.isLidStale === true
    return stanza('ack', {
      class: 'message',
      id: message.attrs.id,
      from: message.attrs.to,
      t: seconds(this.#network),
      error: error === undefined ? undefined : String(error),
      phash,
      refresh_lid: isLidStale ? 'true' : undefined,
    })
  }

  /** The hash of the devices that a message to a person should have gone to; `undefined` when it went to all of them. */
  #staleListHash(sender: LinkedCompanion, message: Stanza): string | undefined {
    const { directory } = this.#network
    const recipient = directory.account(message.attrs.to)
    const participants = children(child(message, 'participants'), 'to')
    if (recipient === undefined || participants.length === 0) return undefined
    const nameOf = ({ account, deviceId }: NamedDevice): string => `${account.user}:${deviceId}`
    const listed = [...new Set([recipient, sender.account])].flatMap((account) =>
      account.listedDeviceIds.map((deviceId) => nameOf({ account, deviceId })),
    )
    const expected = listed.filter((name) => name !== nameOf(sender)).toSorted()
    const sent = participants.map(({ attrs }) => {
      const account = directory.account(attrs.jid)
      return account === undefined ? '' : nameOf({ account, deviceId: jidDecode(attrs.jid)?.device ?? 0 })
    })
    if (expected.length === new Set(sent).size && expected.every((name) => sent.includes(name)))
      return undefined
    return `2:${createHash('sha256').update(expected.join()).digest('base64').slice(0, 8)}`
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
