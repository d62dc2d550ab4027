import { expect, test } from 'vitest'
import { readPasskeyAnswer } from '../../../../src/client/passkey/read-passkey-answer.ts'

const ANSWER = { id: 'AQ', response: { signature: 'AgM' } }
const JSON_TEXT = JSON.stringify(ANSWER)

test.each([
  ['as it was printed', JSON_TEXT],
  ['with blanks around it', `  ${JSON_TEXT}\n`],
  ['in the quotes of a console', `'${JSON_TEXT}'`],
  ['as a text in JSON', JSON.stringify(JSON_TEXT)],
  ['broken into lines by a terminal', JSON_TEXT.replace('AgM', 'A\r\ngM')],
  ['broken and indented by a mail program', JSON_TEXT.replace('AgM', 'A\n  gM')],
  ['with a mark at its beginning', `\u{feff}${JSON_TEXT}`],
  ['formatted', JSON.stringify(ANSWER, null, 2)],
])('an answer is read %s', (_, pasted) => {
  expect(readPasskeyAnswer(pasted)).toEqual(ANSWER)
})

test.each(['', 'undefined', '{', '[]', 'null', '"text"', '{"id":"AQ"}', '[{"response":{}}]'])(
  'no answer: %s',
  (pasted) => {
    expect(readPasskeyAnswer(pasted)).toBeNull()
  },
)
