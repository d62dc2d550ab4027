import { expect, test } from 'vitest'
import { messageText } from '../../../../../src/web/conversations/text/message-text.ts'
import { message } from '../conversation-fixture.ts'

test('the same message is read once, and anew when it has changed', () => {
  const first = message('A', 1, { text: '*one*' })
  expect(messageText(first, first.text)).toBe(messageText(first, first.text))
  const edited = { ...first, text: '*two*' }
  expect(messageText(edited, edited.text)).not.toEqual(messageText(first, first.text))
})
