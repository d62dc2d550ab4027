import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'
import { formatDateTime } from '../../card/text/time.ts'
import type { Words } from '../../elements/language/words.ts'
import { formatTimeLeft } from './chat-times.ts'
import type { ConversationsText } from './conversations-texts.ts'

type Assistant = ConversationView['assistant']

const WHO_PAUSED: Readonly<Record<NonNullable<Assistant['pausedBy']>, ConversationsText>> = {
  phone: 'Somebody answered on the phone.',
  dashboard: 'Somebody answered here.',
  api: 'A program answered.',
  command: 'Paused by /pause in the chat.',
  agent: 'The assistant handed over.',
  app: 'Another app answers.',
}

const LABELS: Readonly<Record<Assistant['state'], ConversationsText>> = {
  on: 'Assistant on',
  off: 'Assistant off',
  paused: 'Assistant paused',
  waiting: 'Waits for a person',
}

/** A few words for a row of the list. */
export function assistantLabel(state: Assistant['state']): ConversationsText {
  return LABELS[state]
}

/**
 * Whether the assistant answers in a conversation, and if not, why and until when, in whole sentences. `nowMs` is the daemon's clock,
 * milliseconds since 1970.
 */
export function assistantSentences(
  say: Words<ConversationsText>,
  { state, pausedBy, since, until }: Assistant,
  nowMs: number,
  locale?: string,
): string {
  if (state === 'on') return say('The assistant answers here.')
  if (state === 'off') return say('The assistant is off here: what arrives is kept and not answered.')
  const why = pausedBy === null ? null : say(WHO_PAUSED[pausedBy])
  if (state === 'waiting') {
    const waits =
      since === null
        ? say('Waits for a person')
        : say('A person is waited for since {date}.', { date: formatDateTime(since, locale) })
    return [why, waits].filter((each) => each !== null).join(' ')
  }
  const leftMs = until === null ? null : Date.parse(until) - nowMs
  const end =
    leftMs === null
      ? say('Until somebody hands back.')
      : say('The assistant goes on in {time}.', { time: formatTimeLeft(leftMs, locale) })
  return [say('The assistant is paused here.'), why, end].filter((each) => each !== null).join(' ')
}
