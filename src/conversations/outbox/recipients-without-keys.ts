/** A message is tried until it is this old. */
const LIMIT_MS = 30 * 60_000
/** … and for so long where it is older already, as after a night without a connection. */
const LEAST_MS = 60_000

/**
 * Messages that cannot go out because no device of their recipient has keys: how long each is tried. Pure; times in
 * milliseconds since the epoch.
 */
export class RecipientsWithoutKeys {
  /** By message: since when this process knows. */
  readonly #since = new Map<string, number>()

  /** One more try in vain, of a message that was queued at `queuedAt`: how long it was tried, or that it was too long. */
  tried(id: string, queuedAt: number, at: number): number | 'too long' {
    const since = this.#since.get(id) ?? at
    this.#since.set(id, since)
    return at - queuedAt >= LIMIT_MS && at - since >= LEAST_MS ? 'too long' : at - since
  }

  /** The message was answered, or never goes again. */
  settled(id: string): void {
    this.#since.delete(id)
  }
}
