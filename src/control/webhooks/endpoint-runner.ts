import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import type { EventName } from '../../protocol/events.ts'
import { messageOf } from './webhook-body.ts'
import type { Endpoint } from './endpoint.ts'
import { type PostOutcome, postWebhook, type PostWebhookDeps } from './post-webhook.ts'
import type { Delivery, WebhookQueue } from './webhook-queue.ts'

/** Requests of one endpoint side by side, of as many conversations. */
const MAX_SIDE_BY_SIDE = 4
/** Before the tries after the first one of a delivery that its receiver did not take; 75 hours together. */
const RETRY_WAITS_MS = [
  5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 28_800_000, 43_200_000,
  43_200_000, 43_200_000, 43_200_000, 43_200_000,
]
/** Between the tries of a receiver that takes nothing: doubled from the first to the last. */
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 300_000
/** A receiver may ask for no more. */
const LONGEST_RETRY_AFTER_MS = 86_400_000
/** A delivery that is older is given up after one more try. */
export const MAX_AGE_MS = 259_200_000
/** Before the next look whether texts can be read. */
const TEXTS_RETRY_MS = 2_000
/** After the disk refused a write. */
const STORAGE_RETRY_MS = 5_000
/** So that no timer is longer than Node's longest. */
const LONGEST_TIMER_MS = 3_600_000

export interface EndpointRunnerDeps extends PostWebhookDeps {
  queue: WebhookQueue
  /** What an event carries besides, where its endpoint gets texts; `null` where that cannot be read yet. Never throws. */
  textsOf: (name: EventName, payload: object) => object | null
  /** The header that carries on the trace of what an event is about; `null` where there is none. Never throws. */
  traceparentOf: (payload: object) => string | null
  /** Of the config in force. */
  revision: () => string
  logger: Logger
  /** Between 0 and 1. */
  random: () => number
  /** Shorter waits, for tests. */
  retryWaitsMs?: readonly number[] | undefined
  firstPauseMs?: number | undefined
}

/**
 * Sends what waits for one endpoint: of each lane one after the other, lanes side by side. One that the receiver does not take holds back its
 * own lane; while the receiver takes nothing at all, one request at a time finds out whether it is back.
 */
export class EndpointRunner {
  readonly #deps: EndpointRunnerDeps
  #endpoint: Endpoint
  /** By the sequence of its delivery. */
  readonly #busy = new Map<number, Promise<void>>()
  readonly #abort = new AbortController()
  #timer: NodeJS.Timeout | undefined
  /** Tries since the receiver was last there. */
  #unavailable = 0
  #pausedUntil = 0
  #isFailing = false
  /** The revision of the config at which it wanted no more events; `undefined` before the disk was asked. */
  #gone: string | null | undefined
  #problem: string | null = null

  constructor(deps: EndpointRunnerDeps, endpoint: Endpoint) {
    this.#deps = deps
    this.#endpoint = endpoint
  }

  /** As the config in force has it. */
  get endpoint(): Endpoint {
    return this.#endpoint
  }

  /** Why nothing can be sent to it, whatever the receiver says; `null` where something can. */
  get problem(): string | null {
    return this.#problem
  }

  /** No request begins before, in milliseconds since 1970. */
  get pausedUntil(): number {
    return this.#pausedUntil
  }

  /** Another config is in force: what kept it from sending may be corrected. */
  configChanged(endpoint: Endpoint): void {
    this.#endpoint = endpoint
    if (this.#problem !== null) this.#tryNow()
    else this.wake()
  }

  /** Whatever waits is tried at once, also where the receiver wanted no more events. Throws what the disk says. */
  retryNow(): void {
    this.#deps.queue.wanted(this.#endpoint.id)
    this.#gone = null
    this.#tryNow()
  }

  #tryNow(): void {
    this.#problem = null
    this.#pausedUntil = 0
    this.wake()
  }

