import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardFrame } from '../card-context.ts'

/** How many entries of a list are not shown; nothing where all of them are. */
export function renderRest({ say }: Pick<CardFrame, 'say'>, rest: number): TemplateResult | null {
  return rest > 0 ? html`<p class="muted small-print">${say('and {count} more', { count: rest })}</p>` : null
}
