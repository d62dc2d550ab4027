import { expect, test } from 'vitest'
import { demoAnswer, type DemoQuestion } from '../../../../../src/agents/connectors/demo/demo-answer.ts'

const said = (question: DemoQuestion): string => demoAnswer(question).join('\n\n')

const asked = { text: 'Hello there', name: 'Alice', isFirst: true, isGroup: false }

test('the first answer says what this is, and what can be asked', () => {
  const answer = said(asked)
  expect(answer).toContain('Hello Alice!')
  expect(answer).toContain('> Hello there')
  expect(answer).toContain('without a model')
})

test('later answers are short, and quote every line', () => {
  const answer = said({ ...asked, text: 'one\ntwo', isFirst: false })
  expect(answer).toContain('> one\n> two')
  expect(answer).not.toContain('Hello')
})

test.each(['Show me the menu', 'some CODE please', 'tell me a story'])(
  '"%s" has an answer of its own',
  (text) => {
    expect(said({ ...asked, text })).not.toContain(text)
  },
)
