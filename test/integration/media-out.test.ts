import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findFfmpeg } from '../../src/agents/audio/find-ffmpeg.ts'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import type { RecordedMessage } from '../../src/simulator/phones/records.ts'
import { pngFile } from '../support/media-files.ts'
import { opusFile } from '../support/opus-file.ts'
import { OWNER, Stack } from '../support/stack.ts'
import { wavFile } from '../support/wav-file.ts'

/** Answers with the steps that the question holds. */
const PROGRAM = `
let input = ''
process.stdin.on('data', (data) => (input += data)).on('end', () => {
  const { messages } = JSON.parse(input)
  const question = messages.at(-1).text
  for (const step of JSON.parse(question.slice(question.indexOf('[')))) console.log(JSON.stringify(step))
  console.log('{"type":"done"}')
})
`

const PICTURE = pngFile(40, 30)
const VOICE = opusFile({ seconds: 2 })
const NOTE = wavFile(2)
/** With what is installed here. */
const HERE = { PATH: process.env['PATH'] }
const WEBP = Buffer.from('UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=', 'base64')
const PDF = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(70_000)])

let directory: string
let stack: Stack
let family: SimulatedGroup
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'media-out-'))
  writeFileSync(join(directory, 'answer.cjs'), `#!${process.execPath}\n${PROGRAM}`)
  chmodSync(join(directory, 'answer.cjs'), 0o755)
  writeFileSync(join(directory, 'picture.png'), PICTURE)
  writeFileSync(join(directory, 'voice.ogg'), VOICE)
  writeFileSync(join(directory, 'note.wav'), NOTE)
  writeFileSync(join(directory, 'sticker.webp'), WEBP)
  writeFileSync(join(directory, 'plan.pdf'), PDF)
  writeFileSync(
    join(directory, 'movie.mp4'),
    Buffer.concat([Buffer.from('00000018667479706d703432', 'hex'), Buffer.alloc(40)]),
  )
  writeFileSync(join(directory, 'huge.bin'), '')
  truncateSync(join(directory, 'huge.bin'), 60_000_000)
  symlinkSync('/etc/passwd', join(directory, 'link.txt'))
  stack = await Stack.start({
    env: HERE,
    channel: {
      mediaMaxMb: 50,
      agents: {
        ada: {
          connector: 'command',
          program: join(directory, 'answer.cjs'),
          workingDirectory: directory,
          output: 'jsonl',
        },
      },
    },
  })
  family = stack.simulator.createGroup({
    subject: 'Family',
    members: [stack.alice, stack.owner, stack.mallory],
  })
  await stack.link()
})
afterAll(async () => {
  await stack.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** What Alice sees of the answer that consists of these steps, once its last message has come. */
async function answerTo(steps: object[], { group = false } = {}): Promise<RecordedMessage[]> {
  const mark = `end ${randomBytes(4).toString('hex')}`
  const before = stack.alice.received.length
  const question = JSON.stringify([
    ...steps,
    { type: 'reaction', emoji: '🏁' },
    { type: 'delta', text: mark },
  ])
  if (group) await stack.alice.sendGroupText(family, `@${OWNER.slice(1)} ${question}`, { mention: OWNER })
  else await stack.alice.sendText(OWNER, question)
  await stack.alice.waitForText(mark)
  return stack.alice.received.slice(before).filter(({ from, text }) => from === OWNER && text !== mark)
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

describe.each([
  ['alone', false],
  ['in a group', true],
])('an answer %s', (_where, group) => {
  it.each([
    [
      'image',
      { kind: 'image', path: 'picture.png', caption: '**look**' },
      PICTURE,
      { kind: 'image', mimeType: 'image/png' },
      '*look*',
    ],
    ['voice message', { kind: 'voice', path: 'voice.ogg' }, VOICE, { kind: 'voice', seconds: 2 }, ''],
    [
      'document',
      { kind: 'document', path: join('.', 'plan.pdf'), caption: 'the plan' },
      PDF,
      { kind: 'document', name: 'plan.pdf', mimeType: 'application/pdf' },
      'the plan',
    ],
    [
      'sticker',
      { kind: 'sticker', path: 'sticker.webp' },
      WEBP,
      { kind: 'sticker', mimeType: 'image/webp' },
      '',
    ],
    [
      'picture given as base64',
      { kind: 'image', data: PICTURE.toString('base64') },
      PICTURE,
      { kind: 'image' },
      '',
    ],
  ] as const)('brings a %s with the right bytes', async (_what, file, bytes, shown, text) => {
    const [message] = await answerTo([{ type: 'media', ...file }], { group })
    expect(message).toMatchObject({ text, chat: group ? family.jid : OWNER })
    expect(message?.media).toMatchObject({
      ...shown,
      size: bytes.length,
      sha256: sha256(bytes),
      problem: null,
    })
  })

  it('brings places, contacts, polls and reactions, in their order among words', async () => {
    const got = await answerTo(
      [
        { type: 'delta', text: 'First' },
        { type: 'location', latitude: 48.2, longitude: 16.37, name: 'Vienna' },
        { type: 'delta', text: 'Second' },
        { type: 'contact', name: 'Bob', phoneNumbers: ['+1 555 000-0009'] },
        { type: 'poll', question: 'Tea?', options: ['Yes', 'No'] },
        { type: 'reaction', emoji: '👍' },
      ],
      { group },
    )
    expect(got.map(({ text, card, reaction }) => card?.kind ?? reaction?.emoji ?? text)).toEqual([
      'First',
      'location',
      'Second',
      'contacts',
      'poll',
      '👍',
      '🏁',
    ])
    expect(got[1]?.card).toMatchObject({ latitude: 48.2, longitude: 16.37, name: 'Vienna' })
    expect(got[3]?.card).toMatchObject({ people: [{ name: 'Bob', phoneNumbers: ['+15550000009'] }] })
    expect(got[4]?.card).toMatchObject({ question: 'Tea?', options: ['Yes', 'No'], choices: 1 })
  })
})

describe('a recording that WhatsApp does not show as a voice message', () => {
  it('is one all the same where ffmpeg is installed, and a file otherwise', async () => {
    const [message] = await answerTo([{ type: 'media', kind: 'voice', path: 'note.wav' }])
    const shown = message?.media
    if (findFfmpeg(HERE) === null) expect(shown).toMatchObject({ kind: 'document', sha256: sha256(NOTE) })
    else {
      expect(shown).toMatchObject({ kind: 'voice', mimeType: 'audio/ogg; codecs=opus', seconds: 2 })
      expect(message?.message.audioMessage?.waveform).toHaveLength(64)
      const heard = stack.alice.files.get(shown?.sha256 ?? '') ?? Buffer.alloc(0)
      expect(heard.toString('latin1', 0, 4)).toBe('OggS')
    }
    expect(shown?.problem).toBeNull()
  })
})

describe('what cannot be sent', () => {
  it.each([
    ['a path outside', { kind: 'document', path: '/etc/passwd' }],
    ['a path that climbs', { kind: 'document', path: '../../../etc/passwd' }],
    ['a link that leads outside', { kind: 'document', path: 'link.txt' }],
    ['a file that is not there', { kind: 'image', path: 'nothing.png' }],
    ['a directory', { kind: 'document', path: '.' }],
    ['a file that is too large', { kind: 'document', path: 'huge.bin' }],
  ])('is told in a sentence, and the words arrive: %s', async (_what, file) => {
    const got = await answerTo([
      { type: 'delta', text: 'Here.' },
      { type: 'media', ...file, caption: 'see below' },
    ])
    expect(got.map(({ text, media }) => [text, media])).toContainEqual(['Here.', undefined])
    expect(got.map(({ text }) => text)).toContain('see below')
    expect(got.filter(({ media }) => media !== undefined)).toEqual([])
  })
})
