import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/button.ts'
import type { CardContext } from '../card-context.ts'

/** One line to be copied as it is. Where the clipboard cannot be written it is selected, for the person to copy. */
export function renderCopyField(
  { say, set, ui }: CardContext,
  id: string,
  label: string,
  line: string,
): TemplateResult {
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(line)
      set({ copied: id })
    } catch {
      set({ copied: null, focus: `#${id}` })
    }
  }
  const select = ({ currentTarget }: Event): void => {
    if (currentTarget instanceof HTMLInputElement) currentTarget.select()
  }
  return html`<div class="row">
    <input
      id=${id}
      part="input"
      class="line"
      dir="ltr"
      readonly
      aria-label=${label}
      .value=${line}
      @focus=${select}
    />
    ${button(ui.copied === id ? say('Copied') : say('Copy'), copy, { kind: 'small', name: `${say('Copy')}: ${label}` })}
  </div>`
}
