import { setTimeout as wait } from 'node:timers/promises'
import { jidDecode, type WASocket } from '@whiskeysockets/baileys'
import type { SendOutcome } from '../../../messaging/outcome.ts'
import { type Delivery, deliver, type ServerAnswer } from './deliver.ts'
import type { DirectRoute } from './direct-routes.ts'
import type { ReachoutLock } from './reachout-lock.ts'
import { outcomeOf, reachoutLocked, RECIPIENT_CHANGED } from './refusals.ts'

/** How long the token that a refusal makes Baileys ask for may take to come (rc14 `handleBadAck`). */
export const TOKEN_WAIT_MS = 10_000

type SendLock = Pick<ReachoutLock, 'state' | 'ask' | 'refused' | 'isRefused'>

export interface DirectDelivery extends Delivery {
  lock: SendLock
  tokenWaitMs: number
}

/** Trusted-contact tokens are not used between an account and itself, and not where WhatsApp switched them off. */
type TokenReader = Pick<WASocket, 'authState' | 'serverProps'>

/**
 * Sends a message to a person. An address that WhatsApp does not take is replaced by the person's other one, once; both tries have
 * the same id, so that a phone shows the message once whatever became of the first. A 463 has three causes, which are told apart
 * in this order: a number in the place of the LID; the account may write to nobody new; there is no token of this person, which
 * Baileys asks for meanwhile. A message is sent three times at most.
 */
export async function sendDirect(delivery: DirectDelivery): Promise<SendOutcome> {
  const { socket, outgoing, known, lock } = delivery
  const { routes } = known
  const recipient = { address: outgoing.chat.address, person: outgoing.person }
  const ask = (jid: string): Promise<unknown> =>
    socket.signalRepository.lidMapping.getLIDForPN(jid).catch(() => null)
  const written = routes.lidOf(recipient)
  await known.refresh.settled(routes.numberOf(recipient))
  const first = await routes.first(recipient, ask)
  // The message is for whoever had the number when it was handed over.
  const isAnother = written !== null && written !== routes.lidOf(recipient)
  if (isAnother || routes.isChanged(recipient)) return RECIPIENT_CHANGED
  if (outgoing.chat.kind === 'direct' && lock.state !== null) {
    if (lock.isRefused(first.to) || !(await hasToken(socket, first))) return reachoutLocked(lock.state.until)
  }
  const receipts = listenForReceipts(socket, outgoing.localId)
  try {
    let route = first
    let answer = await deliver(delivery, route.to, route.attributes)
    if (answer.kind === 'refused') {
      const other = await routes.other(recipient, { route, error: answer.error }, ask)
      if (receipts.seen()) return accepted(outgoing.localId)
      if (other !== null) {
        route = other
        answer = await deliver(delivery, route.to, route.attributes)
        if (answer.kind === 'accepted') routes.took(route)
      }
    }
    if (answer.kind === 'refused' && answer.error === '463') return await afterLock(delivery, route, receipts)
    return outcomeOfAnswer(answer, outgoing.localId)
  } finally {
    receipts.stop()
  }
}

/** After a 463 that is not about the address. */
async function afterLock(
  delivery: DirectDelivery,
  route: DirectRoute,
  receipts: { seen(): boolean },
): Promise<SendOutcome> {
  const { lock, signal, tokenWaitMs, outgoing } = delivery
  const state = await lock.ask()
  if (typeof state === 'object') {
    lock.refused(route.to)
    return reachoutLocked(state.until)
  }
  await wait(tokenWaitMs, undefined, { signal })
  if (receipts.seen()) return accepted(outgoing.localId)
  return outcomeOfAnswer(await deliver(delivery, route.to, route.attributes), outgoing.localId)
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

/** Whether the person has given this account a token, as everybody does whose chat with it exists. */
async function hasToken({ authState, serverProps }: TokenReader, { to }: DirectRoute): Promise<boolean> {
  if (!serverProps.privacyTokenOn1to1 || jidDecode(to) === undefined) return true
  const stored = (await authState.keys.get('tctoken', [to]))[to]
  return (stored?.token.length ?? 0) > 0
}
