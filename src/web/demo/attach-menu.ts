import { LitElement, css, html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import type { MediaView } from '../../protocol/demo-state.ts'
import { FocusKeeper } from '../elements/keyboard/focus-keeper.ts'
import { button } from '../elements/controls/button.ts'
import { controls } from '../elements/styles/controls.ts'
import { SAMPLE_VOICE_SECONDS, sampleDocument, samplePhoto, sampleVoice } from './sample-files.ts'

/** A file that a person attaches, or the place where they are. */
export type AttachDetail =
  | { kind: MediaView['kind']; data: Blob; name?: string; seconds?: number }
  | { kind: 'location'; latitude: number; longitude: number; name: string }

/** Where the person of the demo says they are. */
const PLACE = { kind: 'location', latitude: 52.5163, longitude: 13.3777, name: 'Brandenburg Gate' } as const

/** The "+" of a chat: a photo, a document, a voice note, a place. Fires `attach`. */
export class AttachMenu extends LitElement {
  static override properties = {
    person: { type: String },
    disabled: { type: Boolean },
    isOpen: { state: true },
    problem: { state: true },
    recorder: { state: true },
  }

  static override styles = [
    controls,
    css`
      :host {
        display: contents;
      }
      .plus {
        flex: none;
        width: 42px;
        padding: 0;
        border-radius: 50%;
      }
      .menu {
        order: -1;
        flex-basis: 100%;
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 6px;
      }
      .menu button {
        min-height: 36px;
        padding: 4px 8px;
        font-size: 0.82rem;
      }
      .problem {
        grid-column: 1 / -1;
        color: var(--bad);
        font-size: 0.82rem;
      }
      input {
        display: none;
      }
    `,
  ]

  declare person: string
  declare disabled: boolean
  declare isOpen: boolean
  declare problem: string
  declare recorder: MediaRecorder | null

  constructor() {
    super()
    this.person = ''
    this.disabled = false
    this.isOpen = false
    this.problem = ''
    this.recorder = null
    this.addController(new FocusKeeper(this, () => this.disabled))
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.recorder?.stop()
  }

  protected override render(): TemplateResult {
    const { disabled, isOpen } = this
    return html`${isOpen ? this.#renderMenu() : nothing}<button
        type="button"
        class="plus"
        aria-label="Attach as ${this.person}"
        aria-expanded=${isOpen}
        ?disabled=${disabled}
        @click=${() => (this.isOpen = !isOpen)}
      >
        +
      </button>`
  }

  #renderMenu(): TemplateResult {
    const choice = (label: string, act: () => unknown): TemplateResult =>
      button(label, act, { disabled: this.disabled })
    const isRecording = this.recorder !== null
    const canRecord = 'MediaRecorder' in globalThis && 'mediaDevices' in navigator
    return html`<div class="menu" role="group" aria-label="Attach">
      ${choice('Sample photo', () => this.#attachSample(samplePhoto, { kind: 'image' }))}
      ${choice('Photo or video…', () => this.#pick('image/*,video/*'))}
      ${choice('Sample document', () => this.#attachSample(sampleDocument, { kind: 'document', name: 'shopping.txt' }))}
      ${choice('Document…', () => this.#pick(''))}
      ${choice('Sample voice note', () =>
        this.#attachSample(sampleVoice, { kind: 'voice', seconds: SAMPLE_VOICE_SECONDS }),
      )}
      ${canRecord ? choice(isRecording ? 'Send the recording' : 'Record…', this.#record) : nothing}
      ${choice('Location', () => this.#attach(PLACE))}
      <input type="file" tabindex="-1" aria-label="File" @change=${this.#picked} />
      ${this.problem === '' ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
    </div>`
  }

  #pick(accept: string): void {
    const input = this.renderRoot.querySelector('input')
    if (input === null) return
    input.accept = accept
    input.value = ''
    input.click()
  }

  readonly #picked = (event: Event): void => {
    const input = event.target
    const file = input instanceof HTMLInputElement ? input.files?.[0] : undefined
    if (file === undefined || !(input instanceof HTMLInputElement)) return
    const [type = ''] = file.type.split('/')
    const shown = input.accept !== '' && (type === 'image' || type === 'video') ? type : 'document'
    this.#attach({ kind: shown, data: file, name: file.name })
  }

  async #attachSample(
    make: () => Blob | Promise<Blob>,
    of: { kind: MediaView['kind']; name?: string; seconds?: number },
  ): Promise<void> {
    try {
      this.#attach({ ...of, data: await make() })
    } catch (error) {
      this.problem = error instanceof Error ? error.message : 'That did not work.'
    }
  }

  readonly #record = async (): Promise<void> => {
    if (this.recorder !== null) return this.recorder.stop()
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
      const recorder = new MediaRecorder(stream)
      const startedAt = Date.now()
      const chunks: Blob[] = []
      recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data))
      recorder.addEventListener('stop', () => {
        for (const track of stream.getTracks()) track.stop()
        this.recorder = null
        const seconds = Math.max(1, Math.round((Date.now() - startedAt) / 1_000))
        this.#attach({ kind: 'voice', data: new Blob(chunks, { type: recorder.mimeType }), seconds })
      })
      recorder.start()
      this.recorder = recorder
    } catch {
      this.problem = 'The browser gives no microphone. Allow it in the address bar, or send the sample.'
    }
  }

  #attach(detail: AttachDetail): void {
    this.problem = ''
    this.isOpen = false
    this.renderRoot.querySelector<HTMLElement>('.plus')?.focus()
    this.dispatchEvent(new CustomEvent<AttachDetail>('attach', { detail }))
  }
}
