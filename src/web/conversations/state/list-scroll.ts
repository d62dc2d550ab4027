import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'
import { scrollTopFor } from './visible-rows.ts'
import type { ListViewport } from './visible-rows.ts'

/**
 * Where the list of conversations is scrolled to, and the place above and below the rows that are drawn. What the person looks at stays
 * where it is when rows come above it.
 */
export class ListScroll {
  readonly #redraw: () => void
  readonly #sizes: ResizeObserver
  #list: HTMLElement | null = null
  #viewport: ListViewport = { scrollTop: 0, height: 0, rowHeight: 0 }
  #rows: readonly ConversationView[] = []

  constructor(redraw: () => void) {
    this.#redraw = redraw
    this.#sizes = new ResizeObserver(() => this.#measure())
  }

  get viewport(): ListViewport {
    return this.#viewport
  }

  /** Before `rows` are drawn: a row that moves takes what is seen along. */
  willDraw(rows: readonly ConversationView[]): void {
    const before = this.#rows
    this.#rows = rows
    const { scrollTop, rowHeight } = this.#viewport
    const list = this.#list
    if (before === rows || list === null || rowHeight === 0 || scrollTop < rowHeight) return
    const top = Math.floor(scrollTop / rowHeight)
    const id = before[top]?.conversationId
    const next = rows.findIndex(({ conversationId }) => conversationId === id)
    if (id === undefined || next < 0 || next === top) return
    this.#viewport = { ...this.#viewport, scrollTop: scrollTop + (next - top) * rowHeight }
  }

  /** After they were drawn into `list`; `null` where no list is shown. */
  hasDrawn(list: HTMLElement | null): void {
    if (list !== this.#list) this.#follow(list)
    const space = list?.querySelector<HTMLElement>('.space')
    if (list === null || !space) return
    this.#measure()
    const { rowHeight, scrollTop } = this.#viewport
    const [first, count, drawn] = [
      Number(space.dataset['first']),
      Number(space.dataset['count']),
      space.childElementCount,
    ]
    // No inline style in the markup: pages may forbid it.
    space.style.paddingBlockStart = `${first * rowHeight}px`
    space.style.paddingBlockEnd = `${(count - first - drawn) * rowHeight}px`
    if (Math.abs(list.scrollTop - scrollTop) > 1) list.scrollTop = scrollTop
  }

  /** Scrolls so that this row is seen. */
  reveal(row: number): void {
    this.#viewport = { ...this.#viewport, scrollTop: scrollTopFor(row, this.#viewport) }
    this.#redraw()
  }

  stop(): void {
    this.#follow(null)
  }

  #follow(list: HTMLElement | null): void {
    this.#list?.removeEventListener('scroll', this.#scrolled)
    this.#sizes.disconnect()
    this.#list = list
    if (list === null) return
    list.addEventListener('scroll', this.#scrolled, { passive: true })
    this.#sizes.observe(list)
  }

  readonly #scrolled = (): void => {
    const scrollTop = this.#list?.scrollTop ?? 0
    if (scrollTop === this.#viewport.scrollTop) return
    this.#viewport = { ...this.#viewport, scrollTop }
    this.#redraw()
  }

  #measure(): void {
    const height = this.#list?.clientHeight ?? 0
    const rowHeight =
      this.#list?.querySelector('[role=option]')?.getBoundingClientRect().height ?? this.#viewport.rowHeight
    if (height === this.#viewport.height && rowHeight === this.#viewport.rowHeight) return
    this.#viewport = { ...this.#viewport, height, rowHeight }
    this.#redraw()
  }
}
