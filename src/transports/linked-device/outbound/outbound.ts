import {
  type BinaryNode,
  type GroupMetadata,
  isJidGroup,
  type proto,
  type WAMessageKey,
  type WASocket,
} from '@whiskeysockets/baileys'
import { textOf } from '../../../messaging/content.ts'
import type { MessageReference } from '../../../messaging/message-reference.ts'
import type { SendOutcome } from '../../../messaging/outcome.ts'
import type { OutgoingContent, OutgoingMessage } from '../../../messaging/outgoing-message.ts'
import type { ChatTimer, ChatTimers } from './chat-timers.ts'
import type { GroupDirectory } from '../groups/group-directory.ts'
import type { LinkSocket } from '../socket/link-socket.ts'
import type { LinkCaches } from '../signal/link-caches.ts'
import { NoRecipientKeys } from '../devices/no-recipient-keys.ts'
import { NotInGroup } from '../groups/not-in-group.ts'
import { reachMissedDevices } from '../devices/missed-devices.ts'
import { type SendContext, type SendPlan, sending } from './sending.ts'
import { warmGroup } from '../devices/warm-group.ts'
import { warmSessions } from '../devices/warm-sessions.ts'
import { withDeadline } from '../../../timing/deadline.ts'

/** How long WhatsApp may take to acknowledge. */
const ACK_TIMEOUT_MS = 15_000
/** A send that is stuck in queries gives up here; it is tried again under the same id. */
const SEND_DEADLINE_MS = 60_000

/** WhatsApp's refusals that trying again makes worse or cannot change. Source: WA Web's nack reasons. */
const PERMANENT_REFUSALS: Readonly<Record<string, { code: string; message: string }>> = {
  '463': {
    code: 'reachout_locked',
    message: 'WhatsApp does not let this account write to this person for now.',
  },
  '479': { code: 'stanza_invalid', message: 'WhatsApp refused the message as malformed for this recipient.' },
}

type Quote = NonNullable<Extract<OutgoingContent, { kind: 'message' }>['quote']>

const NOT_IN_GROUP: SendOutcome = {
  outcome: 'refused',
  code: 'not_in_group',
  message: 'The account is not in this group any more.',
}

/** What is remembered of those that messages go to. */
export interface KnownRecipients {
  caches: Pick<LinkCaches, 'devices' | 'keylessDevices' | 'deviceHashes'>
  groups: GroupDirectory
  timers: Pick<ChatTimers, 'of'>
}

/**
 * Sends one message and waits for the server's acknowledgement: that `relayMessage` returns proves only that bytes left.
 * Never rejects, and never outlives its socket. Everything that is not known for sure is `unconfirmed`.
 */
export async function sendMessage(
  socket: LinkSocket,
  outgoing: OutgoingMessage,
  signal: AbortSignal,
  known: KnownRecipients,
): Promise<SendOutcome> {
  let giveUp: (why: unknown) => void = () => {}
  const givenUp = new Promise<never>((_resolve, reject) => {
    giveUp = (why) => reject(why instanceof Error ? why : new Error('cancelled'))
  })
  const stopListening = [signal, socket.ended].map((source) => onAbort(source, giveUp))
  try {
    const context: SendContext = { plan: null }
    const sent = sending.run(context, () => relay(socket.baileys, outgoing, known, context))
    return await withDeadline(Promise.race([sent, givenUp]), SEND_DEADLINE_MS, () => {
      throw new Error('the send took too long')
    })
  } catch (error) {
    if (error instanceof NotInGroup) return NOT_IN_GROUP
    const why = error instanceof Error ? error.message : String(error)
    if (error instanceof NoRecipientKeys)
      return { outcome: 'unconfirmed', why, nothingLeft: true, hasNoKeys: true }
    return { outcome: 'unconfirmed', why, interrupted: socket.ended.aborted }
  } finally {
    for (const stop of stopListening) stop()
  }
}

