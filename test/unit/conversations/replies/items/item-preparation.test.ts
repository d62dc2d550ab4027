import { expect, it } from 'vitest'
import type { Capabilities } from '../../../../../src/messaging/capabilities.ts'
import { ItemPreparation } from '../../../../../src/conversations/replies/items/item-preparation.ts'
import { redactText } from '../../../../../src/text/redaction/redact-text.ts'
import { CLOUD_API_CAPABILITIES } from '../../../../../src/transports/cloud-api/capabilities.ts'
import { Redactor } from '../../../../../src/text/redaction/redactor.ts'

const SECRET = 'sk-Secret-0123456789abcdef'

it('takes a secret out of a line also where characters that are cleaned away stand in it, or the cut is', async () => {
  const redactor = new Redactor({ paths: [], secrets: [SECRET], isOwnToken: () => false })
  const preparation = new ItemPreparation({
    files: { adopt: () => Promise.reject(new Error('no files')), discard: () => undefined },
    capabilities: { media: {}, reactions: true, choices: null, polls: true },
    audio: { toVoice: () => Promise.resolve(null) },
    redaction: { plain: (text) => redactText(text, redactor).text },
  })
  const hidden = Array.from(SECRET).join('\u200B')
  const poll = {
    type: 'poll' as const,
    question: `Is it ${hidden}?`,
    options: [`${'a'.repeat(90)} ${hidden}`, 'no'],
  }
  expect(await preparation.prepare(poll, {}, new AbortController().signal)).toMatchObject({
    content: { question: 'Is it [removed]?', options: [`${'a'.repeat(90)} [removed]`, 'no'] },
  })
})

const NO_SIGNAL = new AbortController().signal
const preparationFor = (capabilities: Pick<Capabilities, 'choices' | 'polls'>): ItemPreparation =>
  new ItemPreparation({
    files: { adopt: () => Promise.reject(new Error('no files')), discard: () => undefined },
    capabilities: { media: {}, reactions: true, ...capabilities },
    audio: { toVoice: () => Promise.resolve(null) },
    redaction: { plain: (text) => text },
  })
const BUSINESS = { choices: { buttons: 3, rows: 10 }, polls: false }
const LINKED = { choices: null, polls: true }

it('makes of choices what can be tapped, or else a numbered text', async () => {
  const options = [{ title: 'Tea' }, { id: 'c', title: 'Coffee', description: 'black' }]
  const choices = { type: 'choices' as const, text: 'What?\nToday', options }
  expect(await preparationFor(BUSINESS).prepare(choices, {}, NO_SIGNAL)).toMatchObject({
    kind: 'content',
    content: { type: 'choices', text: 'What?\nToday', choices: { kind: 'list', button: '☰' } },
  })
  expect(await preparationFor(LINKED).prepare(choices, {}, NO_SIGNAL)).toEqual({
    kind: 'text',
    text: 'What?\nToday\n1. Tea\n2. Coffee – black',
  })
  const twice = { ...choices, options: [{ title: 'Tea' }, { title: 'Tea' }, { title: ' ' }] }
  expect(await preparationFor(BUSINESS).prepare(twice, {}, NO_SIGNAL)).toMatchObject({
    content: { choices: { kind: 'buttons', buttons: [{ id: 'Tea', title: 'Tea' }] } },
  })
  const none = { ...choices, options: [{ title: ' ' }] }
  expect(await preparationFor(BUSINESS).prepare(none, {}, NO_SIGNAL)).toMatchObject({ kind: 'unusable' })
})

it('makes of a poll where there are none what can be tapped once, or a numbered text', async () => {
  const poll = { type: 'poll' as const, question: 'Tea?', options: ['Yes', 'No'] }
  expect(await preparationFor(LINKED).prepare(poll, {}, NO_SIGNAL)).toMatchObject({
    content: { type: 'poll' },
  })
  expect(await preparationFor(BUSINESS).prepare(poll, {}, NO_SIGNAL)).toMatchObject({
    content: { type: 'choices', text: 'Tea?', choices: { kind: 'buttons' } },
  })
  for (const more of [
    { choices: 0 },
    { choices: 2 },
    { options: Array.from({ length: 11 }, (_e, at) => `${at}`) },
  ])
    expect(await preparationFor(BUSINESS).prepare({ ...poll, ...more }, {}, NO_SIGNAL)).toMatchObject({
      kind: 'text',
      text: expect.stringMatching(/^Tea\?\n1\. /),
    })
})

it.each<[string, 'image' | 'voice' | 'video', string]>([
  ['document', 'image', 'image/webp'],
  ['image', 'image', 'image/jpeg'],
  ['document', 'voice', 'audio/wav'],
  ['audio', 'voice', 'audio/x-m4a'],
  ['audio', 'voice', 'audio/ogg; codecs=opus'],
  ['video', 'video', 'video/mp4'],
])(
  'sends as a %s what is given as %s and is %s, where WhatsApp takes only some types',
  async (kind, given, type) => {
    const preparation = new ItemPreparation({
      files: {
        adopt: () =>
          Promise.resolve({
            outcome: 'stored',
            id: 'm1',
            path: '/nowhere',
            size: 10,
            extension: 'bin',
            type,
            sha256: '',
          }),
        discard: () => undefined,
      },
      capabilities: CLOUD_API_CAPABILITIES,
      audio: { toVoice: () => Promise.resolve(null) },
      redaction: { plain: (text) => text },
    })
    const file = { data: new Uint8Array(10) }
    expect(await preparation.prepare({ type: 'media', kind: given, file }, {}, NO_SIGNAL)).toMatchObject({
      kind: 'content',
      content: { type: 'file', kind },
    })
  },
)
