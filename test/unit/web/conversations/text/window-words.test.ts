import { expect, test } from 'vitest'
import { words } from '../../../../../src/web/elements/language/words.ts'
import type { ConversationsText } from '../../../../../src/web/conversations/text/conversations-texts.ts'
import { windowSentence } from '../../../../../src/web/conversations/text/window-words.ts'

const NOW = new Date(2026, 2, 3, 14, 0)

test.each([
  [new Date(2026, 2, 3, 14, 0, 30), 'Replies for 1 min more.'],
  [new Date(2026, 2, 3, 14, 42), 'Replies for 42 mins more.'],
  [new Date(2026, 2, 3, 18, 5), 'Replies until 18:05.'],
  [new Date(2026, 2, 4, 14, 5), 'Replies until 14:05 tomorrow.'],
  [new Date(2026, 2, 6, 14, 5), 'Replies until 6 Mar 2026, 14:05.'],
])('until %s: %s', (until, expected) => {
  const say = words<ConversationsText>(null)
  expect(windowSentence(say, until.getTime(), NOW.getTime(), 'en-GB')).toBe(expected)
})
