import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Agent, Turn } from '../../../../src/agents/agent.ts'
import type { ContentPart, IncomingContent } from '../../../../src/messaging/content.ts'
import { Places } from '../../../../src/timing/places.ts'
import { ALICE, BOB, Desk, direct, group, OWN, PHONE_LEFT_OUT, STRANGER, textContent } from '../desk.ts'

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0])
const GROUP = '120363000000000001@g.us'
const TOO_LARGE = 'This file is too large for me. I can open files of up to 50 MB.'
const SORRY = 'Sorry, I could not open this file. Please send it again.'

const photo = (source: string, words = '', size: number | null = JPEG.length): IncomingContent => {
  const file = { kind: 'image', what: 'photo', name: 'holiday.jpg', mimeType: 'image/jpeg', size } as const
  const parts: ContentPart[] = [{ kind: 'attachment', text: '[photo]', file, media: { source } }]
  if (words !== '') parts.push({ kind: 'text', text: words })
  return { kind: 'message', parts, quoted: null }
}

const voice = (source: string): IncomingContent => {
  const what = 'voice message, 4 seconds'
  const file = { kind: 'audio', what, name: null, mimeType: 'audio/ogg', size: null } as const
  return {
    kind: 'message',
    parts: [{ kind: 'attachment', text: `[${what}]`, file, media: { source } }],
    quoted: null,
  }
}

/** Notes the turns, and answers with what it got. */
class Reader implements Agent {
  readonly turns: Turn[] = []
  readonly hears = (): boolean => true

  async *reply(turn: Turn): ReturnType<Agent['reply']> {
    this.turns.push(turn)
    await Promise.resolve()
    yield { type: 'delta', text: `seen ${turn.messages.flatMap(({ attachments }) => attachments).length}` }
  }
}

const start = (overrides: ConstructorParameters<typeof Desk>[0] = {}): { desk: Desk; reader: Reader } => {
  const desk = new Desk(overrides)
  const reader = new Reader()
  desk.agent = reader
  desk.transport.files.set('photo', JPEG)
  desk.conversations.start()
  return { desk, reader }
}
const sources = (desk: Desk): string[] => desk.transport.fetches.map(({ source }) => source)
const filesOf = (desk: Desk): string[] => {
  const directory = join(dirname(desk.path), 'media')
  return existsSync(directory) ? readdirSync(directory).filter((name) => name !== '.gitignore') : []
}
const said = (desk: Desk, count: number): Promise<void> =>
  desk.until(() => desk.named('message.sent').length === count)
/** A fetch that ends when its signal does. */
const endless = (desk: Desk): { signals: AbortSignal[] } => {
  const signals: AbortSignal[] = []
  desk.transport.answerFetch = (_media, _to, signal) =>
    new Promise((resolve) => {
      signals.push(signal)
      const outcome = { outcome: 'failed', code: 'unreachable', message: 'no', retry: true } as const
      signal.addEventListener('abort', () => resolve(outcome))
    })
  return { signals }
}

