import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { demoAnswer, type DemoQuestion } from '../../../../../src/agents/connectors/demo/demo-answer.ts'

const said = (question: DemoQuestion): string =>
  demoAnswer(question)
    .filter((piece) => typeof piece === 'string')
    .join('\n\n')

const asked = { text: 'Hello there', attachments: [], name: 'Alice', isFirst: true, isGroup: false }

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

test('a picture is a PNG that a viewer can open', () => {
  const [picture] = demoAnswer({ ...asked, text: 'Send me a photo' })
  if (typeof picture !== 'object' || picture.type !== 'media' || !('data' in picture.file))
    throw new Error('none')
  const bytes = Buffer.from(picture.file.data)
  expect(bytes.subarray(1, 4).toString()).toBe('PNG')
  const at = bytes.indexOf('IDAT')
  const pixels = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)))
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  expect(pixels).toHaveLength(height * (1 + 3 * width))
})

test('a file is a document with a name', () => {
  expect(demoAnswer({ ...asked, text: 'a file, please' })).toMatchObject([
    { type: 'media', kind: 'document', name: 'menu.txt', mimeType: 'text/plain' },
  ])
})

test('what somebody sends is named, with its type and size, and why it is missing', () => {
  const photo = {
    kind: 'image',
    what: 'photo',
    name: null,
    mimeType: 'image/jpeg',
    size: 4_711,
    path: '/x',
  } as const
  const voice = {
    ...photo,
    kind: 'audio',
    what: 'voice message, 2 seconds',
    mimeType: null,
    path: null,
  } as const
  const answer = said({
    ...asked,
    text: 'a photo',
    attachments: [photo, { ...voice, problem: 'The file is gone.', transcript: { text: 'hello' } }],
  })
  expect(answer).toContain('**photo**: `image/jpeg`, `4711 bytes`')
  expect(answer).toContain('**voice message, 2 seconds**: `4711 bytes`')
  expect(answer).toContain('The file is gone.')
  expect(answer).toContain('I heard: "hello"')
})
