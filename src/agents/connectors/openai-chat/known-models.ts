/** After so long the server is asked again, when somebody wants to see the list. */
const FRESH_MS = 60_000

/** The names of the models that a server offers, as it said last. Whoever wants to see them never waits for the server. */
export class KnownModels {
  readonly #list: (signal: AbortSignal) => Promise<string[]>
  #names: readonly string[] = []
  #askedAt = Number.NEGATIVE_INFINITY

  /** `list` asks the server; it ends by itself. */
  constructor(list: (signal: AbortSignal) => Promise<string[]>) {
    this.#list = list
  }

  /** As they are known; empty until the server has said them. */
  get names(): readonly string[] {
    void this.refresh()
    return this.#names
  }

  /** Asks the server, where that was not done lately. Never rejects: a server without a list, or that is away, changes nothing. */
  async refresh(): Promise<void> {
    const now = performance.now()
    if (now - this.#askedAt < FRESH_MS) return
    this.#askedAt = now
    try {
      this.#names = await this.#list(new AbortController().signal)
    } catch {
      // What was known is still the best that is known.
    }
  }
}
