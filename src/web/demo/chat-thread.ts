import { LitElement, css, html, nothing } from 'lit'
import type { PropertyValues, TemplateResult } from 'lit'
import { FocusKeeper } from '../elements/keyboard/focus-keeper.ts'
import type { ChatView } from '../../protocol/demo-state.ts'
import { button } from '../elements/controls/button.ts'
import { controls } from '../elements/styles/controls.ts'
import { onKey } from '../elements/keyboard/on-key.ts'
import type { AttachDetail } from './attach-menu.ts'
import { type BubbleActions, renderMessage } from './message-bubble.ts'

/** `detail` of the event `write`. */
export interface WriteDetail {
  text: string
}

/** `detail` of the event `vote`. */
export interface VoteDetail {
  /** Of the poll. */
  id: string
  options: string[]
}

/** `detail` of the event `choose`. */
export interface ChooseDetail {
  /** Of the message. */
  id: string
  option: string
}

/**
 * One chat on a simulated phone: bubbles, "typing…", a field to write. Fires `write`, `vote`, `choose`, `share-number` and `attach`
 * (`AttachDetail`).
 */
export class ChatThread extends LitElement {
  static override properties = {
    chat: { attribute: false },
    person: { type: String },
    empty: { type: String },
    cannotAttach: { type: Boolean },
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
      img,
      video,
      audio {
        display: block;
        max-width: 100%;
        margin-bottom: 4px;
        border-radius: 10px;
      }
      img,
      video {
        height: auto;
        max-height: 260px;
        object-fit: contain;
      }
      audio {
        width: 230px;
      }
      .sticker {
        width: 120px;
      }
      .file {
        display: block;
        padding: 6px 8px;
        border-radius: 8px;
        background: var(--soft);
        color: inherit;
      }
      .file small {
        display: block;
        color: var(--muted);
      }
      .poll {
        display: grid;
        gap: 6px;
        min-width: 180px;
      }
      .option {
        display: flex;
        justify-content: space-between;
        width: 100%;
        min-height: 36px;
        padding: 4px 10px;
        font-size: 0.85rem;
      }
      summary {
        margin-top: 4px;
        cursor: pointer;
        color: var(--accent);
      }
      .option[aria-pressed='true'] {
        border-color: var(--accent);
        font-weight: 700;
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
        flex-wrap: wrap;
        gap: 8px;
        padding: 10px;
        border-top: 1px solid var(--line);
      }
      .write input {
        flex: 1;
        min-width: 0;
        width: 0;
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
  /** Words alone can be written here. */
  declare cannotAttach: boolean
  declare disabled: boolean

  constructor() {
    super()
    this.chat = null
    this.person = ''
    this.empty = ''
    this.cannotAttach = false
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
        ${messages.length === 0 ? html`<p class="empty">${this.empty}</p>` : messages.map((message) => renderMessage(message, this.#actions))}
        ${
          chat?.isTyping === true
            ? html`<div class="bubble in typing" role="img" aria-label="typing…"><i></i><i></i><i></i></div>`
            : nothing
        }
      </div>
      <div class="write">
        ${
          this.cannotAttach
            ? nothing
            : html`<simulated-attach
                .person=${this.person}
                .disabled=${this.disabled}
                @attach=${this.#attach}
              ></simulated-attach>`
        }
        <input
          name="text"
          autocomplete="off"
          maxlength="4096"
          placeholder="Message"
          aria-label="Message as ${this.person}"
          ?readonly=${this.disabled}
          @keydown=${onKey('Enter', this.#send)}
        />
        ${button('➤', this.#send, { kind: 'primary', name: `Send as ${this.person}`, disabled: this.disabled })}
      </div>
    `
  }

  get #actions(): BubbleActions {
    return {
      disabled: this.disabled,
      vote: ({ id }, options) =>
        this.dispatchEvent(new CustomEvent<VoteDetail>('vote', { detail: { id, options } })),
      choose: ({ id }, option) =>
        this.dispatchEvent(new CustomEvent<ChooseDetail>('choose', { detail: { id, option } })),
      shareNumber: () => this.dispatchEvent(new CustomEvent('share-number')),
    }
  }

  readonly #attach = ({ detail }: CustomEvent<AttachDetail>): void => {
    this.dispatchEvent(new CustomEvent<AttachDetail>('attach', { detail }))
  }

  readonly #send = (): void => {
    const input = this.renderRoot.querySelector('input')
    const text = input?.value.trim() ?? ''
    if (input === null || text === '' || this.disabled) return
    input.value = ''
    this.dispatchEvent(new CustomEvent<WriteDetail>('write', { detail: { text } }))
  }
}
