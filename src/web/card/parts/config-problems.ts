import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { ConfigProblem } from '../../../protocol/config-problem.ts'
import type { CardFrame } from '../card-context.ts'

/** What is wrong with the config file on disk, or with the first of its entries that have no effect; shown until it is fixed. */
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

/** Where a problem of the config file is: `channels.whatsapp.allowFrom[1] · line 12, column 5`. */
export function formatProblemPlace({ path, line, column }: ConfigProblem): string {
  const position = line && `line ${line}${column ? `, column ${column}` : ''}`
  return [path, position].filter(Boolean).join(' · ')
}
