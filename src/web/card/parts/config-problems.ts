import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { formatProblemPlace } from '../text/problem-place.ts'
import type { CardFrame } from './card-context.ts'

/** What is wrong with the config file on disk, or with the first entries of it that count for nobody; shown until it is mended. */
export function renderConfigProblems({ say, state: { config } }: CardFrame): TemplateResult | null {
  const problems = config?.valid ? config.entryProblems?.slice(0, 9) : config?.problems
  if (!problems) return null
  const place = (text?: string | null) => (text ? html`<span class="place">${text}</span>` : null)
  return html`<div class="note bad" part="note bad" role="alert">
    ${
      config?.valid
        ? null
        : html`<strong
            >${say('The config file has a problem. The last valid settings stay in force.')}</strong
          >`
    }
    ${problems.map((problem) => html`<span>${problem.message}</span>${place(formatProblemPlace(problem))}`)}
    ${place(config?.path)}
  </div>`
}
