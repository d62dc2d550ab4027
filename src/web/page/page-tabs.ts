import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'

/** What the page shows. `conversations` is in the address of the page, so that it can be linked to. */
export type PageTab = 'account' | 'conversations'

const TABS: readonly (readonly [PageTab, string])[] = [
  ['account', 'Account'],
  ['conversations', 'Conversations'],
]

/** The choice between the card and the conversations. Arrow keys go from one to the other. */
export function renderPageTabs(chosen: PageTab, choose: (tab: PageTab) => void): TemplateResult {
  const other = chosen === 'account' ? 'conversations' : 'account'
  const move = (event: KeyboardEvent & { currentTarget: Element }): void => {
    if (!/^(?:ArrowLeft|ArrowRight|Home|End)$/.test(event.key)) return
    event.preventDefault()
    choose(other)
    event.currentTarget.querySelector<HTMLElement>(`#tab-${other}`)?.focus()
  }
  return html`<div class="tabs" role="tablist" aria-label="What is shown" @keydown=${move}>
    ${TABS.map(
      ([tab, label]) =>
        html`<button
          type="button"
          role="tab"
          id="tab-${tab}"
          aria-selected=${tab === chosen}
          aria-controls=${tab === chosen ? 'shown' : nothing}
          tabindex=${tab === chosen ? 0 : -1}
          @click=${() => choose(tab)}
        >
          ${label}
        </button>`,
    )}
  </div>`
}
