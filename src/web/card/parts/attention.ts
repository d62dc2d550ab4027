import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext, CardFrame } from '../card-context.ts'
import { renderBlockedSenders } from './blocked-senders.ts'
import { renderConfigNotices, renderConfigProblems } from './config-problems.ts'
import { renderFailedReplies } from './failed-replies.ts'

/** What waits for a person, directly below the status; `context` is `null` where the card is about no account. */
export function renderAttention(frame: CardFrame, context: CardContext | null): TemplateResult {
  return html`${renderConfigProblems(frame)}
  ${context === null ? null : html`${renderBlockedSenders(context)} ${renderFailedReplies(context)}`}
  ${renderConfigNotices(frame, true)}`
}
