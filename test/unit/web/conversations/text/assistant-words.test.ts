import { expect, test } from 'vitest'
import { words } from '../../../../../src/web/elements/language/words.ts'
import { assistantSentences } from '../../../../../src/web/conversations/text/assistant-words.ts'
import type { ConversationsText } from '../../../../../src/web/conversations/text/conversations-texts.ts'
import type { ConversationView } from '../../../../../src/protocol/conversations/conversation-view.ts'
import { at } from '../conversation-fixture.ts'

type Assistant = ConversationView['assistant']
const NOTHING: Assistant = { state: 'on', pausedBy: null, since: null, until: null, reason: null }

test.each<[Partial<Assistant>, string]>([
  [{}, 'The assistant answers here.'],
  [{ state: 'off' }, 'The assistant is off here: what arrives is kept and not answered.'],
  [
    { state: 'paused', pausedBy: 'phone', until: at(42) },
    'The assistant is paused here. Somebody answered on the phone. The assistant goes on in 42 mins.',
  ],
  [
    { state: 'paused', pausedBy: 'command' },
    'The assistant is paused here. Paused by /pause in the chat. Until somebody hands back.',
  ],
  [
    { state: 'waiting', pausedBy: 'agent', since: '2026-03-03T12:00:00.000Z' },
    'The assistant handed over. A person is waited for since 3 Mar 2026,',
  ],
  [{ state: 'waiting' }, 'Waits for a person'],
])('%j is told with who and until when', (facts, expected) => {
  const say = words<ConversationsText>(null)
  expect(assistantSentences(say, { ...NOTHING, ...facts }, Date.parse(at(0)), 'en-GB')).toContain(expected)
})
