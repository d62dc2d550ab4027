import type { TemplateResult } from 'lit'
import type { CardFrame } from '../card-context.ts'
import { attention } from '../late-parts.ts'

/** What is wrong with the config file on disk, or with the first of its entries that have no effect; shown until it is fixed. */
export function renderConfigProblems(frame: CardFrame): TemplateResult | null {
  const { config } = frame.state
  const problems = config?.valid ? config.entryProblems?.slice(0, 9) : config?.problems
  if (!problems) return null
  return attention.draw(frame, (parts) => parts.renderConfigProblemNote(frame, problems))
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

function renderConfigNotices(frame: CardFrame, isUrgent: boolean): TemplateResult | null {
  const { config } = frame.state
  const notices = config?.valid ? config.notices : []
  if (notices.length === 0 || notices.some(({ code }) => !QUIET_CODES.has(code)) !== isUrgent) return null
  const count = config?.noticesTotal ?? notices.length
  return attention.draw(frame, (parts) => parts.renderConfigNotices(frame, notices, { count, isUrgent }))
}
