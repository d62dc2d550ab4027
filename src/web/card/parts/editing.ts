import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'
import type * as EditingParts from '../editing/editing-parts.ts'

type Parts = typeof EditingParts.EDITING_PARTS

let parts: Parts | 'loading' | 'failed' | null = null

/**
 * What only people who edit need is a script of its own: draws of it, or loads it first. `focus`, as a selector, gets the focus when it has
 * been loaded.
 */
export function drawEditing(
  { say, set }: CardContext,
  draw: (parts: Parts) => TemplateResult,
  focus: string | null = null,
): TemplateResult {
  if (parts !== null && typeof parts === 'object') return draw(parts)
  if (parts === 'failed')
    return html`<p role="alert">${say('A part of this page could not be loaded. Reload the page.')}</p>`
  if (parts === null) void load(() => set(focus === null ? {} : { focus }))
  return html`<div class="waiting"><span class="spinner"></span>${say('One moment…')}</div>`
}

async function load(redraw: () => void): Promise<void> {
  parts = 'loading'
  parts = await import('../editing/editing-parts.ts').then(
    ({ EDITING_PARTS }) => EDITING_PARTS,
    (): 'failed' => 'failed',
  )
  redraw()
}
