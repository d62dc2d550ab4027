import { setTimeout as wait } from 'node:timers/promises'
import type { WASocket } from '@whiskeysockets/baileys'
import type { SendOutcome } from '../../../messaging/outcome.ts'
import { NoRecipientDevice } from '../devices/no-recipient-device.ts'
import { type Delivery, deliver, type ServerAnswer } from './deliver.ts'
import type { DirectRecipient, DirectRoute } from './direct-routes.ts'
import type { PrivacyToken, ReachoutLock } from './reachout-lock.ts'
import { LID_IN_QUESTION, outcomeOf, reachoutLocked, RECIPIENT_CHANGED } from './refusals.ts'

/** How long the token that a refusal makes Baileys ask for may take to come (rc14 `handleBadAck`). */
export const TOKEN_WAIT_MS = 10_000

type SendLock = Pick<ReachoutLock, 'state' | 'ask' | 'refused' | 'isRefused'>

export interface DirectDelivery extends Delivery {
  lock: SendLock
  tokenWaitMs: number
}

/** Trusted-contact tokens are not used between an account and itself, and not where WhatsApp switched them off. */
type TokenReader = Pick<WASocket, 'authState' | 'serverProps'>

interface Attempt extends DirectDelivery {
  recipient: DirectRecipient
  first: DirectRoute
  token: PrivacyToken
  receipts: { seen(): boolean }
  ask(jid: string): Promise<unknown>
}

/**
 * Sends a message to a person. An address that WhatsApp does not take is replaced by the person's other one, once; both tries have
 * the same id, so that a phone shows the message once whatever became of the first. A 463 has three causes, which are told apart
 * in this order: a number in the place of the LID; the account may write to nobody new; there is no token of this person, which
 * Baileys asks for meanwhile. A message is sent three times at most, and each time only to whom it was handed over for.
 */
export async function sendDirect(delivery: DirectDelivery): Promise<SendOutcome> {
  const { socket, outgoing, known, lock } = delivery
  const { routes } = known
  const recipient = { address: outgoing.chat.address, person: outgoing.person }
  const ask = (jid: string): Promise<unknown> =>
    socket.signalRepository.lidMapping.getLIDForPN(jid).catch(() => null)
  const written = namesOf(delivery, recipient)
  const wrong = await whyNot(delivery, recipient, written)
  if (wrong !== null) return wrong
  const first = await routes.first(recipient, ask)
  const changed = await whyNot(delivery, recipient, written)
  if (changed !== null) return changed
  const token = await tokenOf(socket, routes.addressesOf(recipient))
  const { state } = lock
  if (outgoing.chat.kind === 'direct' && state !== null && lock.isRefused(first.to, token))
    return reachoutLocked(state.until)
  const receipts = listenForReceipts(socket, outgoing.localId)
  try {
    return await attempt({ ...delivery, recipient, first, token, receipts, ask })
  } catch (error) {
    if (!(error instanceof NoRecipientDevice)) throw error
    // Nothing went out, so that no acknowledgement puts the LID in question.
    known.refresh.marked(first.to)
    const why = await whyNot(delivery, recipient, written)
    if (why === null) throw error
    return why
  } finally {
    receipts.stop()
  }
}

async function attempt(delivery: Attempt): Promise<SendOutcome> {
  const { outgoing, known, lock, recipient, receipts, first, token } = delivery
  const { routes } = known
  let names = namesOf(delivery, recipient)
  let route = first
  let answer = await deliver(delivery, route.to, route.attributes)
  if (answer.kind === 'refused') {
    const other = await routes.other(recipient, { route, error: answer.error }, delivery.ask)
    if (receipts.seen()) return accepted(outgoing.localId)
    if (other !== null) {
      const wrong = await whyNot(delivery, recipient, names)
      if (wrong !== null) return wrong
      names = namesOf(delivery, recipient)
      route = other
      answer = await deliver(delivery, route.to, route.attributes)
      if (answer.kind === 'accepted') routes.took(route)
    }
  }
  if (answer.kind !== 'refused' || answer.error !== '463') return outcomeOfAnswer(answer, outgoing.localId)
  const state = await lock.ask()
  if (typeof state === 'object') lock.refused(first.to, token)
  await wait(delivery.tokenWaitMs, undefined, { signal: delivery.signal })
  if (typeof state === 'object') {
    // One that was asked for does not open the chat; one that comes later is the person's own doing.
    lock.refused(first.to, await tokenOf(delivery.socket, routes.addressesOf(recipient)))
    return reachoutLocked(state.until)
  }
  if (receipts.seen()) return accepted(outgoing.localId)
  const wrong = await whyNot(delivery, recipient, names)
  return wrong ?? outcomeOfAnswer(await deliver(delivery, route.to, route.attributes), outgoing.localId)
}

/** The names that the recipient has now, digits; `null` where one is not known. */
function namesOf(
  { known: { routes } }: DirectDelivery,
  recipient: DirectRecipient,
): { lid: string | null; number: string | null } {
  return { lid: routes.lidOf(recipient), number: routes.numberOf(recipient) }
}

/** Why nothing may go out now to a recipient who had these names before. The acknowledgement of each try may have put them in question. */
async function whyNot(
  delivery: DirectDelivery,
  recipient: DirectRecipient,
  before: { lid: string | null; number: string | null },
): Promise<SendOutcome | null> {
  const { refresh, routes } = delivery.known
  const isSettled = await refresh.settled(before.number)
  const { lid, number } = namesOf(delivery, recipient)
  const isSame =
    (before.lid === null || before.lid === lid) && (before.number === null || before.number === number)
  if (!isSame || routes.isChanged(recipient)) return RECIPIENT_CHANGED
  return isSettled ? null : LID_IN_QUESTION
}

export function outcomeOfAnswer(answer: ServerAnswer, id: string): SendOutcome {
  if (answer.kind === 'accepted') return accepted(id)
  if (answer.kind === 'refused') return outcomeOf(answer.error)
  return { outcome: 'unconfirmed', why: 'WhatsApp did not acknowledge in time' }
}

function accepted(id: string): SendOutcome {
  return { outcome: 'acknowledged', at: new Date(), remoteId: id }
}

/** A receipt of the recipient proves that a message arrived, whatever the server said to it. */
function listenForReceipts(socket: WASocket, id: string): { seen(): boolean; stop(): void } {
  const event = `CB:receipt,id:${id}`
  let isSeen = false
  const listener = ({ attrs }: { attrs: Record<string, string> }): void => {
    if (attrs.type !== 'retry' && attrs.type !== 'sender') isSeen = true
  }
  socket.ws.on(event, listener)
  return { seen: () => isSeen, stop: () => socket.ws.off(event, listener) }
}

/** The latest of the tokens that are filed under these addresses of one person: everybody has given one whose chat with this account exists. */
async function tokenOf({ authState, serverProps }: TokenReader, addresses: string[]): Promise<PrivacyToken> {
  if (!serverProps.privacyTokenOn1to1) return ''
  const stored = Object.values(await authState.keys.get('tctoken', addresses))
  const times = stored.flatMap((each) => (each?.token.length ? [Number(each.timestamp ?? 0)] : []))
  return times.length === 0 ? null : String(Math.max(...times))
}
