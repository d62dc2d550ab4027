import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { ConfigView } from '../../../protocol/config/config-view.ts'
import type { CardFrame } from '../card-context.ts'
import { formatProblemPlace } from '../text/problem-place.ts'

/** The first of `count` notes on the config file, open where they are urgent, for those who can edit it. */
export function renderConfigNotices(
  { hosted, say }: CardFrame,
  notices: ConfigView['notices'],
  { count, isUrgent }: { count: number; isUrgent: boolean },
): TemplateResult {
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
