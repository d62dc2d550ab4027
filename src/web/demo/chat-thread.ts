import { LitElement, css, html, nothing } from 'lit'
import type { PropertyValues, TemplateResult } from 'lit'
import { FocusKeeper } from '../elements/focus-keeper.ts'
import type { ChatView, MessageView } from '../../protocol/demo-state.ts'
import { button } from '../elements/button.ts'
import { controls } from '../elements/controls.ts'
import { onKey } from '../elements/on-key.ts'
import { whatsAppText } from './whatsapp-text.ts'

/** `detail` of the event `write`. */
export interface WriteDetail {
  text: string
}

const TICKS: Record<'sent' | 'delivered' | 'read', { mark: string; words: string }> = {
  sent: { mark: '✓', words: 'sent' },
  delivered: { mark: '✓✓', words: 'delivered' },
  read: { mark: '✓✓', words: 'read' },
}

/** One chat on a simulated phone: bubbles, "typing…", a field to write. Fires `write`. */
export class ChatThread extends LitElement {
  static override properties = {
    chat: { attribute: false },
    person: { type: String },
    empty: { type: String },
    disabled: { type: Boolean },
  }

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
      }
      .messages {
        flex: 1;
        display: flex;
        flex-direction: column;
        gap: 6px;
        min-height: 0;
        overflow-y: auto;
        padding: 14px 12px;
        background: var(--soft);
        font-size: 0.9rem;
        line-height: 1.4;
      }
      .empty {
        margin: auto;
        padding: 0 18px;
        text-align: center;
        color: var(--muted);
      }
      .bubble {
        max-width: 84%;
        padding: 7px 11px;
        border-radius: 14px;
        overflow-wrap: anywhere;
      }
      .text {
        white-space: pre-wrap;
      }
      .line {
        display: block;
        min-height: 1lh;
      }
      .quoted {
        padding-inline-start: 8px;
        border-inline-start: 3px solid var(--line-strong);
        color: var(--muted);
      }
      .item {
        display: flex;
        gap: 6px;
      }
      .mark {
        flex: none;
        min-width: 1ch;
      }
      code {
        padding: 0 3px;
        border-radius: 4px;
        background: var(--soft);
        font-size: 0.92em;
      }
      code.block {
        display: block;
        margin: 3px 0;
        padding: 6px 8px;
        overflow-x: auto;
      }
      .in {
        align-self: flex-start;
        border-end-start-radius: 4px;
        background: var(--ground);
      }
      .out {
        align-self: flex-end;
        border-end-end-radius: 4px;
        background: var(--good-ground);
      }
      .quote {
        display: block;
        margin-bottom: 4px;
        padding-inline-start: 8px;
        border-inline-start: 3px solid var(--accent);
        color: var(--muted);
        font-size: 0.82rem;
      }
      .meta {
        display: block;
        text-align: end;
        font-size: 0.72rem;
        color: var(--muted);
      }
      .read {
        color: var(--busy);
        font-weight: 700;
      }
      .typing {
        display: inline-flex;
        gap: 4px;
        padding: 13px 14px;
      }
      .typing i {
        width: 6px;
        height: 6px;
        border-radius: 50%;
        background: var(--muted);
        animation: blink 1.1s infinite;
      }
      .typing i:nth-child(2) {
        animation-delay: 150ms;
      }
      .typing i:nth-child(3) {
        animation-delay: 300ms;
      }
      @keyframes blink {
        50% {
          opacity: 0.2;
        }
      }
      .write {
        display: flex;
        gap: 8px;
        padding: 10px;
        border-top: 1px solid var(--line);
      }
      .write input {
        border-radius: 99px;
        border-color: var(--line-strong);
        font-size: 0.9rem;
      }
      .write button {
        flex: none;
        width: 42px;
        padding: 0;
        border-radius: 50%;
      }
    `,
  ]

  declare chat: ChatView | null
  declare person: string
  declare empty: string
  declare disabled: boolean

  constructor() {
    super()
    this.chat = null
    this.person = ''
    this.empty = ''
    this.disabled = false
    this.addController(new FocusKeeper(this, () => this.disabled))
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('chat')) return
    const messages = this.renderRoot.querySelector('.messages')
    if (messages !== null) messages.scrollTop = messages.scrollHeight
  }

  protected override render(): TemplateResult {
    const { chat } = this
    const messages = chat?.messages ?? []
    return html`
      <div class="messages" role="log" aria-label="Chat of ${this.person}" tabindex="0">
        ${messages.length === 0 ? html`<p class="empty">${this.empty}</p>` : messages.map(renderMessage)}
        ${
          chat?.isTyping === true
            ? html`<div class="bubble in typing" role="img" aria-label="typing…"><i></i><i></i><i></i></div>`
            : nothing
        }
      </div>
      <div class="write">
        <input
          name="text"
          autocomplete="off"
          maxlength="4096"
          placeholder="Message"
          aria-label="Message as ${this.person}"
          ?disabled=${this.disabled}
          @keydown=${onKey('Enter', this.#send)}
        />
        ${button('➤', this.#send, { kind: 'primary', name: `Send as ${this.person}`, disabled: this.disabled })}
      </div>
    `
  }

  readonly #send = (): void => {
    const input = this.renderRoot.querySelector('input')
    const text = input?.value.trim() ?? ''
    if (input === null || text === '') return
    input.value = ''
    this.dispatchEvent(new CustomEvent<WriteDetail>('write', { detail: { text } }))
  }
}

function renderMessage(message: MessageView): TemplateResult {
  const { direction, author, text, quote, reactions, status, at, isDeleted } = message
  const origin = `${message.viaLinkedDevice ? 'by the assistant · ' : ''}${message.isEdited ? 'edited · ' : ''}`
  const tick = status === null ? null : TICKS[status]
  const time = new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  return html`<div class="bubble ${direction}" data-message-id=${message.id}>
    ${author === null ? nothing : html`<span class="quote"><bdi>${author}</bdi></span>`}${quote === null ? nothing : html`<span class="quote">${quote.text}</span>`}<span
      class="text"
      >${isDeleted ? 'This message was deleted' : whatsAppText(text)}</span
    >${reactions.length === 0 ? nothing : html` <span>${reactions.join('')}</span>`}<span class="meta"
      >${origin}${time}${
        tick === null
          ? nothing
          : html` <span class=${status ?? ''} role="img" aria-label=${tick.words}>${tick.mark}</span>`
      }</span
    >
  </div>`
}
