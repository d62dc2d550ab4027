import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import type { ConversationsText } from '../text/conversations-texts.ts'
import type { ThreadFrame } from '../conversations-frame.ts'

/** Failures of which nobody knows whether the message arrived. */
const UNKNOWN_OUTCOMES: ReadonlySet<string> = new Set(['outcome_unknown', 'unconfirmed'])

/** How far a message of ours is: a mark as on phones, and the word for it. */
const TICKS: Partial<Record<MessageView['state'], readonly [mark: string, words: ConversationsText]>> = {
  queued: ['◷', 'queued'],
  sent: ['✓', 'sent'],
  delivered: ['✓✓', 'delivered'],
  read: ['✓✓', 'read'],
  failed: ['!', 'failed'],
  discarded: ['×', 'discarded'],
}

export function renderTick(
  { say }: Pick<ThreadFrame, 'say'>,
  message: Pick<MessageView, 'state' | 'failure'>,
): TemplateResult | null {
  const { state } = message
  const tick = isOutcomeUnknown(message) ? (['?', 'not confirmed'] as const) : TICKS[state]
  if (tick === undefined) return null
  const [mark, words] = tick
  return html`<span class="tick ${state}"><span aria-hidden="true">${mark}</span> ${say(words)}</span>`
}

/** Whether WhatsApp told nothing of it: it may have arrived. */
export function isOutcomeUnknown({ failure }: Pick<MessageView, 'failure'>): boolean {
  return failure !== null && UNKNOWN_OUTCOMES.has(failure.code)
}
