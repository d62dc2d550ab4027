import { kindOfOutgoing } from '../../messaging/content-kind.ts'
import type { OutgoingContent, OutgoingMessage } from '../../messaging/outgoing-message.ts'
import type { SendOutcome } from '../../messaging/outcome.ts'
import type { TraceSpan } from '../../observability/traces/account-traces.ts'
import { numberOf } from '../store/person.ts'
import type { OutboxDependencies } from './outbox-dependencies.ts'
import type { OutboxRow } from './outbox-store.ts'
import { SEND_FAILURES } from './send-failures.ts'
import { isAboutAnother } from './stored-content.ts'

export interface TransmitDependencies extends Pick<
  OutboxDependencies,
  'transport' | 'contentOf' | 'store' | 'refusalOf' | 'counts' | 'traces' | 'traceOf'
> {
  /** It goes out now. Throws `StorageError`. */
  leaves: (row: OutboxRow) => void
}

/**
 * One attempt to send a row. Its file goes first, which may take minutes: whether the message may go out is asked again then, and once more in
 * the moment in which it leaves. Rejects with `StorageError`.
 */
export async function transmit(
  deps: TransmitDependencies,
  row: OutboxRow,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const { traces } = deps
  if (traces === undefined) return transmitWithin(deps, row, signal)
  const attributes = { 'whatsappd.attempt': row.attempts + 1 }
  const span = traces.begin('send', deps.traceOf(row), { attributes })
  try {
    const sent = await transmitWithin(deps, row, signal, span)
    const why = sent.outcome === 'refused' ? sent.code : sent.outcome
    span.end({
      attributes: { 'whatsappd.outcome': sent.outcome },
      ...(sent.outcome !== 'acknowledged' && { error: why }),
    })
    return sent
  } catch (error) {
    span.end({ error: 'failed' })
    throw error
  }
}

async function transmitWithin(
  { transport, contentOf, store, refusalOf, counts, traces, traceOf, leaves }: TransmitDependencies,
  row: OutboxRow,
  signal: AbortSignal,
  within?: TraceSpan,
): Promise<SendOutcome> {
  /** As it is now; `undefined` where it was taken back. */
  const standing = (): OutboxRow | undefined => {
    const current = store.find(row.message_id)
    const isStanding = current?.state === 'queued' && current.text !== '' && current.withdrawn_at === null
    return isStanding ? current : undefined
  }
  const message = (current: OutboxRow, content: OutgoingContent): OutgoingMessage => ({
    localId: current.message_id,
    chat: { kind: current.chat_kind, address: current.chat },
    person: numberOf(current.conversation_name),
    content,
    mayLeave: () => {
      const now = standing()
      return now !== undefined && refusalOf(now) === null
    },
  })
  const planned = contentOf(row)
  const gone = isAboutAnother(row.content) ? 'targetGone' : 'fileGone'
  if (planned === null) return { outcome: 'refused', ...SEND_FAILURES[gone] }
  const failed = await transport.upload(message(row, planned), signal)
  if (failed !== null) return failed
  const current = standing()
  const content = current === undefined ? null : contentOf(current)
  if (current === undefined || content === null)
    return { outcome: 'unconfirmed', why: 'it was taken back', nothingLeft: true, interrupted: true }
  const refusal = refusalOf(current)
  if (refusal !== null) return { outcome: 'refused', ...refusal }
  leaves(current)
  if (current.attempts > 0) counts.retries += 1
  const began = performance.now()
  const ack = traces?.begin('ack', traceOf(row), { within })
  const sent = await transport.send(message(current, content), signal).catch((error: unknown) => {
    ack?.end({ error: 'failed' })
    throw error
  })
  ack?.end(sent.outcome === 'acknowledged' ? {} : { error: sent.outcome })
  counts.sent.add(`${kindOfOutgoing(content)} ${sent.outcome}`)
  if (sent.outcome === 'acknowledged') counts.acknowledgements.observe((performance.now() - began) / 1_000)
  return sent
}
