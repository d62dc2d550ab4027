import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardFrame } from '../card-context.ts'
import { countryOf } from '../text/countries.ts'

/**
 * Somebody on two lines: what the config calls them, if anything, their number, and its country. The number is always shown, because a
 * name proves nothing.
 */
export function renderPerson({ say, locale }: CardFrame, number: string, name: string): TemplateResult {
  const shown = number === '*' ? say('Everybody') : number
  const country = countryOf(number, locale)
  return html`<span class="person">
    <bdi class=${name === '' ? 'number' : 'name'}>${name || shown}</bdi>
    <span class="muted">
      ${name === '' ? null : html`<bdi class="number">${shown}</bdi>`}
      ${country === '' ? null : html`<bdi>${country}</bdi>`}
    </span>
  </span>`
}
