import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import { renderPairingRequests } from '../../card/parts/pairing-requests.ts'
import { button } from '../../elements/controls/button.ts'
import { renderFailure } from '../../elements/note.ts'
import { onKey } from '../../elements/keyboard/on-key.ts'
import type { ConversationFilter } from '../state/order-conversations.ts'
import type { ConversationsText } from '../text/conversations-texts.ts'
import type { ConversationsFrame } from '../conversations-frame.ts'
import { renderConversationRows } from './conversation-rows.ts'
import { renderSearchHits } from './search-hits.ts'

const FILTERS: readonly (readonly [ConversationFilter, ConversationsText])[] = [
  ['all', 'All'],
  ['unread', 'Unread'],
  ['waiting', 'Waiting'],
]

/** Who asks for access, the search, and the list or what was found. */
export function renderListPane(frame: ConversationsFrame): TemplateResult {
  const { say, shown, ui, state } = frame
  // What the connection is to blame for is told above, and loaded again with it.
  const error = state.connection === 'ready' ? shown.list.error : null
  return html`<section class="list-pane" part="list" aria-label=${say('Conversations')}>
    ${renderPairingRequests(frame)} ${renderSearchField(frame)}
    ${ui.query === '' ? html`${renderFilters(frame)} ${renderConversationRows(frame)}` : renderSearchHits(frame)}
    ${
      error === null
        ? null
        : html`${renderFailure(say, error)}
          ${button(say('Load again'), () => shown.list.reload(), { kind: 'small' })}`
    }
  </section>`
}

function renderSearchField({ say, ui, set, shown, can }: ConversationsFrame): TemplateResult {
  const search = (query: string): void => {
    set({ query, activeRow: null })
    if (can('conversations.search')) shown.search.look(query)
  }
  return html`<div class="search">
    <input
      type="search"
      id="search"
      part="input"
      aria-label=${say('Search in all conversations')}
      placeholder=${say('Search')}
      autocomplete="off"
      maxlength="200"
      .value=${ui.query}
      @input=${({ currentTarget }: Event & { currentTarget: HTMLInputElement }) => search(currentTarget.value)}
      @keydown=${ui.query === '' ? nothing : onKey('Escape', () => search(''))}
    />
  </div>`
}

function renderFilters({ say, shown }: ConversationsFrame): TemplateResult {
  return html`<div class="filters" role="group" aria-label=${say('Conversations')}>
    ${FILTERS.map(
      ([filter, label]) =>
        html`<button
          type="button"
          part="button small"
          class="small"
          aria-pressed=${shown.list.filter === filter}
          @click=${() => shown.list.show(filter)}
        >
          ${say(label)}
        </button>`,
    )}
  </div>`
}
