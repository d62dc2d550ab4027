import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OwnerQuestion } from '../../../../src/agents/owner-question.ts'
import type { AccountConfig } from '../../../../src/config/model.ts'
import { sentencesIn } from '../../../../src/conversations/notices/sentences-in.ts'
import { OwnerQuestions } from '../../../../src/conversations/permissions/owner-questions.ts'
import type { InboxRow } from '../../../../src/conversations/store/inbox-store.ts'
import { createLogger } from '../../../../src/observability/log/logger.ts'
import { turnOf } from '../../../support/turn-of.ts'

const OWNERS_CHAT = 7
const MINUTE_MS = 60_000

let said: { conversation: number; text: string }[]
let isEnabled: boolean
let owners: string[]
let questions: OwnerQuestions
const abort = (): AbortController => new AbortController()

beforeEach(() => {
  vi.useFakeTimers()
  said = []
  isEnabled = true
  owners = ['+15550000009']
  // What is read of a row, of each of two chats.
  const rows = [
    { conversation: 1, sender: '+15550000002', chat: 'alice', chat_kind: 'direct', sequence: 9 },
    { conversation: OWNERS_CHAT, sender: '+15550000009', chat: 'boris', chat_kind: 'direct', sequence: 8 },
  ] as InboxRow[]
  questions = new OwnerQuestions({
    inbox: { newestByChat: () => rows },
    admission: { allows: () => true, isOwner: (person) => owners.includes(person) },
    replies: {
      sayAt: ({ conversation }, _question, text) => {
        said.push({ conversation: conversation.id, text })
        return () => undefined
      },
    },
    commits: {
      now: (work) => {
        work()?.()
      },
    },
    // What is read of the config.
    config: () => ({ commands: { enabled: isEnabled } }) as AccountConfig,
    sentences: () => sentencesIn('en'),
    logger: createLogger({ level: 'silent' }),
  })
})
afterEach(() => vi.useRealTimers())

function question(more: Partial<OwnerQuestion> = {}): OwnerQuestion {
  return { agent: 'ada', turn: turnOf(), action: 'title: "x"', signal: abort().signal, ...more }
}

function codes(): string[] {
  return said.map(({ text }) => /\/yes (\w{6})"/.exec(text)?.[1] ?? '')
}

async function isSettled(answer: Promise<boolean>): Promise<boolean> {
  return Promise.race([answer.then(() => true), Promise.resolve().then(() => false)])
}

describe('a question to an owner', () => {
  it('has a code of its own, and takes one answer, in the chat where it was asked', async () => {
    const [first, second] = [questions.ask(question()), questions.ask(question())]
    const [one = '', two = ''] = codes()
    expect(one).not.toBe(two)
    expect(questions.answer(1, one, true)).toBeNull()
    questions.answer(OWNERS_CHAT, one, true)?.()
    expect(questions.answer(OWNERS_CHAT, one, true)).toBeNull()
    questions.answer(OWNERS_CHAT, two, false)?.()
    expect([await first, await second]).toEqual([true, false])
  })

  it('is answered when the answer is on disk, and not before', async () => {
    const asked = questions.ask(question())
    const committed = questions.answer(OWNERS_CHAT, codes()[0] ?? '', true)
    expect(await isSettled(asked)).toBe(false)
    committed?.()
    expect(await asked).toBe(true)
  })

  it('can be answered again, and is still rejected in time, when the answer did not reach the disk', async () => {
    const [first, second] = [questions.ask(question()), questions.ask(question())]
    const [one = '', two = ''] = codes()
    for (const code of [one, two]) expect(questions.answer(OWNERS_CHAT, code, true)).not.toBeNull()
    questions.answer(OWNERS_CHAT, one, true)?.()
    await vi.advanceTimersByTimeAsync(5 * MINUTE_MS)
    expect([await first, await second]).toEqual([true, false])
  })

  it('is rejected after five minutes, and its code is worth nothing then', async () => {
    const asked = questions.ask(question())
    await vi.advanceTimersByTimeAsync(5 * MINUTE_MS - 1)
    expect(await isSettled(asked)).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await asked).toBe(false)
    expect(questions.answer(OWNERS_CHAT, codes()[0] ?? '', true)).toBeNull()
  })

  it('is rejected when its turn is over, and leaves no timer', async () => {
    const over = abort()
    const asked = questions.ask(question({ signal: over.signal }))
    over.abort()
    expect(await asked).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is asked in the owner’s own chat where they asked themself', async () => {
    const sender = { phoneNumber: '+15550000009', id: null, name: null, isOwner: true }
    void questions.ask(question({ turn: turnOf({ sender, conversationId: String(OWNERS_CHAT) }) }))
    void questions.ask(question({ turn: turnOf({ sender, isGroup: true, conversationId: '3' }) }))
    expect(said).toMatchObject([
      { conversation: OWNERS_CHAT, text: expect.stringMatching(/may do this:\n/) },
      { conversation: OWNERS_CHAT, text: expect.stringMatching(/for \+15550000009, in a group:\n/) },
    ])
  })

  it.each([
    { why: 'no owner has written', prepare: () => void (owners = []) },
    { why: 'commands are off, and nobody could answer', prepare: () => void (isEnabled = false) },
  ])('is rejected at once where $why', async ({ prepare }) => {
    prepare()
    expect(await questions.ask(question())).toBe(false)
    expect(said).toEqual([])
  })

  it('is rejected at once beside twenty others', async () => {
    for (let count = 0; count < 20; count += 1) void questions.ask(question())
    expect(await questions.ask(question())).toBe(false)
    expect(said).toHaveLength(20)
  })
})
