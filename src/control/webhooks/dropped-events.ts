import type { EventPublisher } from '../../protocol/events.ts'

const AT_MOST_EVERY_MS = 60_000

interface Watched {
  /** Where the config names it. */
  place: string
  /** How many events of it have been reported, of those that the disk counts. */
  reported: number
  /** In milliseconds since 1970; `null` before the first report. */
  reportedAt: number | null
}

export interface DroppedEventsDeps {
  publish: EventPublisher['publish']
  /** How many events of a webhook were dropped, as it is on disk. Throws `StorageError`. */
  dropped: (webhook: string) => number
  now: () => Date
}

/** Reports `webhook.dropped`, for each webhook at most once a minute, and each event that was dropped once it is on disk. */
export class DroppedEvents {
  readonly #deps: DroppedEventsDeps
  /** By id of the webhook. */
  readonly #watched = new Map<string, Watched>()
  #timer: NodeJS.Timeout | undefined

  constructor(deps: DroppedEventsDeps) {
    this.#deps = deps
  }

  /** What is dropped of it from now on is reported. Never throws. */
  watch(webhook: string, place: string): void {
    const known = this.#watched.get(webhook)
    if (known !== undefined) known.place = place
    else this.#watched.set(webhook, { place, reported: this.#droppedBefore(webhook), reportedAt: null })
  }

  /** Events were dropped in the transaction that is under way. */
  noted(): void {
    this.#wakeAt(this.#deps.now().getTime())
  }

  /** These alone are still there. */
  keep(webhooks: ReadonlySet<string>): void {
    for (const webhook of this.#watched.keys()) if (!webhooks.has(webhook)) this.#watched.delete(webhook)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Where the disk cannot tell, nothing of it is reported before the next start: a false number would be worse. */
  #droppedBefore(webhook: string): number {
    try {
      return this.#deps.dropped(webhook)
    } catch {
      return Number.POSITIVE_INFINITY
    }
  }

  /** Publishes what is due. Throws `StorageError`. */
  #report(): void {
    const { publish, dropped, now } = this.#deps
    const at = now()
    for (const [webhook, watched] of this.#watched) {
      const total = dropped(webhook)
      const count = total - watched.reported
      if (count <= 0) continue
      const dueAt = watched.reportedAt === null ? 0 : watched.reportedAt + AT_MOST_EVERY_MS
      // The clock may have been set back.
      if (at.getTime() < dueAt && dueAt - at.getTime() <= AT_MOST_EVERY_MS) {
        this.#wakeAt(dueAt)
        continue
      }
      watched.reported = total
      watched.reportedAt = at.getTime()
      publish('webhook.dropped', { webhook, place: watched.place, count, at: at.toISOString() })
    }
  }

  /** One timer is enough: what is due later is looked for when it is over. */
  #wakeAt(at: number): void {
    if (this.#timer !== undefined) return
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined
        this.#reportSafely()
      },
      Math.max(0, at - this.#deps.now().getTime()),
    )
    this.#timer.unref()
  }

  #reportSafely(): void {
    try {
      this.#report()
    } catch {
      // The disk refuses: it is counted there, and told with the next ones.
    }
  }
}
