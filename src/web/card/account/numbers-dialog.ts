import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/controls/button.ts'
import { onKey } from '../../elements/keyboard/on-key.ts'
import type { CardContext } from '../card-context.ts'
import { editing } from '../late-parts.ts'

/**
 * All allowed numbers, with a filter; where they may be edited, a copy of the list that is changed freely and sent by Save. The button that
 * closes it does not wait for the script of the rest: a phone has no Escape.
 */
export function renderNumbersDialog(context: CardContext): TemplateResult {
  const { say, set, ui } = context
  const { draft } = ui
  const close = (): void => set({ draft: null, focus: ui.opener })
  // On Escape a browser closes it by itself, and then a dialog of the page around it may close, too.
  return html`<dialog
    part="dialog"
    aria-labelledby="dialog-title"
    @close=${() => ui.draft && close()}
    @keydown=${onKey('Escape', close)}
  >
    <h2 id="dialog-title">${say('Allowed numbers')}</h2>
    ${
      draft === null
        ? null
        : editing.draw(context, (parts) => parts.renderDialogContent(context, draft, close), ui.focus)
    }
    ${
      draft === null || editing.loaded
        ? null
        : html`<div class="buttons">${button(say('Close'), close)}</div>`
    }
  </dialog>`
}
