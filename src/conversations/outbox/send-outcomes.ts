import type { SendFailure, SendOutcome } from '../../messaging/outcome.ts'
import type { Committed } from '../store/commit-group.ts'
import { Interruptions } from './interruptions.ts'
import type { OutboxDependencies } from './outbox-dependencies.ts'
import type { OutboxRow } from './outbox-store.ts'
import { RecipientsWithoutKeys } from './recipients-without-keys.ts'
import type { RetryWaits } from './retry-waits.ts'
import { SEND_FAILURES } from './send-failures.ts'
import type { UnsettledSends } from './unsettled-sends.ts'

/** Sends under the same id until this many were left without an answer. */
const MAX_ATTEMPTS = 10
const FIRST_RETRY_MS = 2_000
const MAX_RETRY_MS = 60_000

type Unconfirmed = Extract<SendOutcome, { outcome: 'unconfirmed' }>

export interface SendOutcomesDependencies extends Pick<
  OutboxDependencies,
  'store' | 'commits' | 'transport' | 'reached' | 'logger' | 'now' | 'random'
> {
  /** Local ids whose outcome is known but not yet on disk. */
  known: Set<string>
  unsettled: UnsettledSends
  retries: RetryWaits
  /** The acknowledgement is on disk; `isNews` unless a receipt or the owner's phone had shown before that the message arrived. */
  acknowledged: (row: OutboxRow, remoteId: string, isNews: boolean) => void
  /** Inside of a transaction: the message will not arrive. */
  fail: (row: OutboxRow, failure: SendFailure) => Committed
  /** Inside of a transaction: the message did not leave, and will not. */
  discard: (row: OutboxRow) => Committed
}

/** What becomes of a message after an attempt to send it: it is out, it is tried again, or it has failed. */
export class SendOutcomes {
  readonly #deps: SendOutcomesDependencies
  readonly #interruptions = new Interruptions()
  readonly #withoutKeys = new RecipientsWithoutKeys()

  constructor(deps: SendOutcomesDependencies) {
    this.#deps = deps
  }

  /** Conversations whose message may end connections: they go after all others. */
  get suspects(): number[] {
    return this.#interruptions.suspects
  }

  /** The message was answered, or never goes again. */
  forget(id: string): void {
    this.#deps.unsettled.settle(id)
    this.#interruptions.settled(id)
    this.#withoutKeys.settled(id)
  }

  /** Throws `StorageError`. */
  take(row: OutboxRow, outcome: SendOutcome): void {
    const { commits, store, fail, logger } = this.#deps
    if (outcome.outcome === 'acknowledged') return this.#acknowledged(row, outcome.at, outcome.remoteId)
    if (outcome.outcome === 'unconfirmed') return this.#unconfirmed(row, outcome)
    logger.warn({ code: outcome.code }, 'WhatsApp refused a message')
    commits.now(() => {
      // A receipt, or the owner's phone, may have shown meanwhile that an earlier attempt arrived.
      const isOut = store.find(row.message_id)?.state !== 'queued'
      return isOut ? undefined : fail(row, { code: outcome.code, message: outcome.message })
    })
  }

  #acknowledged(row: OutboxRow, at: Date, remoteId: string): void {
    const { commits, store, known, acknowledged, reached } = this.#deps
    this.forget(row.message_id)
    known.add(row.message_id)
    commits.later(() => {
      const isNews = store.find(row.message_id)?.state === 'queued'
      if (isNews) store.setState(row.sequence, 'acknowledged', at.getTime())
      // Each attempt has an id of its own where WhatsApp gives it.
      if (row.remote_id !== remoteId) store.setRemoteId(row.sequence, remoteId)
      const committed = isNews ? reached(row) : undefined
      return () => {
        known.delete(row.message_id)
        acknowledged(row, remoteId, isNews)
        committed?.()
      }
    })
  }

  #unconfirmed(sent: OutboxRow, outcome: Unconfirmed): void {
    const { commits, store, unsettled, fail, discard, transport, logger, retries, now } = this.#deps
    const { why, interrupted = false, hasNoKeys = false, isNotUploaded = false, hold } = outcome
    const { nothingLeft = hasNoKeys || isNotUploaded } = outcome
    // A receipt may have come meanwhile, or its conversation may have been merged into another one.
    commits.flush()
    const row = store.find(sent.message_id)
    if (row?.state !== 'queued') return
    const mustWait = unsettled.mustWait(row, nothingLeft, sent.unsettled_since !== null)
    // Its chat was taken over meanwhile. What left without an answer may have arrived: a receipt can still tell.
    if (row.withdrawn_at !== null && (nothingLeft || transport.capabilities.resend))
      return commits.now(() => (nothingLeft ? discard(row) : fail(row, SEND_FAILURES.unconfirmed)))
    if (mustWait) return logger.info({ why }, 'what became of a message is not known; it waits for a status')
    // One of the whole account is asked for before the next message.
    if (hold?.scope === 'account') return
    if (hold !== undefined) return retries.wait(row.conversation, hold.until - now().getTime(), hold)
    if (hasNoKeys) return this.#noKeys(row)
    const { message_id: id, conversation } = row
    const isAttempt = !interrupted || this.#interruptions.countsAsAttempt(id, conversation)
    const attempts = row.attempts + (isAttempt ? 1 : 0)
    logger.info({ attempts, why }, 'a message was not acknowledged')
    if (attempts >= MAX_ATTEMPTS)
      return commits.now(() => fail(row, SEND_FAILURES[isNotUploaded ? 'notUploaded' : 'unconfirmed']))
    if (isAttempt) {
      commits.now(() => {
        store.addAttempt(row.sequence)
        return undefined
      })
    }
    this.#retryWithin(row, FIRST_RETRY_MS * 2 ** Math.max(0, attempts - 1))
  }

  /** Nothing went out, and that is no attempt. The longer there were no keys, the rarer they are asked for. */
  #noKeys(row: OutboxRow): void {
    const { commits, fail, logger, now } = this.#deps
    const triedMs = this.#withoutKeys.tried(row.message_id, row.queued_at, now().getTime())
    logger.info('a message waits for keys of its recipient')
    if (triedMs === 'too long') return commits.now(() => fail(row, SEND_FAILURES.noRecipientKeys))
    this.#retryWithin(row, Math.max(FIRST_RETRY_MS, triedMs))
  }

  #retryWithin(row: OutboxRow, delayMs: number): void {
    const { transport, retries, random } = this.#deps
    // A new connection sends again at once.
    if (!transport.ready) return
    retries.wait(row.conversation, Math.min(MAX_RETRY_MS, delayMs) * (0.5 + random() / 2))
  }
}
