import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext, CardFrame } from '../card-context.ts'
import { renderBlockedSenders } from './blocked-senders.ts'
import { renderConfigProblems, renderUrgentNotices } from './config-problems.ts'
import { renderFailedReplies } from './failed-replies.ts'
import { renderHandedOver } from './handed-over.ts'
import { renderPairingRequests } from './pairing-requests.ts'
import { renderTakenOver } from './taken-over.ts'

/** What waits for a person, directly below the status; `context` is `null` where the card is about no account. */
export function renderAttention(frame: CardFrame, context: CardContext | null): TemplateResult {
  const { draw } = frame
  const ofAccount =
    context &&
    html`${draw(renderPairingRequests, context)} ${draw(renderBlockedSenders, context)}
    ${draw(renderHandedOver, context)} ${draw(renderTakenOver, context)} ${draw(renderFailedReplies, context)}`
  return html`${draw(renderConfigProblems, frame)} ${ofAccount} ${draw(renderUrgentNotices, frame)}`
}
