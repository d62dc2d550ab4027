import { LitElement, render } from 'lit'
import type { PropertyValues, TemplateResult } from 'lit'
import { renderBroken } from './broken-note.ts'
import { refuseTokenAttribute } from './refuse-token-attribute.ts'
import { ViewGuard } from './view-guard.ts'
import { words } from '../language/words.ts'
import type { Replacements } from '../language/words.ts'

/**
 * What the elements of this package have in common: a view that throws costs only itself until the next state draws it anew, a token in
 * an attribute is refused, and nothing is drawn, so that nothing is opened, while the element is not on a page.
 */
export abstract class DaemonElement extends LitElement {
  abstract strings: Replacements | null

  protected readonly guard = new ViewGuard()

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'token']
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    if (!refuseTokenAttribute(this, name, value)) super.attributeChangedCallback(name, old, value)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.requestUpdate()
  }

  /** Not on the page: a property that is set then must not open a connection. */
  protected override shouldUpdate(): boolean {
    return this.isConnected
  }

  /** Whatever draws the element may throw: the next state draws it anew. */
  protected override update(changed: PropertyValues<this>): void {
    this.guard.draw(this.#draw, changed, () => this.#renderAnew())
  }

  readonly #draw = (changed: PropertyValues<this>): void => super.update(changed)

  /** From an empty root, because what is in it may be half drawn, or changed by a script of the page. */
  #renderAnew(): void {
    this.renderRoot.replaceChildren()
    // Where Lit keeps what it has drawn.
    Reflect.deleteProperty(this.renderRoot, '_$litPart$')
    render(this.broken(), this.renderRoot)
  }

  /** In the place of a part that cannot be drawn. */
  protected readonly broken = (): TemplateResult => renderBroken(words(this.strings))
}
