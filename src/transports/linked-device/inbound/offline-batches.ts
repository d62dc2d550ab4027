import type { BinaryNode } from '@whiskeysockets/baileys'

/** What Baileys asks for when a backlog is announced, once. */
const BATCH = 100
/** After so long without a stanza of the backlog the server may wait for us. Milliseconds. */
const SILENCE_MS = 1_000
/** A server that answers none of so many requests in a row has nothing more, whatever it announced. */
const MOST_REQUESTS = 5

export interface OfflineBatchesDependencies {
  /** Asks for the next so many stanzas. */
  request(count: number): void
  ended: AbortSignal
}

/**
 * Asks for a backlog one batch after the other. Baileys 7.0.0-rc14 asks for the first hundred and never again, so that a
 * server that waits to be asked keeps the rest for ever. The next batch is asked for when the messages of the one before
 * are dealt with: never more than a batch and what is live wait here.
 */
export class OfflineBatches {
  readonly #deps: OfflineBatchesDependencies
  #timer: NodeJS.Timeout | undefined
  /** Announced, and not here yet. */
  #missing = 0
  #sinceRequest = 0
  #requests = 0
  /** Messages of the backlog that have not been dealt with. */
  #pending = 0

  constructor(deps: OfflineBatchesDependencies) {
    this.#deps = deps
    deps.ended.addEventListener('abort', () => this.#stop(), { once: true })
  }

  /** Any stanza of the server, as it comes. */
  received(stanza: BinaryNode): void {
    if (stanza.tag === 'ib') this.#informed(stanza)
    if (this.#missing === 0 || stanza.attrs.offline === undefined) return
    this.#missing -= 1
    this.#sinceRequest += 1
    this.#requests = 0
    if (stanza.tag === 'message') this.#pending += 1
    this.#proceed()
  }

  /** A message of the backlog was dealt with. */
  finished(): void {
    this.#pending = Math.max(this.#pending - 1, 0)
    this.#proceed()
  }

  #informed({ content }: BinaryNode): void {
    const child = Array.isArray(content) ? content[0] : undefined
    if (child?.tag === 'offline') this.#stop()
    if (child?.tag !== 'offline_preview') return
    const count = Number(child.attrs.count)
    this.#missing = Number.isSafeInteger(count) && count > 0 ? count : 0
    this.#sinceRequest = 0
    this.#proceed()
  }

  #proceed(): void {
    clearTimeout(this.#timer)
    if (this.#missing === 0 || this.#pending > 0 || this.#deps.ended.aborted) return
    if (this.#sinceRequest >= BATCH) return this.#request()
    this.#timer = setTimeout(() => this.#request(), SILENCE_MS)
    this.#timer.unref()
  }

  #request(): void {
    if (this.#requests >= MOST_REQUESTS) return this.#stop()
    this.#requests += 1
    this.#sinceRequest = 0
    this.#deps.request(BATCH)
    this.#proceed()
  }

  #stop(): void {
    this.#missing = 0
    clearTimeout(this.#timer)
  }
}
