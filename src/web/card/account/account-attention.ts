import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'
import { renderPairingRequests } from '../parts/pairing-requests.ts'
import { renderBlockedSenders } from './blocked-senders.ts'
import { renderFailedReplies } from './failed-replies.ts'
import { renderHandedOver } from './handed-over.ts'
import { renderTakenOver } from './taken-over.ts'

/** What of an account waits for a person. */
export function renderAccountAttention(context: CardContext): TemplateResult {
  const { draw } = context
  return html`${draw(renderPairingRequests, context)} ${draw(renderBlockedSenders, context)}
  ${draw(renderHandedOver, context)} ${draw(renderTakenOver, context)} ${draw(renderFailedReplies, context)}`
}
