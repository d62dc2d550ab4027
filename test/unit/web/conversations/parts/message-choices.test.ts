import { expect, test } from 'vitest'
import type { MessageView } from '../../../../../src/protocol/conversations/message-view.ts'
import { withoutChoices } from '../../../../../src/web/conversations/parts/message-choices.ts'
import { isOutcomeUnknown } from '../../../../../src/web/conversations/parts/message-tick.ts'

const DETAILS: MessageView['details'] = [
  {
    type: 'choices',
    button: null,
    options: [
      { id: 'a', title: 'Blue', description: null },
      { id: 'b', title: 'Red', description: 'like a fire' },
    ],
  },
]

test.each([
  ['Which one?\n1. Blue\n2. Red – like a fire', DETAILS, 'Which one?'],
  ['Which one?\n1. Blue', DETAILS, 'Which one?\n1. Blue'],
  ['Which one?\n1. Blue\n2. Red – like a fire', [], 'Which one?\n1. Blue\n2. Red – like a fire'],
])('%j is shown without the lines that are drawn as choices', (text, details, expected) => {
  expect(withoutChoices({ text, details })).toBe(expected)
})

test.each([
  [null, false],
  ['outcome_unknown', true],
  ['unconfirmed', true],
  ['not_allowed', false],
])('of a message that failed by %s nobody knows whether it arrived: %s', (code, expected) => {
  expect(isOutcomeUnknown({ failure: code === null ? null : { code, message: '' } })).toBe(expected)
})
