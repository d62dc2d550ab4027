import { html } from 'lit'
import type { TemplateResult } from 'lit'

/** A list of what waits for a person, below `title` and how many there are. `id` is unique in the element. */
export function renderAttentionSection(
  { id, title, count, locale }: { id: string; title: string; count: number; locale: string },
  content: unknown,
): TemplateResult {
  return html`<section class="attention" part="attention" aria-labelledby=${id}>
    <h3 id=${id}>${title} <span class="count">${count.toLocaleString(locale)}</span></h3>
    ${content}
  </section>`
}
