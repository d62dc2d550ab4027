import type { Recording } from '../../phones/recording.ts'
import type { BusinessEnvironment } from '../business-environment.ts'
import { DAY_MS } from '../business-habits.ts'
import { escaped, type signatureHeaders, webhookBody } from './webhook-body.ts'
import type { WebhookUpdate } from './webhook-update.ts'

const GIVE_UP_AFTER_MS = 7 * DAY_MS
const MAX_BODY_BYTES = 3_000_000

/** A webhook that was posted, and how it was answered. */
export interface PostedWebhook {
  at: number
  url: string
  /** `null`: no answer. */
  status: number | null
  tookMs: number
  updates: number
  body: string
}

/** What an outlet needs of the platform. */
export type OutletEnvironment = Pick<
  BusinessEnvironment,
  'now' | 'random' | 'habits' | 'faults' | 'later' | 'stepped'
>

/** Where webhooks go, and how they are signed. */
export interface OutletAddress {
  url: string
  /** `null`: nothing is signed. */
  secret: string | null
  signs: typeof signatureHeaders
}

interface Waiting {
  update: WebhookUpdate
  /** When it was to go for the first time. */
  since: number
}

/** One callback address: posts at the same time, again what is not answered with 200, and in batches after the receiver was away. */
export class WebhookOutlet {
  readonly url: string
  readonly posted: Recording<PostedWebhook>
  readonly #env: OutletEnvironment
  readonly #address: OutletAddress
  readonly #waiting: Waiting[] = []
  #onTheirWay = 0
  #inFlight = 0
  #failures = 0
  #isResting = false

  constructor(env: OutletEnvironment, o: OutletAddress & { posted: Recording<PostedWebhook> }) {
    this.#env = env
    this.url = o.url
    this.#address = o
    this.posted = o.posted
  }

  add(update: WebhookUpdate): void {
    this.#waiting.push({ update, since: this.#env.now() })
    this.#post()
  }

  /** How many updates were not answered with 200 yet. */
  get outstanding(): number {
    return this.#waiting.length + this.#onTheirWay
  }

  /** Posts what waits, as far as it may. */
  #post(): void {
    const { habits, faults, later } = this.#env
    while (this.#waiting.length > 0 && !faults.holdsWebhooks && !this.#isResting && !later.isStopped) {
      const isRetry = this.#failures > 0
      // After a failure one webhook at a time, until one is answered.
      if (this.#inFlight >= (isRetry ? 1 : habits.concurrentWebhooks)) return
      void this.#postBatch(this.#waiting.splice(0, this.#batchSize()))
    }
  }

  /** Alone while all is well; together when more has come than could go. */
  #batchSize(): number {
    const { habits } = this.#env
    return this.#failures > 0 || this.#waiting.length > habits.concurrentWebhooks ? habits.batchSize : 1
  }

  async #postBatch(batch: Waiting[]): Promise<void> {
    this.#inFlight++
    this.#onTheirWay += batch.length
    const { now, random, habits, faults } = this.#env
    const fitting = fit(batch)
    this.#waiting.unshift(...batch.slice(fitting.length))
    this.#onTheirWay -= batch.length - fitting.length
    const body = webhookBody(
      fitting.map(({ update }) => update),
      now(),
    )
    const isAnswered = await this.#send(body, fitting.length)
    this.#inFlight--
    this.#onTheirWay -= fitting.length
    if (isAnswered) this.#failures = 0
    else this.#failed(fitting.filter(({ since }) => now() - since < GIVE_UP_AFTER_MS))
    if (isAnswered) {
      const again = faults.repeatsWebhooks + (random.chance(habits.duplicateRate) ? 1 : 0)
      for (let times = 0; times < again; times++) void this.#send(body, fitting.length)
    }
    this.#post()
  }

  #failed(batch: Waiting[]): void {
    const { habits, later } = this.#env
    const delays = habits.retryDelaysMs
    const delayMs = delays[Math.min(this.#failures, delays.length - 1)] ?? 0
    this.#failures++
    this.#waiting.unshift(...batch)
    this.#isResting = true
    later.after(delayMs, () => {
      this.#isResting = false
      this.#post()
    })
  }

  /** Posts what was held. */
  resume(): void {
    this.#post()
  }

  /** Whether it was answered with 200. */
  async #send(body: string, updates: number): Promise<boolean> {
    const { faults, stepped } = this.#env
    const { secret, signs } = this.#address
    const headers = secret === null ? {} : signs(body, secret, faults.signature)
    stepped('webhook-out')
    const answered = await postWebhook(this.#env, { url: this.url, body, headers })
    stepped('webhook-answered')
    this.posted.add({ at: this.#env.now(), url: this.url, body, updates, ...answered })
    return answered.status === 200
  }
}

/** Posts a body once, as Meta does. */
export async function postWebhook(
  env: Pick<BusinessEnvironment, 'habits'>,
  { url, body, headers }: { url: string; body: string; headers: Record<string, string> },
): Promise<{ status: number | null; tookMs: number }> {
  const startedAt = performance.now()
  const status = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    body,
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'facebookexternalua',
      Accept: '*/*',
      ...headers,
    },
    signal: AbortSignal.timeout(env.habits.webhookTimeoutMs),
  })
    .then(async (response) => {
      await response.arrayBuffer()
      return response.status
    })
    .catch(() => null)
  return { status, tookMs: performance.now() - startedAt }
}

/** As many, from the first on, as one body may hold. */
function fit(batch: Waiting[]): Waiting[] {
  let size = 0
  const length = batch.findIndex(({ update }) => {
    size += escaped(JSON.stringify(update.value)).length + 200
    return size > MAX_BODY_BYTES
  })
  return length === -1 ? batch : batch.slice(0, Math.max(1, length))
}
