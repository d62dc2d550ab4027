import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { ConfigProblem } from '../../../protocol/config/config-problem.ts'
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
  { say, state: { config } }: CardFrame,
  isUrgent: boolean,
): TemplateResult | null {
  const notices = config?.valid ? config.notices : []
  if (notices.length === 0 || notices.some(({ code }) => !QUIET_CODES.has(code)) !== isUrgent) return null
  const count = config?.noticesTotal ?? notices.length
  return html`<details part="notices" ?open=${isUrgent}>
    <summary>${say('Notes on the config file ({count})', { count })}</summary>
    <div>
      ${notices.map(
        (notice) =>
          html`<p class="small-print">
            ${notice.message} <span class="place">${formatProblemPlace(notice)}</span>
          </p>`,
      )}
    </div>
  </details>`
}

/** Where a problem of the config file is: `channels.whatsapp.allowFrom[1] · line 12, column 5`, with the name of an included file before the line. */
export function formatProblemPlace({ path, file, line, column }: ConfigProblem): string {
  const position = line && `line ${line}${column ? `, column ${column}` : ''}`
  return [path, file, position].filter(Boolean).join(' · ')
}
