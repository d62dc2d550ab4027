import { HOSTED_DEVICE_ID } from '../account.ts'
import type { Account, Device } from '../account.ts'
import { deviceJid } from '../envelope.ts'
import type { GroupChange, SimulatedGroup } from './group.ts'
import { groupEnvelope, groupNotice, memberJid } from './group-stanza.ts'
import type { LinkedCompanion } from '../linked-companion.ts'
import type { Directory } from '../directory.ts'
import { type Environment, seconds } from '../environment.ts'
import type { Stanza } from '../../wire/stanza.ts'
import { child, children, stanza } from '../../wire/stanza.ts'

/** The error of a message to a group that does not exist, or that its sender is not in. */
const FORBIDDEN = 403

/** Receipts for the other devices of their sender, not for the author of a message. */
const OWN_RECEIPTS: ReadonlySet<string | undefined> = new Set([
  'read-self',
  'sender',
  'hist_sync',
  'peer_msg',
])

/** Carries what linked clients send to groups: to every device of every member. */
export class GroupRouter {
  readonly #network: Pick<Environment, 'now' | 'random' | 'changed'> & { directory: Directory }

  constructor(network: Pick<Environment, 'now' | 'random' | 'changed'> & { directory: Directory }) {
    this.#network = network
  }

  /** The error with which a message is refused: only members write to a group. */
  refusal(sender: LinkedCompanion, { attrs }: Stanza): number | undefined {
    if (attrs.to?.endsWith('@g.us') !== true) return undefined
    return this.#network.directory.group(attrs.to)?.has(sender.account) === true ? undefined : FORBIDDEN
  }

  /** To every device of the group, with its own part of the keys; a resend goes only to the device that asked for it. */
  message(sender: LinkedCompanion, message: Stanza): void {
    const group = this.#network.directory.group(message.attrs.to)
    if (group === undefined) return
    const identity = children(message, 'device-identity')
    const shared = children(message, 'enc')
    const single = message.attrs.participant
    const keys = new Map(
      children(child(message, 'participants'), 'to').map((to) => [
        this.#network.directory.device(to.attrs.jid),
        children(to, 'enc'),
      ]),
    )
    for (const device of devicesOf(group)) {
      if (device === sender) continue
      if (single !== undefined && device !== this.#network.directory.device(single)) continue
      const content = [...(keys.get(device) ?? []), ...shared, ...identity]
      device.deliver(this.#envelope(group, sender, message, content))
    }
  }

  /** To the devices of the message's author; it names the device that it comes from. */
  receipt(sender: LinkedCompanion, receipt: Stanza): void {
    const { directory } = this.#network
    const { to, participant, type, id } = receipt.attrs
    const group = directory.group(to)
    const author = OWN_RECEIPTS.has(type) ? sender.account : directory.account(participant)
    if (group === undefined || author === undefined) return
    const forwarded = stanza(
      'receipt',
      {
        from: group.jid,
        participant: deviceJid(sender, group.modeOf(sender.account)),
        id,
        type,
        t: receipt.attrs.t ?? seconds(this.#network),
      },
      receipt.content,
    )
    if (type === 'retry') return directory.device(participant)?.deliver(forwarded)
    for (const device of author.devices) if (device !== sender) device.deliver(forwarded)
  }

  chatState(sender: LinkedCompanion, chatState: Stanza): void {
    const group = this.#network.directory.group(chatState.attrs.to)
    if (group?.has(sender.account) !== true) return
    const attributes = { from: group.jid, participant: memberJid(group, sender.account) }
    showTyping(group, sender.account, stanza('chatstate', attributes, chatState.content))
  }

  /** Sends the notice of a change to the linked clients of all members. */
  announce(group: SimulatedGroup, change: GroupChange): void {
    const id = this.#network.random(8).toString('hex')
    const notice = groupNotice(group, change, { id, timestamp: seconds(this.#network) })
    for (const member of group.members) for (const companion of member.companions) companion.deliver(notice)
    this.#network.changed()
  }

  #envelope(group: SimulatedGroup, sender: Device, message: Stanza, content: Stanza[]): Stanza {
    return groupEnvelope({
      group,
      id: message.attrs.id ?? '',
      type: message.attrs.type ?? 'text',
      timestamp: seconds(this.#network),
      sender,
      content,
      attributes: { edit: message.attrs.edit },
    })
  }
}

/** Every device of every member that reads groups: a hosted one does not (Baileys `relayMessage`). */
export function devicesOf(group: SimulatedGroup): Device[] {
  return group.members.flatMap(({ devices }) =>
    devices.filter(({ deviceId }) => deviceId !== HOSTED_DEVICE_ID),
  )
}

/** Shows a member's typing to the others; clients that are offline never get it. */
export function showTyping(group: SimulatedGroup, author: Account, chatState: Stanza): void {
  for (const member of group.members) {
    if (member === author) continue
    member.primary.deliver(chatState)
    for (const companion of member.companions) companion.deliverTransient(chatState)
  }
}
