import { afterEach, expect, it, vi } from 'vitest'
import type { Agent, Turn } from '../../../../../src/agents/agent.ts'
import { sentencesIn } from '../../../../../src/conversations/notices/sentences-in.ts'
import type { IncomingContent } from '../../../../../src/messaging/content.ts'
import { opusFile } from '../../../../support/opus-file.ts'
import { ALICE, Desk } from '../../desk.ts'

const { voiceUnheard, voiceFailed } = sentencesIn('en')
const TRANSCRIPTION = {
  baseUrl: 'http://127.0.0.1:9/v1',
  model: 'whisper-1',
  apiKey: null,
  language: null,
  prompt: null,
  timeoutSeconds: 60,
  maxMinutes: 30,
}
const WHAT = 'voice message, 1 second'

afterEach(() => {
  vi.useRealTimers()
})

class Place {
  readonly turns: Turn[] = []
  readonly heard: string[] = []
  readonly desk: Desk

  constructor({ hears = false, listens = true } = {}) {
    this.desk = new Desk({ transcription: listens ? TRANSCRIPTION : null })
    this.desk.agent = this.#agent(hears)
    this.desk.transcribing = (path) => {
      this.heard.push(path)
      return Promise.resolve('hello there')
    }
    this.desk.transport.files.set('voice', opusFile({ seconds: 1 }))
    this.desk.conversations.start()
    this.desk.setReady(true)
  }

  get told(): string[] {
    return this.desk.transport.texts()
  }

  speak(more: Partial<Extract<IncomingContent, { kind: 'message' }>> = {}): string {
    const file = { kind: 'audio', what: WHAT, name: null, mimeType: 'audio/ogg', size: 100 } as const
    const content: IncomingContent = {
      kind: 'message',
      parts: [{ kind: 'attachment', text: `[${WHAT}]`, file, media: { source: 'voice' } }],
      quoted: null,
      ...more,
    }
    return this.desk.receive(ALICE, '', { content }).id
  }

  async answered(count: number): Promise<void> {
    await this.desk.until(() => this.desk.named('agent.turnFinished').length === count)
    await this.desk.settle()
  }

  #agent(hears: boolean): Agent {
    const { turns } = this
    return {
      hears: () => hears,
      // oxlint-disable-next-line typescript/require-await -- the interface is a stream
      async *reply(turn) {
        turns.push(turn)
        yield { type: 'delta', text: 'the answer' }
      },
    }
  }
}

it('hands the words over beside the file, in the message and in its field', async () => {
  const place = new Place()
  place.speak()
  await place.answered(1)
  const message = place.turns[0]?.messages[0]
  expect(message?.text).toBe(`[${WHAT}]\n[transcribed by a machine] "hello there"`)
  expect(message?.attachments).toMatchObject([{ path: place.heard[0], transcript: { text: 'hello there' } }])
  expect(place.told).toEqual(['the answer'])
})

it('keeps the words: nobody listens again after a restart, and they go with the message', async () => {
  const place = new Place()
  const id = place.speak()
  await place.answered(1)
  await place.desk.restart()
  place.desk.conversations.start()
  place.desk.receive(ALICE, 'what did I say?')
  await place.answered(2)
  const wordsOf = (turn: number): string[] => place.turns[turn]?.history.map(({ text }) => text) ?? []
  expect(wordsOf(1)[0]).toContain('hello there')
  expect(place.heard).toHaveLength(1)
  place.desk.receive(ALICE, '', { content: { kind: 'revoke', targetId: id } })
  place.desk.receive(ALICE, 'and now?')
  await place.answered(3)
  expect(wordsOf(2).join()).not.toContain('hello there')
  const stored = place.desk.database
    .prepare('SELECT transcript FROM inbox WHERE transcript IS NOT NULL')
    .all()
  expect(stored).toEqual([])
})

