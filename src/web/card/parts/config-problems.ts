import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardFrame } from '../card-context.ts'
import { formatProblemPlace } from '../text/problem-place.ts'
import { editing } from '../late-parts.ts'

/** What is wrong with the config file on disk, or with the first of its entries that have no effect; shown until it is fixed. */
export function renderConfigProblems(frame: CardFrame): TemplateResult | null {
  const { config } = frame.state
  const problems = config?.valid ? config.entryProblems?.slice(0, 9) : config?.problems
  if (!problems) return null
  return editing.draw(frame, (parts) => parts.renderConfigProblemNote(frame, problems))
}

/** Of no consequence: they wait until somebody looks. The daemon's `QUIET_NOTICES`. */
export const QUIET_CODES: ReadonlySet<string> = new Set(['foreign_key', 'duplicate_number'])

/** What has another effect than the author of the config file may expect. Open. */
export function renderUrgentNotices(frame: CardFrame): TemplateResult | null {
  return renderConfigNotices(frame, true)
}

/** What is worth knowing of the config file and has no consequence. Closed. */
export function renderQuietNotices(frame: CardFrame): TemplateResult | null {
  return renderConfigNotices(frame, false)
}

function renderConfigNotices(
  { hosted, say, state: { config } }: CardFrame,
  isUrgent: boolean,
): TemplateResult | null {
  const notices = config?.valid ? config.notices : []
  if (notices.length === 0 || notices.some(({ code }) => !QUIET_CODES.has(code)) !== isUrgent) return null
  const count = config?.noticesTotal ?? notices.length
  return html`<details part="notices" ?open=${isUrgent && !hosted}>
    <summary>${say('Notes on the config file ({count})', { count })}</summary>
    <div>
      ${hosted ? html`<p>${say('Only the people who run your sandbox can solve this: tell them what is written here.')}</p>` : null}
      ${notices.map(
        (notice) =>
          html`<p class="small-print">
            ${notice.message} <span class="place">${formatProblemPlace(notice)}</span>
          </p>`,
      )}
    </div>
  </details>`
}
