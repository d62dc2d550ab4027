import type { Logger } from 'pino'
import type { MessageReference } from '../../../messaging/message-reference.ts'
import type { GraphClient } from '../graph/graph-client.ts'

/** Beyond this the oldest wish is dropped: nobody misses a mark that is late. */
const MAX_CHATS = 200
/** Between two calls, so that marks never come in a burst; the same limits count them and messages. */
const SPACING_MS = 100
const TIMEOUT_MS = 10_000

interface Wish {
  messageId: string
  typing: boolean
}

export interface InboundMarksDependencies {
  graph: Pick<GraphClient, 'call'>
  phoneNumberId: () => string | null
  /** Whether anything may be sent at all now. */
  mayCall: () => boolean
  logger: Pick<Logger, 'debug'>
  /** Shorter, for tests. */
  spacingMs?: number | undefined
}

/**
 * Marks messages of people as read, and shows "typing…" below them, which marks them as read, too: one call for each chat, for its newest
 * message, which stands for all before it. One after the other, and at most ten in a second.
 */
export class InboundMarks {
  readonly #deps: InboundMarksDependencies
  /** By chat; the newest wish of each. */
  readonly #wishes = new Map<string, Wish>()
  #abort = new AbortController()
  #timer: NodeJS.Timeout | null = null
  #isCalling = false

  constructor(deps: InboundMarksDependencies) {
    this.#deps = deps
  }

  /** The newest of each chat is the last one in the list. */
  read(messages: readonly MessageReference[]): void {
    for (const { chat, id, isOurs } of messages) {
      if (chat.kind !== 'direct' || isOurs === true) continue
      const typing = this.#wishes.get(chat.address)?.typing ?? false
      this.#add(chat.address, { messageId: id, typing })
    }
  }

  typing({ chat, id }: MessageReference): void {
    if (chat.kind === 'direct') this.#add(chat.address, { messageId: id, typing: true })
  }

  /** What has not been shown yet is not shown any more; what is shown ends with the answer, or by itself after 25 s. */
  notTyping(address: string): void {
    const wish = this.#wishes.get(address)
    if (wish !== undefined) wish.typing = false
  }

  /** Nothing of it goes out any more. */
  stop(): void {
    this.#wishes.clear()
    this.#abort.abort(new Error('stopped'))
    this.#abort = new AbortController()
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #add(address: string, wish: Wish): void {
    this.#wishes.delete(address)
    this.#wishes.set(address, wish)
    const [oldest] = this.#wishes.keys()
    if (this.#wishes.size > MAX_CHATS && oldest !== undefined) this.#wishes.delete(oldest)
    // Later in this turn of the event loop the same chat may want the other one, too.
    if (!this.#isCalling) this.#timer ??= setTimeout(() => void this.#next(), 0)
  }

  async #next(): Promise<void> {
    this.#timer = null
    const { graph, phoneNumberId, mayCall, logger, spacingMs = SPACING_MS } = this.#deps
    const [first] = this.#wishes
    const id = phoneNumberId()
    if (first === undefined) return
    const [address, { messageId, typing }] = first
    this.#wishes.delete(address)
    if (id !== null && mayCall()) {
      this.#isCalling = true
      const { signal } = this.#abort
      const json = {
        messaging_product: 'whatsapp',
        status: 'read',
        message_id: messageId,
        ...(typing && { typing_indicator: { type: 'text' } }),
      }
      const answer = await graph.call({
        method: 'POST',
        path: `${id}/messages`,
        ends: 'permission',
        json,
        signal,
        timeoutMs: TIMEOUT_MS,
      })
      this.#isCalling = false
      if (!answer.ok) logger.debug({ code: answer.problem.code }, 'a message was not marked as read')
    }
    if (this.#wishes.size > 0) this.#timer ??= setTimeout(() => void this.#next(), spacingMs)
  }
}
