import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/controls/button.ts'
import { crossIcon, plusIcon } from '../../elements/icons.ts'
import { onKey } from '../../elements/keyboard/on-key.ts'
import { EMPTY_DRAFT } from '../state/conversations-ui.ts'
import type { Draft } from '../state/conversations-ui.ts'
import { formatDateTime } from '../../card/text/time.ts'
import { replyWindow } from '../state/reply-window.ts'
import { windowSentence } from '../text/window-words.ts'
import { mayTemplate, renderTemplateOffer } from './template-offer.ts'
import { whyNoReply } from './why-no-reply.ts'
import { conversationName } from '../text/conversation-name.ts'
import type { ThreadFrame } from '../conversations-frame.ts'

/** The daemon takes no longer text. */
const MAX_TEXT = 60_000
/** At once. */
const MAX_FILES = 10

/** The box to answer in: Enter sends, Shift and Enter begin a new line. Disabled, with the reason, where nothing can be sent. */
export function renderComposer(frame: ThreadFrame): TemplateResult {
  const { say, view, ui, set } = frame
  if (ui.template !== null && mayTemplate(frame))
    return html`<div class="composer" part="composer">${renderTemplateOffer(frame)}</div>`
  const refusal = whyNoReply(frame)
  const timeLeft = refusal === null ? timeLeftOf(frame) : null
  const draft = ui.drafts[view.conversationId] ?? EMPTY_DRAFT
  const change = (change: Partial<Draft>): void =>
    set({ drafts: { ...ui.drafts, [view.conversationId]: { ...draft, ...change } } })
  const addFiles = (files: Iterable<File>): void =>
    change({ files: [...draft.files, ...files].slice(0, MAX_FILES) })
  const send = (): void => sendDraft(frame, draft)
  const enter = onKey('Enter', send)
  return html`<div
    class="composer"
    part="composer"
    @paste=${(event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])]
      if (files.length === 0 || refusal !== null) return
      event.preventDefault()
      addFiles(files)
    }}
  >
    ${refusal === null ? null : html`<p class="note idle small-print" id="no-reply">${refusal}</p>`}
    ${timeLeft === null ? null : html`<p class="small-print muted" role="timer" id="time-left">${timeLeft}</p>`}
    ${renderTemplateOffer(frame)} ${renderQuoted(frame, draft, () => change({ quote: null }))}
    ${renderFiles(frame, draft, change)}
    <div class="composer-row">
      ${renderFilePicker(frame, refusal !== null, addFiles)}
      <textarea
        id="reply"
        part="input"
        rows="1"
        dir="auto"
        maxlength=${MAX_TEXT}
        aria-label=${say('Reply to {name}', { name: conversationName(say, view) })}
        aria-describedby=${refusal === null ? `${timeLeft === null ? '' : 'time-left '}reply-hint` : 'no-reply'}
        placeholder=${say('Message')}
        ?disabled=${refusal !== null}
        .value=${draft.text}
        @input=${({ currentTarget }: Event & { currentTarget: HTMLTextAreaElement }) => change({ text: currentTarget.value })}
        @keydown=${(event: KeyboardEvent) => event.shiftKey || enter(event)}
      ></textarea>
      ${button(say('Send'), send, {
        kind: 'primary',
        id: 'send',
        disabled: refusal !== null || (draft.text.trim() === '' && draft.files.length === 0),
      })}
    </div>
    ${
      refusal === null
        ? html`<p class="small-print muted" id="reply-hint">
            ${say('Enter sends; Shift and Enter begin a new line.')}
            ${view.assistant.state === 'on' ? say('What you send pauses the assistant in this conversation.') : null}
            ${chargeHint(frame)}
          </p>`
        : null
    }
  </div>`
}

/** Until when a free text can be sent; `null` where nothing says so. */
function timeLeftOf({ say, view, nowMs, locale }: ThreadFrame): string | null {
  const window = replyWindow(view, nowMs)
  return window.isOpen && window.untilMs !== null ? windowSentence(say, window.untilMs, nowMs, locale) : null
}

/** Whether what is sent may cost; `null` where it does not. */
function chargeHint({ say, account, view, nowMs, locale }: ThreadFrame): string | null {
  if (account.capabilities?.isCharged !== true) return null
  const freeUntil = view.window?.freeUntil ?? null
  return freeUntil !== null && Date.parse(freeUntil) > nowMs
    ? say('Messages here are free until {date}.', { date: formatDateTime(freeUntil, locale) })
    : say('WhatsApp may charge for each message that arrives.')
}

function sendDraft({ shown, view, ui, set, thread, jumpToEnd }: ThreadFrame, draft: Draft): void {
  const text = draft.text.trim()
  if (text === '' && draft.files.length === 0) return
  shown.outgoing.send(view.conversationId, text, draft.files, draft.quote)
  set({ drafts: { ...ui.drafts, [view.conversationId]: EMPTY_DRAFT }, focus: '#reply' })
  if (!thread.isLive) void thread.load()
  jumpToEnd()
}

function renderQuoted(
  { say, view }: ThreadFrame,
  { quote }: Draft,
  remove: () => void,
): TemplateResult | null {
  if (quote === null) return null
  const who =
    quote.from === 'person'
      ? conversationName(say, view)
      : say(quote.from === 'assistant' ? 'Assistant' : 'You')
  return html`<div class="quote draft-quote">
    <span
      ><strong class="small-print"><bdi>${who}</bdi></strong>
      <span class="clamped"><bdi>${quote.text}</bdi></span></span
    >
    ${button(crossIcon, remove, { kind: 'icon', name: say('Remove the quote') })}
  </div>`
}

function renderFiles(
  { say }: ThreadFrame,
  { files }: Draft,
  change: (change: Partial<Draft>) => void,
): TemplateResult | null {
  if (files.length === 0) return null
  return html`<ul class="draft-files">
    ${files.map(
      (file) =>
        html`<li>
          <bdi>${file.name}</bdi>
          ${button(crossIcon, () => change({ files: files.filter((each) => each !== file) }), {
            kind: 'icon',
            name: say('Remove {file}', { file: file.name }),
          })}
        </li>`,
    )}
  </ul>`
}

function renderFilePicker(
  { say, can }: ThreadFrame,
  disabled: boolean,
  add: (files: Iterable<File>) => void,
): TemplateResult | null {
  if (!can('messages.send')) return null
  const choose = ({ currentTarget }: Event): void => {
    if (!(currentTarget instanceof Element)) return
    currentTarget.parentElement?.querySelector<HTMLInputElement>('input[type=file]')?.click()
  }
  return html`<span class="picker"
    >${button(plusIcon, choose, { kind: 'icon', id: 'attach', name: say('Add a file'), disabled })}<input
      type="file"
      multiple
      hidden
      tabindex="-1"
      @change=${({ currentTarget }: Event & { currentTarget: HTMLInputElement }) => {
        add(currentTarget.files ?? [])
        currentTarget.value = ''
      }}
  /></span>`
}
