import { expect, test } from 'vitest'
import { replyWindow } from '../../../../../src/web/conversations/state/reply-window.ts'
import { at } from '../conversation-fixture.ts'

const NOW = Date.parse(at(30))

test.each([
  [null, { isOpen: true, untilMs: null }],
  [
    { state: 'open', until: at(31) },
    { isOpen: true, untilMs: Date.parse(at(31)) },
  ],
  [
    { state: 'open', until: null },
    { isOpen: true, untilMs: null },
  ],
  [{ state: 'open', until: at(30) }, { isOpen: false }],
  [{ state: 'closed', until: at(29) }, { isOpen: false }],
  [{ state: 'closed', until: null }, { isOpen: false }],
] as const)('%j is over or not, whenever the daemon said so', (window, expected) => {
  expect(replyWindow({ window }, NOW)).toEqual(expected)
})
