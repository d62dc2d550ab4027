import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../../src/client/client.ts'
import { RequestError } from '../../../src/client/request-error.ts'
import type { MethodName, MethodParams, MethodResult } from '../../../src/protocol/methods.ts'
import type { ControlPlane } from '../assistants/assistant.ts'
import type { CastGroup } from '../cast.ts'
import type { Ledger } from '../ledger.ts'
import type { Place } from '../question.ts'
import type { PlannedSend } from './plan-sends.ts'

const POLL_MS = 20
const ANSWER_LIMIT_MS = 3_000
/** Longer than a daemon takes to come up. */
const PATIENCE_MS = 60_000
/** After these nobody knows whether the message was taken, or it may be taken a moment later: the same request comes again. */
const NOT_DEFINITE: ReadonlySet<string> = new Set([
  'timeout',
  'connection_lost',
  'closed',
  'daemon_offline',
  'connect_failed',
  'stopping',
  'storage_error',
  'owner_busy',
  'rate_limited',
])

/** A program that sends by the control plane, each message under an id of its own, until the daemon says what became of the request. */
export class SendingProgram {
  readonly #controlPlane: ControlPlane
  readonly #ledger: Ledger
  #client: WhatsappdClient | null = null
  /** Behind each other, as programs send to one person. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(controlPlane: ControlPlane, ledger: Ledger) {
    this.#controlPlane = controlPlane
    this.#ledger = ledger
  }

  /** Makes planned requests, each at its time or behind the one before. Resolves when all are answered. */
  async send(
    plans: readonly PlannedSend[],
    o: { placeOf: (group: CastGroup | null) => Place; note: (what: string) => void },
  ): Promise<void> {
    const startedAt = performance.now()
    for (const plan of plans) {
      await delay(Math.max(0, startedAt + plan.afterMs - performance.now()))
      this.#last = this.#last.then(() => this.#sendOne(plan, o))
    }
    await this.#last
  }

  /** Asks what became of what was accepted and did not arrive. */
  async askAgain(): Promise<void> {
    for (const request of this.#ledger.programs.outstanding) {
      const { messageId } = request
      if (messageId === null) continue
      const { state } = await this.#request('messages.get', { account: 'default', messageId })
      this.#ledger.programs.ended(request, state)
    }
  }

  /** Resolves when nothing waits for a receiver of events any more, or with what waits after a minute. */
  async eventsPosted(): Promise<number> {
    const deadline = performance.now() + PATIENCE_MS
    for (;;) {
      const waits = await this.#retryPosts().catch(() => Infinity)
      if (waits === 0 || performance.now() > deadline) return waits
      await delay(POLL_MS * 10)
    }
  }

  stop(): void {
    this.#client?.close()
  }

  async #retryPosts(): Promise<number> {
    const { webhooks } = await this.#request('webhooks.list', {})
    for (const { webhook } of webhooks) await this.#request('webhooks.retry', { webhook })
    return webhooks.reduce((sum, { queued, dead }) => sum + queued + dead, 0)
  }

  async #sendOne(
    plan: PlannedSend,
    { placeOf, note }: { placeOf: (group: CastGroup | null) => Place; note: (what: string) => void },
  ): Promise<void> {
    const { to, as, queues } = plan
    const place = placeOf('group' in to ? to.group : null)
    const request = this.#ledger.programs.newRequest(plan, place)
    const params = {
      account: 'default',
      to: 'person' in to ? to.person.phoneNumber : (place.chat ?? ''),
      text: request.words.join(' '),
      clientMessageId: request.name,
      queue: queues,
      as,
    }
    for (let time = 0; time <= plan.repeats; time++) {
      const answer = await this.#answerTo(params)
      note(`${request.name} ${as}: ${typeof answer === 'string' ? answer : answer.state}`)
      if (typeof answer === 'string') return this.#ledger.programs.refused(request, plan, answer)
      this.#ledger.programs.accepted(request, plan, answer.messageId)
    }
  }

  /** The message, or the code with which it was refused. */
  async #answerTo(params: MethodParams<'messages.send'>): Promise<MethodResult<'messages.send'> | string> {
    const deadline = performance.now() + PATIENCE_MS
    for (;;) {
      try {
        return await this.#request('messages.send', params)
      } catch (error) {
        if (!(error instanceof RequestError)) throw error
        if (!NOT_DEFINITE.has(error.code)) return error.code
        if (performance.now() > deadline) return 'nobody knows'
        await delay(POLL_MS)
      }
    }
  }

  async #request<Name extends MethodName>(
    name: Name,
    params: MethodParams<Name>,
  ): Promise<MethodResult<Name>> {
    const client = await this.#connected()
    try {
      return await client.request(name, params, { timeoutMs: ANSWER_LIMIT_MS })
    } catch (error) {
      const isOver = error instanceof RequestError && NOT_DEFINITE.has(error.code)
      if (isOver && this.#client === client) this.#client = null
      if (isOver) client.close()
      throw error
    }
  }

  async #connected(): Promise<WhatsappdClient> {
    if (this.#client !== null) return this.#client
    const place = this.#controlPlane()
    if (place === null) throw new RequestError('daemon_offline', 'it is not up', { retryable: true })
    const client = new WhatsappdClient({ ...place, WebSocket, reconnect: false })
    // A paused process accepts the connection and says nothing.
    const timer = setTimeout(() => client.close(), ANSWER_LIMIT_MS)
    try {
      await client.connect()
    } finally {
      clearTimeout(timer)
    }
    this.#client = client
    return client
  }
}
