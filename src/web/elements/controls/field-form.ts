import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from './button.ts'
import type { ControlFrame } from './control-frame.ts'
import { onKey } from '../keyboard/on-key.ts'

export interface FieldForm {
  /** Unique in the element; the id of the input. */
  id: string
  label: string
  hint: unknown
  submitLabel: string
  /** What is wrong with what was typed; `''` for nothing. */
  error: string
  isBusy: boolean
  type?: string
  placeholder?: string
  /** Values that the browser offers while somebody types, each with what it stands for. */
  suggestions?: (readonly [value: string, label: string])[]
  submit: () => unknown
}

/** One labelled field with its button, its hint and its error. What is typed is in `ui.typed`. */
export function renderFieldForm(
  { ui, set }: Pick<ControlFrame, 'ui' | 'set'>,
  {
    id,
    label,
    hint,
    submitLabel,
    error,
    isBusy,
    type = 'text',
    placeholder,
    suggestions = [],
    submit,
  }: FieldForm,
): TemplateResult {
  const input = ({ currentTarget }: InputEvent & { currentTarget: HTMLInputElement }): void =>
    set({ typed: { ...ui.typed, [id]: currentTarget.value }, errors: {} })
  // No form: a sandboxed frame without `allow-forms` submits none.
  const send = (): unknown => (isBusy ? null : submit())
  return html`<div class="form">
    <label for=${id}>${label}</label>
    <div class="row">
      <input
        id=${id}
        part="input"
        class="number"
        type=${type}
        autocomplete="off"
        maxlength="64"
        placeholder=${placeholder ?? nothing}
        list=${suggestions.length === 0 ? nothing : `${id}-list`}
        .value=${ui.typed[id] ?? ''}
        aria-invalid=${error !== ''}
        aria-describedby="${id}-error ${id}-hint"
        @input=${input}
        @keydown=${onKey('Enter', send)}
      />
      ${button(submitLabel, send, { disabled: isBusy })}
    </div>
    ${
      suggestions.length === 0
        ? null
        : html`<datalist id="${id}-list">
            ${suggestions.map(([value, label]) => html`<option value=${value} label=${label}></option>`)}
          </datalist>`
    }
    <p id="${id}-error" class="field-error" role="alert" ?hidden=${error === ''}>${error}</p>
    <p id="${id}-hint" class="muted small-print" aria-live="polite">${hint}</p>
  </div>`
}