describe('the files of a message', () => {
  it('are fetched at once, and the turn gets them with what they are', async () => {
    const { desk, reader } = start({ debounceMs: 300 })
    desk.receive(ALICE, '', { content: photo('photo', 'what is this?') })
    await desk.until(() => filesOf(desk).length === 1)
    expect(reader.turns).toEqual([])
    await said(desk, 1)
    const [file] = reader.turns[0]?.messages[0]?.attachments ?? []
    expect(file).toMatchObject({ name: 'holiday.jpg', detectedType: 'image/jpeg', problem: null })
    expect(readFileSync(file?.path ?? '').equals(JPEG)).toBe(true)
    expect(sources(desk)).toEqual(['photo'])
  })

  it('alone are a question, too', async () => {
    const { desk, reader } = start()
    desk.receive(ALICE, '', { content: photo('photo') })
    await said(desk, 1)
    expect(reader.turns[0]?.messages[0]?.text).toBe('[photo]')
    expect(desk.transport.texts()).toEqual(['seen 1'])
  })

  it('are not fetched for anybody who is not allowed, nor in a group for what is not for the assistant', async () => {
    const groupAccess = {
      groupPolicy: 'allowlist',
      groupAllowFrom: null,
      groups: { [GROUP]: { requireMention: true } },
    } as const
    const { desk } = start({ groupAccess })
    desk.receive(STRANGER, '', { content: photo('of a stranger', 'look') })
    desk.receive(ALICE, '', { content: photo('for the others', 'look'), chat: group(GROUP) })
    desk.receive(STRANGER, '', {
      content: photo('of a stranger there', 'look'),
      chat: group(GROUP),
      mentionsUs: true,
    })
    desk.receive(ALICE, '', { content: photo('photo', 'look'), chat: group(GROUP), mentionsUs: true })
    await said(desk, 1)
    expect(sources(desk)).toEqual(['photo'])
  })

  it('are not fetched while the account is paused, nor when they are too old to be answered', async () => {
    const { desk } = start({ enabled: false })
    desk.receive(ALICE, '', { content: photo('paused', 'look') })
    desk.config = { ...desk.config, enabled: true }
    desk.conversations.policyChanged()
    const sentAt = new Date(Date.now() - 5 * 3_600_000)
    desk.receive(ALICE, '', { content: photo('old', 'look'), sentAt, arrival: 'offline' })
    desk.receive(BOB, 'hello')
    await said(desk, 1)
    expect(sources(desk)).toEqual([])
  })

  it('that are said to be too large are not asked for: who sent them is told, and the assistant where there are words', async () => {
    const { desk, reader } = start()
    desk.receive(ALICE, '', { content: photo('large', '', 50_000_001) })
    await said(desk, 1)
    expect(desk.transport.texts()).toEqual([TOO_LARGE])
    expect(reader.turns).toEqual([])
    desk.receive(BOB, '', { content: photo('large', 'what is this?', 60_000_000) })
    await said(desk, 3)
    expect(desk.transport.texts().toSorted()).toEqual([TOO_LARGE, TOO_LARGE, 'seen 1'].toSorted())
    expect(reader.turns[0]?.messages[0]?.attachments[0]).toMatchObject({
      path: null,
      problem: 'The file is larger than 50 MB.',
    })
    expect(sources(desk)).toEqual([])
  })

  it('of the owner that are too large are not told to who quotes them', async () => {
    const { desk, reader } = start(PHONE_LEFT_OUT)
    const chat = direct(`${ALICE.slice(1)}@s.whatsapp.net`)
    desk.receive(ALICE, 'hello', { chat })
    await said(desk, 1)
    const { id } = desk.receive(OWN, '', { content: photo('large', 'see', 60_000_000), chat })
    const content = textContent('what is this?', { id, text: 'see', author: OWN })
    desk.receive(ALICE, '', { content, chat })
    await said(desk, 2)
    await desk.settle()
    expect(desk.transport.texts()).not.toContain(TOO_LARGE)
    expect(reader.turns.at(-1)?.messages[0]?.quoted?.attachments).toMatchObject([
      { problem: 'The file is larger than 50 MB.' },
    ])
  })

  it('that turn out to be too large are told in the same way', async () => {
    const { desk } = start()
    desk.transport.answerFetch = () => ({
      outcome: 'failed',
      code: 'too_large',
      message: 'Too large.',
      retry: false,
    })
    desk.receive(ALICE, '', { content: photo('liar', '', 10) })
    await said(desk, 1)
    expect(desk.transport.texts()).toEqual([TOO_LARGE])
  })

  it('that cannot be had are no question: their sender gets one sentence', async () => {
    const { desk, reader } = start()
    desk.receive(ALICE, '', { content: photo('gone') })
    await said(desk, 1)
    await desk.settle()
    expect(desk.transport.texts()).toEqual([SORRY])
    expect(reader.turns).toEqual([])
    expect(desk.named('agent.turnFinished')).toMatchObject([{ outcome: 'answered' }])
  })

  it('are not fetched a second time after a crash that came when they were stored', async () => {
    const { desk, reader } = start()
    const releases: (() => void)[] = []
    desk.agent = {
      async *reply() {
        await new Promise<void>((resolve) => releases.push(resolve))
        yield { type: 'delta', text: 'too late' }
      },
    }
    desk.receive(ALICE, '', { content: photo('photo', 'look') })
    // The agent is asked once the file is stored.
    await desk.until(() => releases.length === 1)
    desk.crash()
    releases[0]?.()
    desk.agent = reader
    desk.conversations.start()
    await said(desk, 1)
    expect(desk.transport.texts()).toEqual(['seen 1'])
    expect(reader.turns[0]?.messages[0]?.attachments[0]?.path).toContain('.jpg')
    expect(sources(desk)).toEqual(['photo'])
  })

  it('are fetched after a crash that came meanwhile, and answered once', async () => {
    const { desk, reader } = start()
    const { answerFetch } = desk.transport
    endless(desk)
    desk.receive(ALICE, '', { content: photo('photo', 'look') })
    await desk.until(() => desk.transport.fetches.length === 1)
    desk.crash()
    desk.transport.answerFetch = answerFetch
    desk.conversations.start()
    await said(desk, 1)
    expect(reader.turns).toHaveLength(1)
    expect(filesOf(desk)).toHaveLength(1)
  })

  it('are given up when their sender is taken from the list, and go when they were not answered', async () => {
    const { desk } = start({ debounceMs: 60_000 })
    desk.receive(ALICE, '', { content: photo('photo', 'look') })
    await desk.until(() => filesOf(desk).length === 1)
    const { signals } = endless(desk)
    desk.receive(ALICE, '', { content: photo('another', 'and this') })
    await desk.until(() => signals.length === 1)
    desk.allow(BOB)
    expect(signals[0]?.aborted).toBe(true)
    await desk.until(() => filesOf(desk).length === 0)
    expect(desk.database.prepare('SELECT * FROM media').all()).toEqual([])
  })

  it('go when their message is taken back, also while they are fetched', async () => {
    const { desk } = start({ debounceMs: 60_000 })
    const kept = desk.receive(ALICE, '', { content: photo('photo', 'look') })
    await desk.until(() => filesOf(desk).length === 1)
    const { signals } = endless(desk)
    const fetched = desk.receive(ALICE, '', { content: photo('another', 'and this') })
    await desk.until(() => signals.length === 1)
    for (const { id, chat } of [kept, fetched])
      desk.receive(ALICE, '', { content: { kind: 'revoke', targetId: id }, chat })
    await desk.until(() => filesOf(desk).length === 0 && signals[0]?.aborted === true)
  })

  it('do not hold up the end of the account', async () => {
    const { desk } = start()
    const { signals } = endless(desk)
    desk.receive(ALICE, '', {
      content: photo('photo', 'look'),
      chat: direct(`${ALICE.slice(1)}@s.whatsapp.net`),
    })
    await desk.until(() => signals.length === 1)
    await desk.conversations.stop()
    expect(desk.database.prepare('SELECT state FROM media').all()).toEqual([{ state: 'due' }])
  })

  it('are fetched few at a time, and of one conversation fewer', async () => {
    const { desk } = start({ debounceMs: 60_000 })
    const { signals } = endless(desk)
    for (let index = 0; index < 10; index += 1)
      desk.receive(ALICE, '', { content: photo(`photo ${index}`, 'x') })
    await desk.until(() => signals.length > 0)
    await desk.settle()
    expect(signals).toHaveLength(2)
    desk.receive(BOB, '', { content: photo('of another', 'x') })
    await desk.until(() => signals.length === 3)
  })

  it('hold no place at the agent: others are answered meanwhile', async () => {
    const { desk, reader } = start()
    const places = new Places(1)
    desk.agent = Object.assign(reader, { place: (signal: AbortSignal) => places.take(signal) })
    endless(desk)
    desk.receive(ALICE, '', { content: photo('slow', 'look') })
    await desk.until(() => desk.transport.fetches.length === 1)
    await desk.settle()
    desk.receive(BOB, 'hello')
    await said(desk, 1)
    expect(reader.turns.map(({ messages }) => messages[0]?.text)).toEqual(['hello'])
  })

  it('are waited for with the message marked as read and "typing…" shown, where an assistant is there', async () => {
    const { desk, reader } = start()
    endless(desk)
    const shown = (): string[] =>
      desk.transport.log.flatMap(({ what }) => (what === 'read' || what === 'typing' ? [what] : []))
    desk.receive(STRANGER, '', { content: photo('slow', 'look') })
    let isHere = false
    Object.assign(reader, { presence: { isHere: () => isHere, tellAfterMs: 60_000 } })
    desk.receive(BOB, '', { content: photo('slow', 'look') })
    await desk.until(() => desk.transport.fetches.length === 1)
    await desk.settle()
    expect(shown()).toEqual([])
    isHere = true
    desk.receive(ALICE, '', { content: photo('slow', 'look') })
    await desk.until(() => desk.transport.fetches.length === 2)
    await desk.settle()
    expect([shown().toSorted(), reader.turns]).toEqual([['read', 'typing'], []])
  })

  it('are waited for until it is too late, and the turn is answered without them', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const { desk, reader } = start()
    endless(desk)
    desk.receive(ALICE, '', { content: photo('slow', 'look') })
    await desk.until(() => desk.transport.fetches.length === 1)
    await desk.settle()
    vi.advanceTimersByTime(15 * 60_000)
    await said(desk, 1)
    expect(reader.turns[0]?.messages[0]?.attachments).toMatchObject([
      { path: null, problem: 'The file did not come in time.' },
    ])
  })

  it('of a member of a group who may not write there any more go, while another turn runs', async () => {
    const groupAccess = {
      groupPolicy: 'allowlist',
      groupAllowFrom: null,
      groups: { [GROUP]: { requireMention: true } },
    } as const
    const { desk } = start({ groupAccess, debounceMs: 60_000 })
    for (const from of [ALICE, BOB])
      desk.receive(from, '', { content: photo('photo', 'look'), chat: group(GROUP), mentionsUs: true })
    await desk.until(() => filesOf(desk).length === 2)
    desk.allow(BOB)
    await desk.until(() => filesOf(desk).length === 1)
    expect(desk.database.prepare('SELECT COUNT(*) AS count FROM media').get()).toEqual({ count: 1 })
  })

  it('that were sent while we were away are not fetched before it is known how old they are', async () => {
    const { desk } = start({ debounceMs: 60_000 })
    desk.transport.clockOffsetMs = null
    desk.receive(ALICE, '', { content: photo('photo', 'look'), arrival: 'offline' })
    await desk.settle()
    expect(sources(desk)).toEqual([])
  })

  it('that are too large are not spoken of in a chat that was paused meanwhile', async () => {
    const { desk } = start()
    let fail = (): void => {}
    desk.transport.answerFetch = () =>
      new Promise((resolve) => {
        fail = () =>
          resolve({ outcome: 'failed', code: 'too_large', message: 'Too large.', retry: false } as const)
      })
    desk.receive(ALICE, '', { content: photo('large', '', 10) })
    await desk.until(() => desk.transport.fetches.length === 1)
    desk.database.prepare('UPDATE conversations SET paused_at = 1').run()
    fail()
    await desk.settle()
    expect(desk.transport.texts()).toEqual([])
  })

  it('alone are for the others in a group that needs no mention; what is spoken is not', async () => {
    const groupAccess = {
      groupPolicy: 'allowlist',
      groupAllowFrom: null,
      groups: { [GROUP]: { requireMention: false } },
    } as const
    const { desk, reader } = start({ groupAccess })
    desk.receive(ALICE, '', { content: photo('for the others'), chat: group(GROUP) })
    desk.receive(ALICE, '', { content: voice('photo'), chat: group(GROUP) })
    await said(desk, 1)
    expect(reader.turns.map(({ messages }) => messages.map(({ text }) => text))).toEqual([
      ['[voice message, 4 seconds]'],
    ])
    expect(sources(desk)).toEqual(['photo'])
  })
})
