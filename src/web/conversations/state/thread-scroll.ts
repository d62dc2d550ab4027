/** Nearer to the end than this is at the end. Pixels. */
const AT_END_PX = 48
/** How far from either end the next messages are asked for. */
const LOAD_AHEAD_PX = 600

/** Called while a person scrolls. */
export interface ThreadScrollListener {
  nearStart(): void
  nearEnd(): void
  /** Whether the end is seen has changed. */
  endChanged(): void
}

/**
 * Where the messages are scrolled to. At the end it stays at the end when something is added or a picture grows; elsewhere the message
 * that is seen first stays where it is, whatever is loaded above it.
 */
export class ThreadScroll {
  readonly #listener: ThreadScrollListener
  readonly #sizes: ResizeObserver
  #box: HTMLElement | null = null
  #content: Element | null = null
  #conversation: string | null = null
  #isAtEnd = true
  #anchor: { messageId: string; top: number } | null = null
  /** A message to be shown as soon as it is there. */
  #target: string | null = null

  constructor(listener: ThreadScrollListener) {
    this.#listener = listener
    this.#sizes = new ResizeObserver(() => this.#settle())
  }

  get isAtEnd(): boolean {
    return this.#isAtEnd
  }

  /** Shows this message once it is drawn; `null` for the end. */
  goTo(messageId: string | null): void {
    this.#target = messageId
    this.#isAtEnd = messageId === null
    this.#anchor = null
    this.#settle()
  }

  /** Before the messages are drawn anew. */
  willDraw(): void {
    this.#anchor = this.#isAtEnd || this.#target !== null ? null : this.#firstSeen()
  }

  /**
   * After the messages of `conversation` were drawn into `box`; `null` where no conversation is open. `isLoading`: those that are to be
   * shown may not be among them yet.
   */
  hasDrawn(box: HTMLElement | null, conversation: string | null, isLoading: boolean): void {
    if (box !== this.#box) this.#follow(box)
    const content = box?.querySelector('#thread') ?? null
    if (content !== this.#content) {
      this.#sizes.disconnect()
      this.#content = content
      if (content !== null) this.#sizes.observe(content)
    }
    if (conversation !== this.#conversation) {
      this.#conversation = conversation
      this.#anchor = null
      if (this.#target === null) this.#isAtEnd = true
    }
    this.#settle()
    if (box === null || isLoading) return
    // It is gone meanwhile.
    this.#target = null
    // Too few to be scrolled.
    if (box.scrollTop < LOAD_AHEAD_PX) this.#listener.nearStart()
  }

  stop(): void {
    this.#follow(null)
    this.#sizes.disconnect()
    this.#content = null
    this.#conversation = null
  }

  #follow(box: HTMLElement | null): void {
    this.#box?.removeEventListener('scroll', this.#scrolled)
    this.#box = box
    box?.addEventListener('scroll', this.#scrolled, { passive: true })
  }

  #settle(): void {
    const box = this.#box
    if (box === null) return
    if (this.#target !== null) {
      const target = this.#find(this.#target)
      if (target === null) return
      this.#target = null
      target.scrollIntoView({ block: 'center' })
      this.#anchor = this.#firstSeen()
    } else if (this.#isAtEnd) box.scrollTop = box.scrollHeight
    else if (this.#anchor !== null) {
      const message = this.#find(this.#anchor.messageId)
      if (message !== null) box.scrollTop += topIn(box, message) - this.#anchor.top
    }
  }

  readonly #scrolled = (): void => {
    const box = this.#box
    if (box === null) return
    const below = box.scrollHeight - box.scrollTop - box.clientHeight
    const isAtEnd = below < AT_END_PX
    this.#anchor = isAtEnd ? null : this.#firstSeen()
    if (isAtEnd !== this.#isAtEnd) {
      this.#isAtEnd = isAtEnd
      this.#listener.endChanged()
    }
    if (box.scrollTop < LOAD_AHEAD_PX) this.#listener.nearStart()
    if (below < LOAD_AHEAD_PX) this.#listener.nearEnd()
  }

  #firstSeen(): { messageId: string; top: number } | null {
    const box = this.#box
    if (box === null) return null
    for (const message of box.querySelectorAll<HTMLElement>('[data-message]')) {
      const top = topIn(box, message)
      if (top + message.offsetHeight > 0) return { messageId: message.dataset['message'] ?? '', top }
    }
    return null
  }

  #find(messageId: string): HTMLElement | null {
    return this.#box?.querySelector<HTMLElement>(`[data-message="${CSS.escape(messageId)}"]`) ?? null
  }
}

function topIn(box: HTMLElement, message: HTMLElement): number {
  return message.getBoundingClientRect().top - box.getBoundingClientRect().top
}