it('listens to the voice message of a turn that a crash interrupted, once more, and answers once', async () => {
  const place = new Place()
  place.desk.transcribing = () => new Promise(() => {})
  place.speak()
  await place.desk.until(() => place.desk.named('agent.turnStarted').length === 1)
  await place.desk.settle()
  place.desk.crash()
  place.desk.transcribing = () => Promise.resolve('hello again')
  place.desk.conversations.start()
  await place.answered(1)
  expect(place.turns.map(({ messages }) => messages[0]?.text)).toEqual([
    `[${WHAT}]\n[transcribed by a machine] "hello again"`,
  ])
  expect(place.told).toEqual(['the answer'])
})

const failing = (): Promise<never> => Promise.reject(new Error('the server is away'))

// An assistant that was asked with nothing but "[voice message]" made an answer up, below the sentence.
it.each([
  ['nobody listens', { listens: false, sentence: voiceUnheard }],
  ['listening fails', { listens: true, sentence: voiceFailed }],
])('asks no assistant that would have to guess where %s, and never says nothing', async (_when, input) => {
  const { listens, sentence } = input
  const place = new Place({ listens })
  place.desk.transcribing = failing
  place.speak()
  await place.answered(1)
  expect(place.told).toEqual([sentence])
  const second = place.speak()
  await place.answered(2)
  expect(place.told).toEqual([sentence])
  await place.desk.until(() => place.desk.transport.reactions.length > 0)
  expect(JSON.stringify(place.desk.transport.reactions)).toContain(second)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
  place.speak()
  await place.answered(3)
  expect(place.told).toEqual([sentence, sentence])
  expect(place.turns).toEqual([])
})

it('tells beside the answer to the words that the voice was not heard, once a day', async () => {
  const place = new Place({ listens: false })
  place.desk.config = { ...place.desk.config, debounceMs: 30 }
  const both = async (count: number): Promise<void> => {
    place.speak()
    place.desk.receive(ALICE, 'and this?')
    await place.answered(count)
  }
  await both(1)
  expect(place.turns[0]?.messages.map(({ text }) => text)).toEqual([`[${WHAT}]`, 'and this?'])
  expect(place.told).toEqual([voiceUnheard, 'the answer'])
  const now = Date.now()
  vi.useFakeTimers({ toFake: ['Date'], now: now + 12 * 3_600_000 })
  await both(2)
  expect(place.told.slice(2)).toEqual(['the answer'])
  vi.setSystemTime(now + 25 * 3_600_000)
  await both(3)
  expect(place.told.slice(3)).toEqual([voiceUnheard, 'the answer'])
})

it.each([
  ['nobody listens', { listens: false }],
  ['listening fails', { listens: true }],
])('leaves an agent that takes files alone with it where %s', async (_when, { listens }) => {
  const place = new Place({ hears: true, listens })
  place.desk.transcribing = () => Promise.reject(new Error('the server is away'))
  place.speak()
  await place.answered(1)
  expect(place.told).toEqual(['the answer'])
  expect(place.turns[0]?.messages[0]?.attachments[0]?.path).toMatch(/^\/.*\/media\//)
})

it('listens to no video, no document and no picture', async () => {
  const place = new Place()
  for (const kind of ['video', 'document', 'image', 'other'] as const) {
    const file = { kind, what: kind, name: null, mimeType: 'audio/ogg', size: 100 }
    place.speak({ parts: [{ kind: 'attachment', text: `[${kind}]`, file, media: { source: 'voice' } }] })
  }
  await place.answered(4)
  expect(place.heard).toEqual([])
  expect(place.told).toEqual(Array(4).fill('the answer'))
})

it('gives up listening when the question is taken back, and asks nobody', async () => {
  const place = new Place()
  let isAborted = false
  place.desk.transcribing = (_path, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        isAborted = true
        reject(signal.reason as Error)
      })
    })
  const id = place.speak()
  await place.desk.until(() => place.desk.named('agent.turnStarted').length === 1)
  await place.desk.settle()
  place.desk.receive(ALICE, '', { content: { kind: 'revoke', targetId: id } })
  await place.answered(1)
  expect(isAborted).toBe(true)
  expect(place.turns).toEqual([])
  expect(place.told).toEqual([])
})
