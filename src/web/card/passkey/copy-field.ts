import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'
import { renderCopyButton } from '../../elements/controls/copy-button.ts'

/** One line to be copied as it is. Where the clipboard cannot be written it is selected, for the person to copy. */
export function renderCopyField(
  context: CardContext,
  id: string,
  label: string,
  line: string,
): TemplateResult {
  const { say } = context
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
    ${renderCopyButton(context, {
      key: id,
      label: say('Copy'),
      name: `${say('Copy')}: ${label}`,
      text: line,
      source: `#${id}`,
    })}
  </div>`
}
