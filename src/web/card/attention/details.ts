import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { renderCopyButton } from '../../elements/controls/copy-button.ts'
import type { CardFrame } from '../card-context.ts'

interface Details {
  /** Unique in the card. */
  key: string
  lines: readonly string[]
  /** The page of the package that explains them; people of a hosted dashboard have no package. */
  page?: string
}

/** What is technical of a problem, closed: for those who look for its cause, and to be passed on with "Copy". */
export function renderDetails(
  frame: CardFrame,
  { key, lines, page = 'docs/troubleshooting.md' }: Details,
): TemplateResult {
  const { hosted, say } = frame
  const id = `details-${key}`
  return html`<details part="details">
    <summary>${say('Details')}</summary>
    <div class="entries">
      <div id=${id} class="place">${lines.map((line) => html`<div>${line}</div>`)}</div>
      ${renderCopyButton(frame, { key: id, label: say('Copy'), text: lines.join('\n'), source: `#${id}` })}
      ${hosted ? null : html`<p class="muted small-print">${say('Explained in {page}, in the package whatsappd.', { page })}</p>`}
    </div>
  </details>`
}
