import { render } from './html.ts'
import type { Template } from './html.ts'

/** What lives and dies with an element's time on the page. */
export interface Controller {
  hostConnected(): void
  hostDisconnected(): void
}

// The module may be imported on a server, which has no elements; the stand-in is never instantiated.
const Base = globalThis.HTMLElement ?? (Object as unknown as typeof HTMLElement)

/**
 * The little of a component framework that the card needs: one shadow root, one style sheet, a redraw per burst of
 * changes, and properties that a page set before the element was defined.
 */
export abstract class CardElement extends Base {
  readonly #root: ShadowRoot
  readonly #render: (template: Template) => void
  readonly #controllers: Controller[] = []
  #isQueued = false

  constructor(styles: string) {
    super()
    this.#root = this.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(styles)
    this.#root.adoptedStyleSheets = [sheet]
    this.#render = render(this.#root)
  }

  protected abstract view(): Template

  /** After every redraw. */
  protected abstract updated(root: ShadowRoot): void

  /** What in here has the focus. */
  protected get focused(): HTMLElement | null {
    const { activeElement } = this.#root
    return activeElement instanceof HTMLElement ? activeElement : null
  }

  addController(controller: Controller): void {
    this.#controllers.push(controller)
  }

  requestUpdate(): void {
    if (this.#isQueued) return
    this.#isQueued = true
    queueMicrotask(() => {
      this.#isQueued = false
      if (!this.isConnected) return
      this.#render(this.view())
      this.updated(this.#root)
    })
  }

  connectedCallback(): void {
    for (const controller of this.#controllers) controller.hostConnected()
    this.requestUpdate()
  }

  disconnectedCallback(): void {
    for (const controller of this.#controllers) controller.hostDisconnected()
  }

  /** Makes properties that redraw the element when they are set; values that a page set before stay. */
  protected define(properties: Readonly<Record<string, unknown>>): void {
    for (const [name, initial] of Object.entries(properties)) {
      let value: unknown = Reflect.get(this, name) ?? initial
      Object.defineProperty(this, name, {
        get: () => value,
        set: (next: unknown) => {
          value = next
          this.requestUpdate()
        },
      })
    }
  }
}
