import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AnswerLine, type TextQuestion } from '../../../src/cli/ask-text.ts'

const QUESTION: TextQuestion = {
  question: 'Paste it:',
  hidden: true,
  isWhole: (text) => text.replaceAll(/\s/g, '').endsWith('}'),
  again: 'No.',
}

let shown: string
const line = (change: Partial<TextQuestion> = {}): AnswerLine =>
  new AnswerLine({ ...QUESTION, ...change }, (text) => {
    shown += text
  })

beforeEach(() => {
  shown = ''
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

// The line mode of a terminal takes 4,095 characters.
it('takes a long answer, and shows nothing of it', async () => {
  const answer = `{${'x'.repeat(12_000)}}`
  const asked = line()
  for (const piece of `${answer}\r`.match(/[\s\S]{1,1000}/g) ?? []) asked.receive(piece)
  expect(await asked.answered).toBe(answer)
  expect(shown).toBe('')
})

it.each([
  ['marked as a paste, in pieces that part the marks', ['\x1b[20', '0~{"a":\r"b', '"}\x1b[2', '01~', '\r']],
  ['not marked, with the rest a moment later', ['{"a":\r', '"b"}\r']],
  ['with cursor keys and a slip in it', ['{"a"\x1b[D\x1bOA:', '"bc\x7f"}\r']],
])('takes what has line breaks: %s', async (_name, pieces) => {
  const asked = line()
  for (const piece of pieces) {
    asked.receive(piece)
    await vi.advanceTimersByTimeAsync(100)
  }
  expect((await asked.answered)?.replaceAll('\n', '')).toBe('{"a":"b"}')
})

it('asks again where Enter was pressed behind half of it, and forgets the half', async () => {
  const asked = line()
  asked.receive('{half\r')
  await vi.advanceTimersByTimeAsync(200)
  expect(shown).toBe('\nNo.\nPaste it: ')
  asked.receive('\r')
  await vi.advanceTimersByTimeAsync(200)
  expect(shown).toBe('\nNo.\nPaste it: \nPaste it: ')
  asked.receive('{}\r')
  expect(await asked.answered).toBe('{}')
})

it('shows what is typed where nothing has to be hidden', async () => {
  const asked = line({ hidden: false, isWhole: () => true })
  asked.receive('yes\r')
  expect(await asked.answered).toBe('yes')
  expect(shown).toBe('yes')
})

it('ends without an answer at Ctrl-D, and when it was answered elsewhere', async () => {
  const [typed, cancelled] = [line(), line()]
  typed.receive('{\x04')
  cancelled.cancel()
  expect(await Promise.all([typed.answered, cancelled.answered])).toEqual([null, null])
})

it('keeps no more than 64 KiB', async () => {
  const asked = line({ isWhole: () => true })
  asked.receive(`${'x'.repeat(100_000)}\r`)
  expect(await asked.answered).toHaveLength(65_536)
})
