import { type BinaryNode, isJidGroup, type WASocket } from '@whiskeysockets/baileys'
import type { OutgoingMessage } from '../../../messaging/outgoing-message.ts'
import { reachMissedDevices } from '../devices/missed-devices.ts'
import { warmGroup } from '../devices/warm-group.ts'
import { warmSessions } from '../devices/warm-sessions.ts'
import { openDocument } from './document-caption.ts'
import type { KnownRecipients } from './known-recipients.ts'
import { type SendContext, type SendPlan, TakenBack } from './sending.ts'
import { ownAddress, timerOf, toMessage } from './to-message.ts'

/** How long WhatsApp may take to acknowledge. */
const ACK_TIMEOUT_MS = 15_000

/** WhatsApp names the members of this group in another way by now (WA Web's `StaleGroupAddressingMode`). */
const STALE_GROUP = '421'
/** A stanza that is not valid for this recipient: often one of a device that is gone (rc14 `handleBadAck`). */
const STALE_DEVICES = '479'

/** What WhatsApp said to one stanza. */
export type ServerAnswer =
  | { kind: 'accepted' }
  | { kind: 'refused'; error: string }
  /** Nothing, in time. */
  | { kind: 'silent' }

export interface Delivery {
  socket: WASocket
  outgoing: OutgoingMessage
  known: KnownRecipients
  /** The one that this send runs in. */
  context: SendContext
  /** Aborted when the send is given up: nothing more goes out. */
  signal: AbortSignal
}

/**
 * Sends a message once to this address and waits for the server's acknowledgement: that `relayMessage` returns proves only that
 * bytes left. Rejects when it cannot go out, and when the socket ends.
 */
export async function deliver(
  { socket, outgoing, known, context, signal }: Delivery,
  to: string,
  additionalAttributes: Readonly<Record<string, string>> = {},
): Promise<ServerAnswer> {
  const { localId: id } = outgoing
  const { caches, groups } = known
  const isGroup = isJidGroup(to) === true
  signal.throwIfAborted()
  // What is known of an earlier address says nothing of this one's devices.
  context.plan = null
  context.leaves = undefined
  context.hasLeft = undefined
  const plan = await planSend(socket, to, known)
  context.plan = plan
  signal.throwIfAborted()
  if (isGroup) groups.setKeyed(to, false)
  const acknowledged = socket.waitForMessage<BinaryNode | undefined>(id, ACK_TIMEOUT_MS)
  // When the relay throws, the acknowledgement is not awaited any more.
  acknowledged.catch(() => {})
  const message = toMessage(outgoing.content, to, {
    own: ownAddress(socket.authState.creds.me, to, plan.group),
    timer: timerOf(to, plan.group, known.timers),
    uploaded: known.uploads.of(id),
  })
  try {
    await socket.relayMessage(to, openDocument(message), {
      messageId: id,
      additionalAttributes: { ...additionalAttributes, ...revisionAttribute(outgoing.content) },
      additionalNodes: additionalNodes(outgoing.content),
    })
  } catch (error) {
    // Baileys reports that nothing could be encrypted.
    throw context.leaves === false ? new TakenBack() : error
  }
  const ack = await acknowledged
  if (ack === undefined) return { kind: 'silent' }
  const { error, phash } = ack.attrs
  if (error !== undefined) {
    // The next message, or the next try of this one, asks anew.
    if (error === STALE_GROUP) groups.changed(to)
    if (error === STALE_DEVICES) for (const user of plan.devices.keys()) caches.devices.del(user)
    return { kind: 'refused', error }
  }
  if (isGroup) groups.setKeyed(to, true)
  // WhatsApp took it, and knows other devices than it went to. Some may have no keys: the same hash is no news.
  if (phash !== undefined && caches.deviceHashes.get(to) !== phash) {
    caches.deviceHashes.set(to, phash)
    for (const user of plan.devices.keys()) caches.devices.del(user)
    await reachMissedDevices({ socket, chat: to, id, message, plan }, () => planSend(socket, to, known))
  }
  return { kind: 'accepted' }
}

/** What the stanza says of a change of an earlier message (Baileys rc14 `sendMessage`). */
function revisionAttribute({ kind }: OutgoingMessage['content']): Readonly<Record<string, string>> {
  if (kind === 'edit') return { edit: '1' }
  return kind === 'revoke' ? { edit: '7' } : {}
}

/** What WhatsApp's apps put beside the content of a poll (Baileys rc14 `sendMessage`). */
function additionalNodes(content: OutgoingMessage['content']): BinaryNode[] {
  const isPoll = content.kind === 'message' && content.part.kind === 'poll'
  return isPoll ? [{ tag: 'meta', attrs: { polltype: 'creation' } }] : []
}

/** Whom a message to this chat can be encrypted for, as far as WhatsApp tells now. */
function planSend(socket: WASocket, chat: string, { caches, groups }: KnownRecipients): Promise<SendPlan> {
  return isJidGroup(chat) === true
    ? warmGroup(socket, chat, groups, caches)
    : warmSessions(socket, chat, caches)
}