async function relay(
  socket: WASocket,
  outgoing: OutgoingMessage,
  known: KnownRecipients,
  context: SendContext,
): Promise<SendOutcome> {
  const { localId: id } = outgoing
  const chat = outgoing.chat.address
  const { caches, groups } = known
  const isGroup = isJidGroup(chat) === true
  const plan = await planSend(socket, chat, known)
  context.plan = plan
  if (isGroup) groups.setKeyed(chat, false)
  const acknowledged = waitForAck(socket, id)
  // When the relay throws, the acknowledgement is not awaited any more.
  acknowledged.catch(() => {})
  const message = toMessage(outgoing.content, timerOf(chat, plan.group, known.timers))
  await socket.relayMessage(chat, message, { messageId: id })
  const ack = await acknowledged
  if (ack === undefined) return { outcome: 'unconfirmed', why: 'WhatsApp did not acknowledge in time' }
  const { error, phash } = ack.attrs
  if (error === undefined) {
    if (isGroup) groups.setKeyed(chat, true)
    // WhatsApp took it, and knows other devices than it went to. Some may have no keys: the same hash is no news.
    if (phash !== undefined && caches.deviceHashes.get(chat) !== phash) {
      caches.deviceHashes.set(chat, phash)
      for (const user of plan.devices.keys()) caches.devices.del(user)
      await reachMissedDevices({ socket, chat, id, message, plan }, () => planSend(socket, chat, known))
    }
    return { outcome: 'acknowledged', at: new Date(), remoteId: id }
  }
  const permanent = PERMANENT_REFUSALS[error]
  if (permanent !== undefined) return { outcome: 'refused', ...permanent }
  return { outcome: 'unconfirmed', why: `WhatsApp answered with error ${error}` }
}

/** The server's `<ack class="message">`, or `undefined` when none came; rejects when the socket ends. */
function waitForAck(socket: WASocket, id: string): Promise<BinaryNode | undefined> {
  return socket.waitForMessage<BinaryNode | undefined>(id, ACK_TIMEOUT_MS)
}

/** Whom a message to this chat can be encrypted for, as far as WhatsApp tells now. */
function planSend(socket: WASocket, chat: string, { caches, groups }: KnownRecipients): Promise<SendPlan> {
  return isJidGroup(chat) === true
    ? warmGroup(socket, chat, groups, caches)
    : warmSessions(socket, chat, caches)
}

/** How long a message to this chat is shown. Of a group WhatsApp says it with the members. */
export function timerOf(
  chat: string,
  group: GroupMetadata | undefined,
  timers: Pick<ChatTimers, 'of'>,
): ChatTimer | undefined {
  const known = timers.of(chat)
  if (group === undefined) return known
  const seconds = group.ephemeralDuration ?? 0
  return seconds === known?.seconds ? known : { seconds, setAt: 0 }
}

/** The message as it goes out; the same content gives the same message when a phone asks for it again. */
export function toMessage(content: OutgoingContent, timer?: ChatTimer): proto.IMessage {
  if (content.kind === 'reaction') {
    const { emoji, target, at } = content
    return { reactionMessage: { key: messageKey(target), text: emoji, senderTimestampMs: at.getTime() } }
  }
  const { parts, quote } = content
  const text = textOf(parts)
  const disappearing = timer === undefined || timer.seconds === 0 ? {} : contextOfTimer(timer)
  const contextInfo = { ...(quote === undefined ? {} : contextOfQuote(quote)), ...disappearing }
  if (Object.keys(contextInfo).length === 0) return { conversation: text }
  return { extendedTextMessage: { text, contextInfo } }
}

function contextOfTimer({ seconds, setAt }: ChatTimer): proto.IContextInfo {
  return { expiration: seconds, ...(setAt === 0 ? {} : { ephemeralSettingTimestamp: setAt }) }
}

function contextOfQuote({ message: { id, sender }, text }: Quote): proto.IContextInfo {
  return {
    stanzaId: id,
    ...(sender === null ? {} : { participant: sender }),
    quotedMessage: { conversation: text },
  }
}

/** Where Baileys finds a message that came in: with its author in groups, and as our own in the chat with ourselves. */
export function messageKey({ chat, id, sender }: MessageReference): WAMessageKey {
  return {
    remoteJid: chat.address,
    fromMe: chat.kind === 'self',
    id,
    ...(chat.kind === 'group' && sender !== null ? { participant: sender } : {}),
  }
}

/** Calls `aborted` with the signal's reason, also when it is aborted already; answers how to stop listening. */
function onAbort(signal: AbortSignal, aborted: (reason: unknown) => void): () => void {
  const listener = (): void => aborted(signal.reason)
  if (signal.aborted) listener()
  else signal.addEventListener('abort', listener, { once: true })
  return () => signal.removeEventListener('abort', listener)
}
