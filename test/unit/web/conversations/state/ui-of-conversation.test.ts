import { expect, test } from 'vitest'
import {
  withMerged,
  withoutConversation,
} from '../../../../../src/web/conversations/state/ui-of-conversation.ts'

const draft = (text: string) => ({ text, files: [], quote: null })
const UI = {
  drafts: { '1': draft('one'), '2': draft('two'), '12': draft('twelve') },
  typed: { 'field 1 email': 'a@b.example', 'field 1 notes': 'one', 'field 2 notes': 'two', add: '+1555' },
}

test('what was begun in a conversation goes on in the one that it has turned out to be', () => {
  expect(withMerged(UI, '1', '2')).toEqual({
    drafts: { '2': draft('two\none'), '12': draft('twelve') },
    typed: { 'field 2 email': 'a@b.example', 'field 2 notes': 'two', add: '+1555' },
  })
})

test('nothing of a conversation that was erased is kept', () => {
  expect(withoutConversation(UI, '1')).toEqual({
    drafts: { '2': draft('two'), '12': draft('twelve') },
    typed: { 'field 2 notes': 'two', add: '+1555' },
  })
})
