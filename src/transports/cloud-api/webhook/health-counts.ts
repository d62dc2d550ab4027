import type { Logger } from 'pino'
import type { WebhookHealth } from '../../../messaging/webhook-receiver.ts'

const MINUTE_MS = 60_000

const NOTHING_CAME: WebhookHealth = {
  lastAt: null,
  lastBy: null,
  refused: 0,
  lastRefusal: null,
  postponed: 0,
  foreign: 0,
  unsupported: 0,
}

export interface HealthCountsDependencies {
  /** What people see of it is another; at most once a minute. */
  changed: () => void
  logger: Pick<Logger, 'warn'>
  now: () => number
}

/** What people see of an account's webhook, since the account was opened. */
export class HealthCounts {
  readonly #deps: HealthCountsDependencies
  #health: WebhookHealth = NOTHING_CAME
  #changedAt = Number.NEGATIVE_INFINITY
  #loggedAt = Number.NEGATIVE_INFINITY
  #postponedLoggedAt = Number.NEGATIVE_INFINITY

  constructor(deps: HealthCountsDependencies) {
    this.#deps = deps
  }

  get current(): WebhookHealth {
    return this.#health
  }

  /** `by`: the other account by whose address it came; `null` for the own one. */
  accepted(by: string | null): void {
    const { lastAt, lastBy } = this.#health
    this.#change({ lastAt: this.#deps.now(), lastBy: by }, lastAt === null || lastBy !== by)
  }

  /** What came was for another number. */
  reset(): void {
    this.#health = NOTHING_CAME
  }

  /** `why`: a sentence without anything of the content. */
  refused(why: string): void {
    const { now, logger } = this.#deps
    const at = now()
    const isFirst = this.#health.refused === 0
    this.#change({ refused: this.#health.refused + 1, lastRefusal: { at, why } }, isFirst)
    if (at - this.#loggedAt < MINUTE_MS) return
    this.#loggedAt = at
    logger.warn({ why, refused: this.#health.refused }, 'a webhook was refused')
  }

  /** One is not taken now, and has to come again. `why`: as of `refused`. Logged at most once a minute, with how many there were. */
  postponed(why: string): void {
    const { now, logger } = this.#deps
    const postponed = this.#health.postponed + 1
    this.#change({ postponed }, postponed === 1)
    if (now() - this.#postponedLoggedAt < MINUTE_MS) return
    this.#postponedLoggedAt = now()
    logger.warn({ why, postponed }, 'a webhook cannot be taken now, and has to come again')
  }

  foreign(count: number): void {
    if (count > 0) this.#change({ foreign: this.#health.foreign + count }, this.#health.foreign === 0)
  }

  unsupported(count = 1): void {
    if (count > 0) this.#change({ unsupported: this.#health.unsupported + count })
  }

  #change(change: Partial<WebhookHealth>, isNews = false): void {
    this.#health = { ...this.#health, ...change }
    const at = this.#deps.now()
    if (!isNews && at - this.#changedAt < MINUTE_MS) return
    this.#changedAt = at
    this.#deps.changed()
  }
}
