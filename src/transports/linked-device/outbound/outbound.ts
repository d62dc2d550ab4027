import { isJidGroup } from '@whiskeysockets/baileys'
import type { SendOutcome } from '../../../messaging/outcome.ts'
import type { OutgoingMessage } from '../../../messaging/outgoing-message.ts'
import { NoRecipientKeys } from '../devices/no-recipient-keys.ts'
import { NotInGroup } from '../groups/not-in-group.ts'
import type { LinkSocket } from '../socket/link-socket.ts'
import { withDeadline } from '../../../timing/deadline.ts'
import { deliver } from './deliver.ts'
import type { KnownRecipients } from './known-recipients.ts'
import { type DirectDelivery, outcomeOfAnswer, sendDirect } from './send-direct.ts'
import { type SendContext, sending, TakenBack } from './sending.ts'

/** A send that is stuck in queries gives up here; it is tried again under the same id. */
const SEND_DEADLINE_MS = 60_000

const NOT_IN_GROUP: SendOutcome = {
  outcome: 'refused',
  code: 'not_in_group',
  message: 'The account is not in this group any more.',
}

export interface SendDependencies {
  known: KnownRecipients
  lock: DirectDelivery['lock']
  /** How long a token may take to come, in milliseconds. */
  tokenWaitMs: number
}

/**
 * Sends one message and waits for the server's answer. Never rejects, and never outlives its socket. Everything that is not known
 * for sure is `unconfirmed`.
 */
export async function sendMessage(
  socket: LinkSocket,
  outgoing: OutgoingMessage,
  signal: AbortSignal,
  deps: SendDependencies,
): Promise<SendOutcome> {
  const over = new AbortController()
  const givenUp = new Promise<never>((_resolve, reject) => {
    over.signal.addEventListener('abort', () => reject(over.signal.reason), { once: true })
  })
  const giveUp = (why: unknown): void => over.abort(why instanceof Error ? why : new Error('cancelled'))
  const stopListening = [signal, socket.ended].map((source) => onAbort(source, giveUp))
  try {
    const context: SendContext = { plan: null, mayLeave: () => mayLeave(socket, outgoing) }
    const sent = sending.run(context, () =>
      relay(socket, outgoing, { ...deps, context, signal: over.signal }),
    )
    return await withDeadline(Promise.race([sent, givenUp]), SEND_DEADLINE_MS, () => {
      throw new Error('the send took too long')
    })
  } catch (error) {
    // What is left of it must not send anything more.
    giveUp(error)
    if (error instanceof NotInGroup) return NOT_IN_GROUP
    const why = error instanceof Error ? error.message : String(error)
    if (error instanceof TakenBack)
      return { outcome: 'unconfirmed', why, nothingLeft: true, interrupted: true }
    if (error instanceof NoRecipientKeys)
      return { outcome: 'unconfirmed', why, nothingLeft: true, hasNoKeys: true }
    return { outcome: 'unconfirmed', why, interrupted: socket.ended.aborted }
  } finally {
    for (const stop of stopListening) stop()
  }
}

/** Not while words of the owner in that chat are being taken in: they may take it over. */
function mayLeave(socket: LinkSocket, { chat, person, mayLeave: asked }: OutgoingMessage): boolean {
  if (asked?.() === false) return false
  return chat.kind === 'group' || !socket.isOwnerWritingTo(chat.address, person)
}

async function relay(
  { baileys: socket }: LinkSocket,
  outgoing: OutgoingMessage,
  deps: SendDependencies & { context: SendContext; signal: AbortSignal },
): Promise<SendOutcome> {
  const { address } = outgoing.chat
  const delivery = { ...deps, socket, outgoing }
  if (isJidGroup(address) !== true) return sendDirect(delivery)
  return outcomeOfAnswer(await deliver(delivery, address), outgoing.localId)
}

/** Calls `aborted` with the signal's reason, also when it is aborted already; answers how to stop listening. */
function onAbort(signal: AbortSignal, aborted: (reason: unknown) => void): () => void {
  const listener = (): void => aborted(signal.reason)
  if (signal.aborted) listener()
  else signal.addEventListener('abort', listener, { once: true })
  return () => signal.removeEventListener('abort', listener)
}
