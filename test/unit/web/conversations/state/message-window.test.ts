import { expect, test } from 'vitest'
import {
  isLive,
  isOvergrown,
  MAX_KEPT_MESSAGES,
  messagesOf,
  withMessage,
  withNewer,
  withOlder,
} from '../../../../../src/web/conversations/state/message-window.ts'
import type { MessagePage, MessageWindow } from '../../../../../src/web/conversations/state/message-window.ts'
import { message } from '../conversation-fixture.ts'

const PAGE = 50
/** Messages `from` to `from + 49` of a conversation of 1,000, with cursors that are the numbers of their ends. */
function page(from: number): MessagePage {
  return {
    messages: Array.from({ length: PAGE }, (_, index) => message(`m${from + index}`, from + index)),
    older: from === 0 ? null : String(from),
    newer: from + PAGE === 1_000 ? null : String(from + PAGE),
  }
}
const ids = (window: MessageWindow) => messagesOf(window).map(({ messageId }) => messageId)

test('scrolled back through all of a conversation, it keeps a bounded part of it, without a gap', () => {
  let window: MessageWindow = [page(950)]
  for (let from = 900; from >= 0; from -= PAGE) {
    expect(window[0]?.older).toBe(String(from + PAGE))
    window = withOlder(window, page(from))
    const shown = ids(window)
    expect(shown.length).toBeLessThanOrEqual(MAX_KEPT_MESSAGES)
    expect(shown).toEqual(shown.map((_, index) => `m${from + index}`))
  }
  expect(isLive(window)).toBe(false)
  for (let from = 300; from < 1_000; from += PAGE) {
    expect(window.at(-1)?.newer).toBe(String(from))
    window = withNewer(window, page(from))
  }
  expect(isLive(window)).toBe(true)
  expect(ids(window).at(-1)).toBe('m999')
  expect(window[0]?.older).toBe('700')
})

test('a new message is added at the end, one of before in its place, and one that is known is replaced', () => {
  let window: MessageWindow = [{ messages: [message('a', 1), message('c', 3)], older: null, newer: null }]
  window = withMessage(window, message('d', 4))
  window = withMessage(window, message('b', 2))
  window = withMessage(window, message('c', 3, { text: 'edited' }))
  expect(ids(window)).toEqual(['a', 'b', 'c', 'd'])
  expect(messagesOf(window)[2]?.text).toBe('edited')
})

test('an unknown message is not added where the end of the conversation is not shown, nor before what is loaded', () => {
  expect(ids(withMessage([page(0)], message('new', 2_000)))).not.toContain('new')
  const end: MessageWindow = [{ messages: [message('b', 20)], older: 'x', newer: null }]
  expect(ids(withMessage(end, message('old', 1)))).toEqual(['b'])
})

test('a page is merged without what the window has already', () => {
  const window = withOlder([page(950)], {
    ...page(900),
    messages: [message('m949', 949), message('m950', 950)],
  })
  expect(ids(window).filter((id) => id === 'm950')).toHaveLength(1)
})

test('where the end alone grows beyond the bound, that is told', () => {
  let window: MessageWindow = [page(950)]
  for (let index = 0; index <= MAX_KEPT_MESSAGES - PAGE; index += 1) {
    expect(isOvergrown(window)).toBe(false)
    window = withMessage(window, message(`n${index}`, 2_000 + index))
  }
  expect(isOvergrown(window)).toBe(true)
})
