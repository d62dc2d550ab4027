import { expect, it } from 'vitest'
import type { ReplyPart } from '../../../../src/agents/agent.ts'
import { parseStep } from '../../../../src/agents/answers/parse-step.ts'
import { StepReader } from '../../../../src/agents/answers/step-reader.ts'
import { isOtherStep, writtenSteps } from '../../../../src/agents/answers/written-steps.ts'

/** The parts of an answer that consists of these values. */
function partsOf(...values: readonly unknown[]): ReplyPart[] {
  const reader = new StepReader()
  const parts = values.flatMap((value) => {
    const steps = writtenSteps(value) ?? [{ type: 'fail' as const }]
    return steps.map((step) =>
      step.type === 'done' || step.type === 'fail' ? reader.end() : reader.read(step),
    )
  })
  return parts.filter((part) => part !== null)
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const MEDIA = { type: 'media', kind: 'document', name: 'a.txt', caption: 'see' }
const WORDS = { type: 'delta', text: 'words' }

it('puts a file together from its pieces, and the next one from its own', () => {
  const piece = (text: string): object => ({ type: 'data', data: base64(text) })
  const file = (text: string): object => ({ ...MEDIA, file: { data: Buffer.from(text) } })
  expect(partsOf(piece('ab'), WORDS, piece('c'), MEDIA, piece('d'), MEDIA, { type: 'done' })).toEqual([
    WORDS,
    file('abc'),
    file('d'),
  ])
})

it.each<[what: string, step: object, why: string]>([
  ['of a kind that is not known', { ...MEDIA, kind: 'hologram', path: 'a' }, '"kind"'],
  ['with a path that is none', { ...MEDIA, path: 7 }, '"path"'],
  ['with content that is no base64', { ...MEDIA, data: '%%%' }, '"data"'],
  ['without content', MEDIA, '"path", or "data"'],
  ['with two contents', { ...MEDIA, path: 'a', data: base64('b') }, '"path", or "data"'],
  [
    'with too much content',
    { ...MEDIA, data: Buffer.alloc(16 * 1_024 * 1_024 + 1).toString('base64') },
    'at most 16777216 bytes',
  ],
])('says of a file %s why it is not sent, and goes on', (_what, step, why) => {
  const [before, file, after, ...more] = partsOf(WORDS, step, WORDS, { type: 'done' })
  expect([before, after, more]).toEqual([WORDS, WORDS, []])
  expect(file).toEqual({ type: 'unusable', why: expect.stringContaining(why), caption: 'see' })
})

it.each<[step: object, field: string]>([
  [{ type: 'location', latitude: null, longitude: 2 }, 'latitude'],
  [{ type: 'location', latitude: 91, longitude: 2 }, 'latitude'],
  [{ type: 'location', latitude: '1', longitude: 2 }, 'latitude'],
  [{ type: 'contact', name: 'Bob', phoneNumbers: [7] }, 'phoneNumbers.0'],
  [{ type: 'contact', name: 'Bob' }, 'phoneNumbers'],
  [{ type: 'poll', question: 'Tea?', options: ['yes'] }, 'options'],
  [{ type: 'reaction' }, 'emoji'],
  [{ type: 'quote', messageId: {} }, 'messageId'],
])('names the field of %j that is wrong', (step, field) => {
  const [part] = partsOf(step)
  expect(part).toEqual({ type: 'unusable', why: expect.stringContaining(`"${field}"`) })
})

it('sends nothing of a file of which a piece was wrong, or too much, and the next one whole', () => {
  const whole = { type: 'data', data: base64('whole') }
  const large = { type: 'data', data: Buffer.alloc(9 * 1_024 * 1_024).toString('base64') }
  for (const pieces of [
    [whole, { type: 'data', data: 'not base64!' }, whole],
    [whole, { type: 'data', data: 7 }],
    [large, large, large],
  ])
    expect(partsOf(...pieces, MEDIA, whole, MEDIA)).toEqual([
      expect.objectContaining({ type: 'unusable', caption: 'see' }),
      { ...MEDIA, file: { data: Buffer.from('whole') } },
    ])
})

it('says that an answer ended in the middle of a file', () => {
  const [words, rest] = partsOf(WORDS, { type: 'data', data: base64('half') }, { type: 'done' })
  expect([words, rest]).toEqual([
    WORDS,
    { type: 'unusable', why: 'The answer ended in the middle of a file.' },
  ])
})

it('passes over steps of a kind that is not known, and no others', () => {
  expect([{ type: 'usage', tokens: 3 }, { type: 'hologram' }].map(isOtherStep)).toEqual([true, true])
  for (const value of [{ type: 'delta', text: 7 }, { type: 'media' }, { type: 7 }, {}, [], 'done', null])
    expect(isOtherStep(value), JSON.stringify(value)).toBe(false)
})

it('reads what is JSON but for numbers that are none', () => {
  const read = parseStep('{"type": "location", "latitude": NaN, "longitude":-Infinity, "name": "NaN"}')
  expect(read).toEqual({ type: 'location', latitude: null, longitude: null, name: 'NaN' })
  expect(partsOf(read)).toEqual([expect.objectContaining({ type: 'unusable' })])
  expect(['{not json', '{"a": NaNs}', ''].map(parseStep)).toEqual([undefined, undefined, undefined])
})

it('passes over words that are none, as they stand between the words of a model', () => {
  const none = [{ type: 'delta', text: '' }, { type: 'delta', text: null }, { type: 'delta' }]
  expect(partsOf(...none, WORDS, ...none)).toEqual([WORDS])
})

it.each(['in one step', 'in pieces'])('takes a file of exactly 16 MiB, %s', (how) => {
  const whole = Buffer.alloc(16 * 1_024 * 1_024, 1)
  const half = whole.length / 2
  const pieces = [whole.subarray(0, half), whole.subarray(half)].map((data) => ({
    type: 'data',
    data: data.toString('base64'),
  }))
  const given = how === 'in pieces' ? [...pieces, MEDIA] : [{ ...MEDIA, data: whole.toString('base64') }]
  const [file] = partsOf(...given)
  expect(file).toMatchObject({ type: 'media' })
})
