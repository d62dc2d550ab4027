import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { TemplateResult } from 'lit'
import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'
import { isWaiting } from '../state/order-conversations.ts'
import type { ConversationFilter } from '../state/order-conversations.ts'
import { visibleRows } from '../state/visible-rows.ts'
import { assistantLabel } from '../text/assistant-words.ts'
import { formatRowTime } from '../text/chat-times.ts'
import { conversationName } from '../text/conversation-name.ts'
import type { ConversationsText } from '../text/conversations-texts.ts'
import type { ConversationsFrame } from '../conversations-frame.ts'
import { renderAvatar } from './avatar.ts'
import { rowKeys } from './row-keys.ts'

/** How far from the end of what was loaded the next page is asked for, in rows. */
const LOAD_AHEAD = 40

const NOTHING_HERE: Readonly<Record<ConversationFilter, ConversationsText>> = {
  all: 'Nobody has written yet.',
  unread: 'Nothing is unread.',
  waiting: 'No conversation waits for a person.',
}

/** The conversations, of which only those are drawn that are seen: the list may have any length. */
export function renderConversationRows(frame: ConversationsFrame): TemplateResult {
  const { say, shown, ui, viewport, open, conversations } = frame
  const { rows, filter, isComplete, isLoading } = shown.list
  if (rows.length === 0 && !isLoading && isComplete)
    return html`<p class="muted empty">${say(NOTHING_HERE[filter])}</p>`
  if (rows.length === 0 && shown.list.error !== null) return html``
  if (rows.length === 0)
    return html`<div class="waiting empty"><span class="spinner"></span>${say('Loading…')}</div>`
  const [first, end] = visibleRows(viewport, rows.length)
  // After a failure the person asks again.
  if (end + LOAD_AHEAD >= rows.length && shown.list.error === null)
    void Promise.resolve().then(() => shown.list.loadMore())
  const opened = conversations.thread?.conversation ?? null
  const active = rows.findIndex(({ conversationId }) => conversationId === (ui.activeRow ?? opened))
  const isDrawn = active >= first && active < end
  return html`<div
    class="scroller rows"
    id="rows"
    role="listbox"
    tabindex="0"
    aria-label=${say('Conversations')}
    aria-activedescendant=${isDrawn ? rowId(rows[active]) : nothing}
    @keydown=${rowKeys({
      rows,
      active,
      seen: Math.max(1, Math.floor(viewport.height / Math.max(1, viewport.rowHeight)) - 1),
      choose: ({ conversationId }) => open(conversationId),
      moveTo: ({ conversationId }, index) => {
        frame.revealRow(index)
        frame.set({ activeRow: conversationId })
      },
    })}
  >
    <div class="space" role="presentation" data-first=${first} data-count=${rows.length}>
      ${repeat(
        rows.slice(first, end),
        ({ conversationId }) => conversationId,
        (view, index) =>
          renderRow(frame, view, {
            position: first + index + 1,
            size: isComplete ? rows.length : -1,
            isOpen: view.conversationId === opened,
            isActive: first + index === active,
          }),
      )}
    </div>
  </div>`
}

interface RowPlace {
  position: number
  /** How many rows there are; -1 while that is not known. */
  size: number
  isOpen: boolean
  isActive: boolean
}

function renderRow(
  frame: ConversationsFrame,
  view: ConversationView,
  { position, size, isOpen, isActive }: RowPlace,
): TemplateResult {
  const { say, locale, nowMs, open, set } = frame
  const { conversationId, unread, lastAt } = view
  const choose = (): void => {
    set({ activeRow: conversationId })
    open(conversationId)
  }
  return html`<div
    role="option"
    id=${rowId(view)}
    class="chat ${isOpen ? 'open' : ''} ${isActive ? 'active' : ''}"
    aria-selected=${isOpen}
    aria-posinset=${position}
    aria-setsize=${size}
    @click=${choose}
  >
    ${renderAvatar(say, view)}
    <span class="who"><bdi>${conversationName(say, view)}</bdi></span>
    <span class="time muted">${lastAt === null ? null : formatRowTime(lastAt, new Date(nowMs), locale)}</span>
    <span class="preview muted"><bdi>${previewOf(say, view)}</bdi></span>
    ${
      unread === 0
        ? html`<span></span>`
        : html`<span class="unread"
            ><span aria-hidden="true">${unread.toLocaleString(locale)}</span
            ><span class="visually-hidden">${say('{count} unread', { count: unread })}</span></span
          >`
    }
    <span class="tags">${renderTags(frame, view)}</span>
  </div>`
}

function renderTags({ say, locale, nowMs }: ConversationsFrame, view: ConversationView): TemplateResult {
  const { assistant, source, kind } = view
  const tone = { on: 'good', off: 'idle', paused: 'busy', waiting: 'warning' }[assistant.state]
  return html`<span class="tag ${tone}">${say(assistantLabel(assistant.state))}</span>${
      isWaiting(view) && assistant.since !== null
        ? html`<span class="muted">${formatRowTime(assistant.since, new Date(nowMs), locale)}</span>`
        : null
    }<span class="tag idle">${say(source === 'cloud-api' ? 'Cloud API' : 'Linked device')}</span>${
      kind === 'group' ? html`<span class="tag idle">${say('Group')}</span>` : null
    }`
}

function previewOf(say: ConversationsFrame['say'], { lastMessage }: ConversationView): string {
  if (lastMessage === null) return ''
  const { from, text, kind } = lastMessage
  const words =
    text === '' ? say(kind === 'unsupported' ? 'A message of a kind that cannot be shown' : 'A file') : text
  const line = words.replaceAll(/\s+/g, ' ')
  if (from === 'person') return line
  return `${say(from === 'assistant' ? 'Assistant' : 'You')}: ${line}`
}

function rowId(view: ConversationView | undefined): string {
  return `row-${view?.conversationId ?? ''}`
}
