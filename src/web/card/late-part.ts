import { html } from 'lit'
import type { CSSResult, TemplateResult } from 'lit'
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

  /** Its styles, where it has some and is loaded. */
  get styles(): CSSResult | undefined {
    // A part is an object of functions, or one function.
    return (this.#part as { styles?: CSSResult } | null)?.styles
  }

  /** The part once it is loaded. */
  get loaded(): Part | null {
    return this.#part
  }

  /** Loads the script, for when its part is about to be needed. Never rejects. */
  load(): Promise<void> {
    this.#loading ??= this.#source().then(
      (part) => void (this.#part = part),
      () => void (this.#hasFailed = true),
    )
    return this.#loading
  }

  /** The part, for what is done with it and not drawn. Rejects where its script cannot be loaded. */
  async part(): Promise<Part> {
    await this.load()
    if (this.#part === null) throw new Error('the script of a part of the card could not be loaded')
    return this.#part
  }

  /** Draws the part once it is there, and nothing before: what stands beside it does not wait for it. `says`: whether a failure is told here. */
  drawWhenLoaded(
    frame: Pick<CardFrame, 'say' | 'set'>,
    draw: (part: Part) => TemplateResult | null,
    says: boolean,
  ): TemplateResult | null {
    if (this.#part !== null) return draw(this.#part)
    if (this.#hasFailed) return says ? renderFailed(frame) : null
    void this.load().then(() => frame.set({}))
    return null
  }

  /** Draws the part, or that it is coming; `focus`, as a selector, gets the focus when it has come. */
  draw(
    frame: Pick<CardFrame, 'say' | 'set'>,
    draw: (part: Part) => TemplateResult,
    focus: string | null = null,
  ): TemplateResult {
    if (this.#part !== null) return draw(this.#part)
    if (this.#hasFailed) return renderFailed(frame)
    void this.load().then(() => frame.set(focus === null ? {} : { focus }))
    return html`<div class="waiting"><span class="spinner"></span>${frame.say('One moment…')}</div>`
  }
}

function renderFailed({ say }: Pick<CardFrame, 'say'>): TemplateResult {
  return html`<p role="alert">${say('A part of this page could not be loaded. Reload the page.')}</p>`
}
