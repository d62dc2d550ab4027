import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { ConfigProblem } from '../../../protocol/config/config-problem.ts'
import type { CardFrame } from '../card-context.ts'
import { formatProblemPlace } from '../text/problem-place.ts'
import { renderDetails } from './details.ts'

/** What is wrong with the config file. Its sentences are advice for who can edit it: people of a hosted dashboard pass them on. */
export function renderConfigProblemNote(
  frame: CardFrame,
  problems: readonly ConfigProblem[],
): TemplateResult {
  const { hosted, say, state } = frame
  const { config } = state
  const title = config?.valid
    ? hosted && say('Some entries of the config file have no effect.')
    : say('The config file has a problem. The last valid settings stay in force.')
  const lines = problems.map((problem) =>
    [problem.message, formatProblemPlace(problem), problem.code].filter(Boolean).join(' · '),
  )
  return html`<div class="note bad" part="note bad" role="alert">
      ${title ? html`<strong>${title}</strong>` : null}
      ${
        hosted
          ? html`<span
              >${say('Only the people who run your sandbox can solve this: tell them what is written here.')}</span
            >`
          : problems.map(
              (problem) =>
                html`<span>${problem.message}</span
                  ><span class="place">${formatProblemPlace(problem)}</span>`,
            )
      }
    </div>
    ${renderDetails(frame, { key: 'config', lines: [...lines, config?.path ?? []].flat(), page: 'docs/config.md' })}`
}
