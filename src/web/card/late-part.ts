import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardFrame } from './card-context.ts'

/**
 * A part of the card that has a script of its own, because most people never see it. The script is loaded when the part is
 * first drawn, once for all cards of a page. A browser does not ask again for a script that failed, so the person is told to reload.
 */
export class LatePart<Part> {
  readonly #source: () => Promise<Part>
  #part: Part | null = null
  #hasFailed = false
  #loading: Promise<void> | null = null

  constructor(source: () => Promise<Part>) {
    this.#source = source
  }

  get isLoaded(): boolean {
    return this.#part !== null
  }

  /** Loads the script, for when its part is about to be needed. Never rejects. */
  load(): Promise<void> {
    this.#loading ??= this.#source().then(
      (part) => void (this.#part = part),
      () => void (this.#hasFailed = true),
    )
    return this.#loading
  }

  /** Draws the part, or that it is coming; `focus`, as a selector, gets the focus when it has come. */
  draw(
    { say, set }: Pick<CardFrame, 'say' | 'set'>,
    draw: (part: Part) => TemplateResult,
    focus: string | null = null,
  ): TemplateResult {
    if (this.#part !== null) return draw(this.#part)
    if (this.#hasFailed)
      return html`<p role="alert">${say('A part of this page could not be loaded. Reload the page.')}</p>`
    void this.load().then(() => set(focus === null ? {} : { focus }))
    return html`<div class="waiting"><span class="spinner"></span>${say('One moment…')}</div>`
  }
}
