import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { SendHold } from '../../../messaging/send-hold.ts'
import type { SendOutcome } from '../../../messaging/outcome.ts'
import type { OutgoingMessage } from '../../../messaging/outgoing-message.ts'
import { isRecord } from '../../../protocol/is-record.ts'
import { isIdentifier } from '../../../text/bounded-text.ts'
import type { GraphAnswer, GraphClient } from '../graph/graph-client.ts'
import { failureOf } from '../graph/problem-sentences.ts'
import type { GraphProblem } from '../graph/graph-problem.ts'
import { type RecipientFields, recipientOf } from './recipient.ts'
import type { SendPauses } from './send-pauses.ts'
import { toRequest } from './to-request.ts'
import type { ConversationWindows } from '../window/conversation-windows.ts'

/** Who a message went to, by Meta's answer. */
export interface AnsweredContact {
  /** Where it was sent. */
  address: string
  /** Digits; another form of the number than was asked for, where Meta knows it so (Brazil, Mexico). */
  number: string | null
  /** `AT.98aZ`. */
  businessId: string | null
}

export interface SendMessageDependencies {
  graph: Pick<GraphClient, 'call'>
  pauses: Pick<SendPauses, 'holdOf' | 'takePlace' | 'left' | 'accepted' | 'refused'>
  /** Of the number that sends; `null` without credentials. */
  phoneNumberId: () => string | null
  /** Of the file of a message, by its local id. */
  mediaIdOf: (localId: string) => string | null
  /** The upload of this message's file is used no more. */
  forgetUpload: (localId: string) => void
  /** The number in E.164 that belongs to the person at this address, shown by the same webhook; `null` where none is known. */
  numberOf: (address: string) => string | null
  answered: (contact: AnsweredContact) => void
  windows: Pick<ConversationWindows, 'refusal' | 'refused'>
  /** Throws when another process may own the account by now. */
  fence: (() => void) | undefined
  logger: Logger
  now: () => number
}

/**
 * Codes with which Meta wants a number in the place of an id. Others may say that the id is nobody's any more: the number that was known with
 * it may be somebody else's by now.
 */
const NEEDS_NUMBER: ReadonlySet<number> = new Set([131008, 131030, 131062])
const INVALID_PARAMETER = 100
const NUMBER_REQUIRED = /parameter \W?to\W? is required/i

/**
 * Sends one message and waits for Meta's answer. Nothing leaves while a pause holds. An answer that was lost is `unconfirmed`: Meta knows no
 * id of ours by which a second send would show once. Rejects never.
 */
export async function sendMessage(
  message: OutgoingMessage,
  signal: AbortSignal,
  deps: SendMessageDependencies,
): Promise<SendOutcome> {
  const { address, kind } = message.chat
  const recipient = kind === 'direct' ? recipientOf(address) : null
  if (recipient === null)
    return {
      outcome: 'refused',
      code: 'not_supported',
      message: 'A Business number writes to single people alone.',
    }
  const request = toRequest(message, deps.mediaIdOf(message.localId))
  if (!request.ok) return { outcome: 'refused', code: request.code, message: request.message }
  const post = (to: RecipientFields): Promise<SendOutcome | GraphProblem> =>
    attempt(message, { ...request.json, ...to }, signal, deps)
  const first = await post(recipient)
  if ('outcome' in first) return first
  const number = deps.numberOf(address)
  const isNumberWanted = needsNumber(first) && 'recipient' in recipient
  if (!isNumberWanted || number === null) return outcomeOf(first, message, deps)
  deps.logger.info(
    { code: first.code },
    'Meta does not take the id of a person for this message; their number is used',
  )
  const second = await post({ to: number })
  return 'outcome' in second ? second : outcomeOf(second, message, deps)
}

function needsNumber({ code, details }: GraphProblem): boolean {
  if (code === INVALID_PARAMETER) return NUMBER_REQUIRED.test(details)
  return code !== null && NEEDS_NUMBER.has(code)
}

async function attempt(
  { chat, localId, mayLeave, content }: OutgoingMessage,
  json: unknown,
  signal: AbortSignal,
  deps: SendMessageDependencies,
): Promise<SendOutcome | GraphProblem> {
  const { graph, pauses, windows, phoneNumberId, fence, now } = deps
  const id = phoneNumberId()
  if (id === null) return nothingLeft('there are no credentials')
  try {
    if (pauses.holdOf(chat.address) === null) await delay(pauses.takePlace(), undefined, { signal })
    fence?.()
  } catch (error) {
    return nothingLeft(error instanceof Error ? error.message : String(error))
  }
  const hold = pauses.holdOf(chat.address)
  if (hold !== null) return held(hold)
  if (mayLeave?.() === false) return nothingLeft('it was taken back')
  const closed = windows.refusal(chat.address, content)
  if (closed !== null) return closed
  pauses.left(chat.address)
  const askedAt = now()
  const answer = await graph.call({
    method: 'POST',
    path: `${id}/messages`,
    json,
    signal,
    ends: 'permission',
  })
  if (answer.ok) return accepted(answer, { address: chat.address, localId }, deps)
  if (answer.problem.kind === 'window_closed') windows.refused(chat.address, askedAt)
  return answer.problem
}

function accepted(
  { body }: Extract<GraphAnswer, { ok: true }>,
  { address, localId }: { address: string; localId: string },
  { pauses, answered, logger, now }: SendMessageDependencies,
): SendOutcome {
  const [message] = list(body, 'messages')
  const remoteId = text(message, 'id')
  if (remoteId === null || !isIdentifier(remoteId)) {
    logger.warn({ localId }, 'Meta took a message and named no id of it')
    return { outcome: 'unconfirmed', why: 'Meta took it and named no id of it' }
  }
  pauses.accepted(address)
  const [contact] = list(body, 'contacts')
  const number = text(contact, 'wa_id')
  const businessId = text(contact, 'user_id')
  if (number !== null || businessId !== null) answered({ address, number, businessId })
  return { outcome: 'acknowledged', at: new Date(now()), remoteId }
}

function outcomeOf(
  problem: GraphProblem,
  { chat, localId, content }: OutgoingMessage,
  { pauses, forgetUpload }: SendMessageDependencies,
): SendOutcome {
  const why = `Meta answered with error ${problem.code ?? 'of no code'} (${problem.kind})`
  const hold = pauses.refused(chat.address, problem)
  if (problem.mayHaveLeft) return { outcome: 'unconfirmed', why: `${why}: ${problem.details}` }
  if (hold !== null) return held(hold)
  if (problem.kind === 'retry') return { outcome: 'unconfirmed', why, nothingLeft: true }
  // Its file may be what Meta does not take, or have any more: a person who sends it again sends a new upload.
  if (content.kind === 'message' && content.part.kind === 'file') forgetUpload(localId)
  return { outcome: 'refused', ...failureOf(problem) }
}

function held(hold: SendHold): SendOutcome {
  return {
    outcome: 'unconfirmed',
    why: `it is held: ${hold.code}`,
    nothingLeft: true,
    interrupted: true,
    hold,
  }
}

function nothingLeft(why: string): SendOutcome {
  return { outcome: 'unconfirmed', why, nothingLeft: true, interrupted: true }
}

function list(body: unknown, name: string): unknown[] {
  const found = isRecord(body) ? body[name] : undefined
  return Array.isArray(found) ? found : []
}

function text(value: unknown, name: string): string | null {
  const found = isRecord(value) ? value[name] : undefined
  return typeof found === 'string' && found !== '' ? found : null
}