  /** Posts an event that says nothing, beside whatever waits. Rejects with what the disk says. */
  async test(): Promise<PostOutcome> {
    const { now } = this.#deps
    const timestamp = now().toISOString()
    const message = { type: 'webhook.test', timestamp, data: { webhook: this.#endpoint.id, at: timestamp } }
    const { signal } = this.#abort
    const id = `evt_${randomBytes(16).toString('hex')}`
    const outcome = await postWebhook(this.#deps, {
      endpoint: this.#endpoint,
      id,
      body: JSON.stringify(message),
      signal,
    })
    if (outcome.kind === 'delivered') this.retryNow()
    return outcome
  }

  /** Interrupts what is under way: it is sent again after the next start. */
  async stop(): Promise<void> {
    this.#abort.abort()
    clearTimeout(this.#timer)
    await Promise.all(this.#busy.values())
  }

  /** Begins as many requests as may run now. Never throws. */
  wake(): void {
    if (this.#abort.signal.aborted) return
    try {
      this.#begin()
    } catch (error) {
      this.#storageFailed(error)
    }
  }

  #begin(): void {
    const { queue, now } = this.#deps
    const { id } = this.#endpoint
    if (this.#gone === undefined) this.#gone = queue.record(id).goneRevision
    if (this.#gone === this.#deps.revision()) return
    // The clock may have been set back.
    this.#pausedUntil = Math.min(this.#pausedUntil, now().getTime() + LONGEST_RETRY_AFTER_MS)
    const limit = this.#unavailable > 0 ? 1 : MAX_SIDE_BY_SIDE
    while (this.#busy.size < limit && now().getTime() >= this.#pausedUntil) {
      const delivery = queue.nextDue(id, [...this.#busy.keys()])
      if (delivery === null) break
      const sent = this.#send(delivery)
        .catch((error: unknown) => this.#storageFailed(error))
        .finally(() => {
          this.#busy.delete(delivery.sequence)
          this.wake()
        })
      this.#busy.set(delivery.sequence, sent)
    }
    if (this.#busy.size < limit) this.#wakeLater(queue.nextDueAt(id, [...this.#busy.keys()]))
  }

  #wakeLater(dueAt: number | null): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (dueAt === null) return
    const wait = Math.max(dueAt, this.#pausedUntil) - this.#deps.now().getTime()
    this.#timer = setTimeout(() => this.wake(), Math.min(Math.max(wait, 1), LONGEST_TIMER_MS))
    this.#timer.unref()
  }

  /** Rejects with what the disk says. */
  async #send(delivery: Delivery): Promise<void> {
    const { queue, textsOf, revision } = this.#deps
    const begunAt = revision()
    const endpoint = this.#endpoint
    const message = delivery.event && messageOf(delivery.event, endpoint.texts ? textsOf : null)
    if (message === null) return queue.discard(endpoint.id, delivery)
    if (message === 'waits') return this.#waitForTexts(delivery)
    const { signal } = this.#abort
    try {
      const posted = {
        endpoint,
        id: delivery.messageId,
        body: JSON.stringify(message),
        traceparent: this.#deps.traceparentOf(message.data),
        signal,
      }
      this.#settle(delivery, await postWebhook(this.#deps, posted), begunAt)
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  #waitForTexts(delivery: Delivery): void {
    const { queue, now } = this.#deps
    queue.wait(delivery, {
      problem: 'the files of its account are closed',
      dueAt: now().getTime() + TEXTS_RETRY_MS,
    })
  }

  /** `begunAt`: the revision of the config under which it was posted. */
  #settle(delivery: Delivery, outcome: PostOutcome, begunAt: string): void {
    const { queue, now } = this.#deps
    const { id } = this.#endpoint
    this.#problem = outcome.kind === 'misconfigured' ? outcome.problem : null
    if (outcome.kind === 'delivered') {
      // One that ran beside the last one says nothing about the next ones.
      const isGone = this.#gone === begunAt
      queue.delivered(id, delivery, isGone)
      this.#unavailable = 0
      if (isGone) return
      this.#gone = null
      this.#report(null)
      return
    }
    const { problem } = outcome
    const retryAfter =
      'retryAfterMs' in outcome ? Math.min(outcome.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS) : 0
    const at = now().getTime()
    const isTooOld = at - delivery.queuedAt >= MAX_AGE_MS
    if (outcome.kind === 'refused') {
      this.#unavailable = 0
      const waits = this.#deps.retryWaitsMs ?? RETRY_WAITS_MS
      const wait = waits[delivery.attempts]
      if (wait === undefined || isTooOld) queue.giveUp(id, delivery, problem)
      else
        queue.failed(id, delivery, {
          problem,
          counts: true,
          dueAt: at + Math.max(this.#jitter(wait), retryAfter),
        })
    } else {
      this.#pause(retryAfter)
      if (isTooOld) queue.giveUp(id, delivery, problem)
      else queue.failed(id, delivery, { problem, counts: false, dueAt: at })
      if (outcome.kind === 'gone') {
        queue.gone(id, begunAt)
        this.#gone = begunAt
      }
    }
    this.#report(problem)
  }

  /** Nothing is sent for a while, longer each time. */
  #pause(atLeastMs: number): void {
    this.#unavailable += 1
    const first = this.#deps.firstPauseMs ?? FIRST_PAUSE_MS
    const pause = Math.min(first * 2 ** Math.min(this.#unavailable - 1, 20), LONGEST_PAUSE_MS)
    this.#pausedUntil = this.#deps.now().getTime() + Math.max(this.#jitter(pause), atLeastMs)
  }

  /** Up to a fifth shorter or longer, so that many do not come at once. */
  #jitter(milliseconds: number): number {
    return Math.round(milliseconds * (0.8 + 0.4 * this.#deps.random()))
  }

  /** One line when it begins to fail, and one when that is over. */
  #report(problem: string | null): void {
    const { logger } = this.#deps
    const isFailing = problem !== null
    if (isFailing === this.#isFailing) return
    this.#isFailing = isFailing
    const { place: webhook, id } = this.#endpoint
    if (problem === null) logger.info({ webhook, id }, 'a webhook takes events again')
    else
      logger.warn(
        { webhook, id },
        `a webhook fails: ${problem}. Its events wait; its next failures are not logged.`,
      )
  }

  /** What arrived may be sent once more: its row could not be deleted. */
  #storageFailed(error: unknown): void {
    if (this.#abort.signal.aborted) return
    this.#deps.logger.error(
      { err: error, webhook: this.#endpoint.place },
      'the queue of a webhook cannot be stored now',
    )
    this.#pausedUntil = this.#deps.now().getTime() + STORAGE_RETRY_MS
    this.#wakeLater(this.#pausedUntil)
  }
}
