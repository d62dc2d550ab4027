import type { ReactiveController } from 'lit'
import { readLanguageTag } from './language-tag.ts'

/**
 * The language of the page at the place of an element: the nearest `lang` around it that can be read, through shadow roots too. A
 * controller of the element, which is drawn anew when the language of its place changes.
 */
export class PageLanguage implements ReactiveController {
  readonly #host: Element
  readonly #redraw: () => void
  #observer: MutationObserver | null = null

  constructor(host: Element, redraw: () => void) {
    this.#host = host
    this.#redraw = redraw
  }

  /** BCP 47; `undefined` where the page names none. */
  get tag(): string | undefined {
    for (const each of ancestorsOf(this.#host)) {
      const lang = each.getAttribute('lang')
      const tag = readLanguageTag(lang)
      // An empty `lang` says that the language is not known, whatever is around it.
      if (tag !== undefined || lang === '') return tag
    }
    return undefined
  }

  hostConnected(): void {
    this.#observer = new MutationObserver(this.#redraw)
    for (const each of ancestorsOf(this.#host)) this.#observer.observe(each, { attributeFilter: ['lang'] })
  }

  hostDisconnected(): void {
    this.#observer?.disconnect()
    this.#observer = null
  }
}

/** `element` and what is around it. `closest` and `parentElement` end at a shadow root. */
function* ancestorsOf(element: Element): Generator<Element> {
  for (let each: Element | null = element; each !== null; each = parentOf(each)) yield each
}

function parentOf(element: Element): Element | null {
  const root = element.getRootNode()
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null)
}
