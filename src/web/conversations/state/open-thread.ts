import type { WhatsappdClient } from '../../../client/client.ts'
import type { RequestError } from '../../../client/request-error.ts'
import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import type { MethodResult } from '../../../protocol/methods.ts'
import { toRequestError } from './to-request-error.ts'
import { isLive, isOvergrown, messagesOf, withMessage, withNewer, withOlder } from './message-window.ts'
import type { MessagePage, MessageWindow } from './message-window.ts'

const PAGE_SIZE = 50
/** Long texts that are kept whole; the ones that were asked for last. */
const MAX_WHOLE = 10

export interface OpenThreadDeps {
  client: Pick<WhatsappdClient, 'request'>
  account: string
  /** `conversationId`. */
  conversation: string
  /** Called after every change of what the thread has to show. */
  changed: () => void
}

/** The messages of the open conversation, as far as the person has scrolled, kept in step with the daemon by `put`. */
export class OpenThread {
  readonly #deps: OpenThreadDeps
  #window: MessageWindow = []
  #messages: MessageView[] | null = null
  #loading: 'all' | 'older' | 'newer' | null = null
  #error: RequestError | null = null
  /** Something has changed while all of it was loaded. */
  #isStale = false
  /** Of messages that come cut, by their id. */
  readonly #whole = new Map<string, { of: MessageView; text: string }>()
  /** Grows with each reload, so that late answers change nothing. */
  #generation = 0

  constructor(deps: OpenThreadDeps) {
    this.#deps = deps
  }

  get conversation(): string {
    return this.#deps.conversation
  }

  /** The oldest first. The same array until something changes. */
  get messages(): readonly MessageView[] {
    this.#messages ??= messagesOf(this.#window)
    return this.#messages
  }

  get loading(): 'all' | 'older' | 'newer' | null {
    return this.#loading
  }

  get error(): RequestError | null {
    return this.#error
  }

  get hasOlder(): boolean {
    return this.#window[0] !== undefined && this.#window[0].older !== null
  }

  /** Whether the end of the conversation is among the messages. */
  get isLive(): boolean {
    return isLive(this.#window)
  }

  /** All words of a message that comes cut, once they were read; `null` before. */
  wholeText(message: MessageView): string | null {
    const known = this.#whole.get(message.messageId)
    return known?.of.text === message.text && known.of.editedAt === message.editedAt ? known.text : null
  }

  /** Reads all words of a message. Rejects with `RequestError`. */
  async readWhole(message: MessageView): Promise<void> {
    const { client, account, conversation } = this.#deps
    const { messageId } = message
    let text = ''
    let offset: number | null = 0
    while (offset !== null) {
      const piece: MethodResult<'conversations.text'> = await client.request('conversations.text', {
        account,
        conversation,
        messageId,
        offset,
      })
      text += piece.text
      offset = piece.next
    }
    this.#whole.set(messageId, { of: message, text })
    const [oldest] = this.#whole.keys()
    if (this.#whole.size > MAX_WHOLE && oldest !== undefined) this.#whole.delete(oldest)
    this.#deps.changed()
  }

  /** The newest messages; with `around` those around that one. */
  async load(around?: string): Promise<void> {
    this.#generation += 1
    this.#loading = null
    this.#isStale = false
    await this.#read('all', around === undefined ? {} : { around }, (page) => [page])
    if (this.#isStale) await this.refresh()
  }

  /** What has changed is not known: the newest messages are loaded anew, where they are shown. */
  async refresh(): Promise<void> {
    if (this.#loading === 'all') this.#isStale = true
    else if (this.isLive || this.#window.length === 0) await this.load()
  }

  /** Nothing happens after a failure: the person asks for the messages again. */
  async loadOlder(): Promise<void> {
    const before = this.#window[0]?.older
    if (before && this.#error === null)
      await this.#read('older', { before }, (page) => withOlder(this.#window, page))
  }

  async loadNewer(): Promise<void> {
    const after = this.#window.at(-1)?.newer
    if (after && this.#error === null)
      await this.#read('newer', { after }, (page) => withNewer(this.#window, page))
  }

  /** A message as it is now: one of these, or a new one. */
  put(message: MessageView): void {
    this.#set(withMessage(this.#window, message))
    if (isOvergrown(this.#window)) void this.load()
  }

  async #read(
    what: 'all' | 'older' | 'newer',
    from: { before?: string; after?: string; around?: string },
    merge: (page: MessagePage) => MessageWindow,
  ): Promise<void> {
    if (this.#loading !== null) return
    const generation = this.#generation
    const { client, account, conversation } = this.#deps
    this.#loading = what
    this.#error = null
    this.#deps.changed()
    try {
      const { messages, before, after } = await client.request('conversations.messages', {
        account,
        conversation,
        limit: PAGE_SIZE,
        ...from,
      })
      if (generation === this.#generation) this.#set(merge({ messages, older: before, newer: after }))
    } catch (error) {
      if (generation === this.#generation) this.#error = toRequestError(error)
    } finally {
      if (generation === this.#generation) this.#loading = null
      this.#deps.changed()
    }
  }

  #set(window: MessageWindow): void {
    this.#window = window
    this.#messages = null
    this.#deps.changed()
  }
}
