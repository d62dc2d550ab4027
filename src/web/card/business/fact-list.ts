import { html } from 'lit'
import type { TemplateResult } from 'lit'

/** One line: what it is, how it is, and whether somebody should look at it. */
export type Fact = readonly [term: string, value: string, isWarning?: boolean]

/** Two columns of facts; nothing where there are none. */
export function renderFacts(facts: readonly Fact[]): TemplateResult | null {
  if (facts.length === 0) return null
  return html`<dl>
    ${facts.map(
      ([term, value, isWarning = false]) =>
        html`<div>
          <dt>${term}</dt>
          <dd class=${isWarning ? 'warned' : ''}><bdi>${value}</bdi></dd>
        </div>`,
    )}
  </dl>`
}
