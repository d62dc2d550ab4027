import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import { renderFailure } from '../../elements/note.ts'
import type { SearchHit } from '../state/message-search.ts'
import { formatRowTime } from '../text/chat-times.ts'
import { conversationName } from '../text/conversation-name.ts'
import type { ConversationsFrame } from '../conversations-frame.ts'
import { renderAvatar } from './avatar.ts'
import { rowKeys } from './row-keys.ts'

const NAMED = 20
/** How far Page Up and Page Down go, in rows. */
const PAGE = 5

/** A row of the results: a conversation by its name, or a message. */
interface ResultRow {
  conversationId: string
  messageId?: string
  hit?: SearchHit
}

/** What was found: conversations that are called so, then messages, the newest first. */
export function renderSearchHits(frame: ConversationsFrame): TemplateResult {
  const { say, shown, ui, open } = frame
  const { search, list } = shown
  const rows: ResultRow[] = [
    ...list.named(ui.query, NAMED).map(({ conversationId }) => ({ conversationId })),
    ...search.hits.map((hit) => ({ conversationId: hit.conversationId, messageId: hit.messageId, hit })),
  ]
  const noHit = rows.length === 0 ? say('Nothing was found.') : null
  const status = search.isSearching ? say('Searching…') : noHit
  const active = rows.findIndex((row) => keyOf(row) === ui.activeRow)
  const choose = (row: ResultRow): void => open(row.conversationId, row.messageId)
  return html`${search.error === null ? null : renderFailure(say, search.error)}
    <p class="small-print muted status-line" role="status">
      ${status} ${search.isIndexing ? say('Some older messages are found a while later.') : null}
      ${list.hasNamed(ui.query) || search.isSearching ? null : say('Names are found among the conversations that the list has loaded.')}
    </p>
    ${
      rows.length === 0
        ? null
        : html`<div
            class="scroller hits"
            id="hits"
            role="listbox"
            tabindex="0"
            aria-label=${say('Search')}
            aria-activedescendant=${active < 0 ? nothing : `hit-${active}`}
            @keydown=${rowKeys({
              rows,
              active,
              seen: PAGE,
              choose,
              moveTo: (row, index, results) => {
                results.children[index]?.scrollIntoView({ block: 'nearest' })
                frame.set({ activeRow: keyOf(row) })
              },
            })}
            @scroll=${({ currentTarget }: Event & { currentTarget: Element }) => {
              const { scrollTop, clientHeight, scrollHeight } = currentTarget
              if (scrollTop + clientHeight > scrollHeight - clientHeight) void search.more()
            }}
          >
            ${rows.map((row, index) => renderResult(frame, row, index, active, choose))}
          </div>`
    }`
}

function renderResult(
  { say, shown, locale, nowMs, set }: ConversationsFrame,
  row: ResultRow,
  index: number,
  active: number,
  choose: (row: ResultRow) => void,
): TemplateResult {
  const view = shown.list.get(row.conversationId)
  const click = (): void => {
    set({ activeRow: keyOf(row) })
    choose(row)
  }
  return html`<div
    role="option"
    id="hit-${index}"
    class="chat ${index === active ? 'active' : ''}"
    aria-selected=${index === active}
    @click=${click}
  >
    ${view === undefined ? html`<span class="avatar" aria-hidden="true"></span>` : renderAvatar(say, view)}
    <span class="who"
      ><bdi>${view === undefined ? say('Conversation') : conversationName(say, view)}</bdi></span
    >
    <span class="time muted"
      >${row.hit === undefined ? null : formatRowTime(row.hit.at, new Date(nowMs), locale)}</span
    >
    <span class="preview muted"
      ><bdi
        >${row.hit?.snippet.map(({ text, isHit }) => (isHit ? html`<mark>${text}</mark>` : text)) ?? view?.phoneNumber}</bdi
      ></span
    >
  </div>`
}

function keyOf({ conversationId, messageId }: ResultRow): string {
  return messageId === undefined ? conversationId : `${conversationId}-${messageId}`
}
