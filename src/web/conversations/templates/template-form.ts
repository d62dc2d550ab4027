import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/controls/button.ts'
import { whatsAppText } from '../../elements/whatsapp-text.ts'
import { onKey } from '../../elements/keyboard/on-key.ts'
import type { ThreadFrame } from '../conversations-frame.ts'
import type { ConversationsText } from '../text/conversations-texts.ts'
import { filledText, isFilled, sentTemplate, templateFields } from './template-values.ts'
import type { TemplateField, TemplateValues } from './template-values.ts'
import type { Template } from './template-list.ts'

const FILES: Readonly<Record<string, ConversationsText>> = {
  image: 'Address of the picture (https)',
  video: 'Address of the video (https)',
  document: 'Address of the document (https)',
}

/** The places of a template, what the person will get, and "Send". `key`: under which what is typed is kept. */
export function renderTemplateForm(frame: ThreadFrame, template: Template, key: string): TemplateResult {
  const { say, ui, set, shown, view, jumpToEnd } = frame
  if (template.header?.kind === 'other')
    return html`<p class="note idle small-print">
      ${say('This template has a header that cannot be filled in here.')}
    </p>`
  const fields = templateFields(template)
  const values: TemplateValues = Object.fromEntries(
    fields.map((field) => [field.key, ui.typed[`${key} ${field.key}`] ?? '']),
  )
  const send = (): void => {
    const missing = fields.filter((field) => !isFilled(field, values[field.key] ?? ''))
    if (missing.length > 0) {
      const problem = (field: TemplateField): string =>
        say(
          field.kind === 'file' ? 'Give an address that begins with https://.' : 'This place needs a value.',
        )
      const first = fields.findIndex((field) => field === missing[0])
      const errors = Object.fromEntries(missing.map((field) => [`${key} ${field.key}`, problem(field)]))
      return set({ errors, focus: `#${fieldId(first)}` })
    }
    shown.outgoing.sendTemplate(
      view.conversationId,
      filledText(template, values),
      sentTemplate(template, values),
    )
    set({ template: null, errors: {}, typed: without(ui.typed, key), focus: '#reply' })
    jumpToEnd()
  }
  return html`${fields.map((field, index) => renderField(frame, field, `${key} ${field.key}`, index, send))}
    <div class="template-preview" aria-live="polite">
      <span class="muted small-print">${say('What the person gets')}</span>
      <div class="bubble">
        <div class="text">${whatsAppText(filledText(template, values))}</div>
        ${template.buttons.map(({ title }) => html`<span class="choice small-print"><bdi>${title}</bdi></span>`)}
      </div>
    </div>
    <div class="actions template-foot">
      ${button(say('Send the template'), send, { kind: 'primary', id: 'template-send' })}
    </div>`
}

function renderField(
  { say, ui, set }: ThreadFrame,
  field: TemplateField,
  key: string,
  index: number,
  send: () => void,
): TemplateResult {
  const id = fieldId(index)
  const error = ui.errors[key] ?? ''
  const { example } = field
  return html`<div class="contact-field">
    <label for=${id}><bdi>${labelOf(say, field)}</bdi></label>
    <input
      id=${id}
      part="input"
      dir="auto"
      autocomplete="off"
      maxlength="1024"
      .value=${ui.typed[key] ?? ''}
      aria-invalid=${error !== ''}
      aria-describedby="${id}-error ${id}-example"
      @input=${({ currentTarget }: Event & { currentTarget: HTMLInputElement }) => set({ typed: { ...ui.typed, [key]: currentTarget.value }, errors: {} })}
      @keydown=${onKey('Enter', send)}
    />
    <p id="${id}-error" class="field-error" role="alert" ?hidden=${error === ''}>${error}</p>
    <p id="${id}-example" class="muted small-print" ?hidden=${example === null}>
      ${example === null ? '' : say('Example: {example}', { example })}
    </p>
  </div>`
}

/** Places have numbers, given anew in the header, or the names that their author chose. */
function labelOf(say: ThreadFrame['say'], { kind, name, place, isInHeader }: TemplateField): string {
  if (kind === 'file') return say(FILES[name] ?? 'Address of the document (https)')
  if (place === null) return name
  if (/^\d+$/.test(place))
    return say(isInHeader === true ? 'Field {place} of the header' : 'Field {place} of the body', { place })
  return isInHeader === true ? say('Header: {place}', { place }) : place
}

function fieldId(index: number): string {
  return `template-field-${index}`
}

function without(typed: Readonly<Record<string, string>>, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(typed).filter(([each]) => !each.startsWith(key)))
}
