import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardState } from '../state/card-state.ts'
import { formatProblemPlace } from '../text/problem-place.ts'

/** What is wrong with the config file on disk; shown until it is mended. */
export function renderConfigProblems({ config }: CardState): TemplateResult | typeof nothing {
  if (config === null || config.valid) return nothing
  return html`<div class="note bad" role="alert">
    <strong>The config file has a problem. The last valid settings stay in force.</strong>
    ${config.problems.map((problem) => {
      const place = formatProblemPlace(problem)
      return html`<span>${problem.message}</span>${
          place === '' ? nothing : html`<span class="place">${place}</span>`
        }`
    })}
    ${config.path === null ? nothing : html`<span class="place">${config.path}</span>`}
  </div>`
}
