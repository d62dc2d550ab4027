import { describe, expect, it, vi } from 'vitest'
import type { Agent, ReplyPart } from '../../../src/agents/agent.ts'
import type { AccountConfig } from '../../../src/config/model.ts'
import type { ChatKind } from '../../../src/messaging/chat-reference.ts'
import { ALICE, BOB, Desk, direct, group, OWN, PHONE_LEFT_OUT } from './desk.ts'
import { useFakeClock } from './fake-clock.ts'
import { heldDesk } from './held-desk.ts'

const GROUP = '120363000000000001@g.us'

/** Says each of these, one after the other, when the clock has moved so many milliseconds. */
function speaker(...pieces: (string | number)[]): Agent {
  return {
    async *reply(): AsyncGenerator<ReplyPart, void, void> {
      for (const piece of pieces)
        if (typeof piece === 'string') yield { type: 'delta', text: piece }
        else await new Promise((resolve) => setTimeout(resolve, piece))
    },
  }
}

const SILENT = speaker('')

async function passTime(desk: Desk, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    vi.advanceTimersByTime(50)
    await desk.settle()
  }
}

describe('replyToMode', () => {
  const LONG = 'first\n\nsecond'
  const quotes = async (
    replyToMode: AccountConfig['replyToMode'],
    kind: ChatKind,
    more: Partial<AccountConfig> = {},
    questions = 1,
  ): Promise<(string | null)[]> => {
    const desk = new Desk({ replyToMode, textChunkLimit: 100, ...more })
    desk.agent = speaker('a'.repeat(90), '\n\n', 'b'.repeat(90))
    desk.conversations.start()
    const from = kind === 'self' ? OWN : ALICE
    for (let index = 0; index < questions; index += 1)
      desk.receive(from, `${LONG} ${index}`, kind === 'group' ? { chat: group(GROUP), mentionsUs: true } : {})
    await desk.until(() => desk.named('message.sent').length === 2)
    return desk.transport.sent.map(({ quote }) => quote?.text.at(-1) ?? null)
  }

  it.each([
    [null, 'direct', [null, null]],
    [null, 'group', ['0', null]],
    [null, 'self', [null, null]],
    ['off', 'group', [null, null]],
    ['first', 'direct', ['0', null]],
    ['all', 'direct', ['0', '0']],
    ['all', 'group', ['0', '0']],
    ['batched', 'group', [null, null]],
  ] as const)('%s in a chat of kind %s', async (mode, kind, expected) => {
    expect(await quotes(mode, kind)).toEqual(expected)
  })

  it('batched quotes where an answer is to several messages', async () => {
    expect(await quotes('batched', 'direct', { debounceMs: 20 }, 3)).toEqual(['2', null])
  })
})

describe('a long wait', () => {
  const WAIT: Partial<AccountConfig> = { waitingLine: { afterSeconds: 20, text: 'One moment.' } }

  it('says one line, once for each question, and to nobody who is answered already', async () => {
    useFakeClock()
    const { desk, agent } = heldDesk(WAIT)
    desk.receive(ALICE, 'quick')
    await desk.until(() => agent.turns.length === 1)
    await passTime(desk, 10_000)
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 1)
    desk.receive(ALICE, 'slow')
    await desk.until(() => agent.turns.length === 2)
    await passTime(desk, 19_000)
    expect(desk.transport.texts()).toEqual(['answer to quick'])
    await passTime(desk, 30_000)
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 3)
    expect(desk.transport.texts()).toEqual(['answer to quick', 'One moment.', 'answer to slow'])
  })

  it('goes on over a crash, which says the line neither twice nor never', async () => {
    useFakeClock()
    const { desk, agent } = heldDesk(WAIT)
    desk.receive(ALICE, 'slow')
    await desk.until(() => agent.turns.length === 1)
    await passTime(desk, 15_000)
    for (const wait of [6_000, 40_000]) {
      desk.crash()
      desk.conversations.start()
      const { length } = agent.turns
      await desk.until(() => agent.turns.length > length - 1)
      await passTime(desk, wait)
      await desk.until(() => desk.transport.texts().includes('One moment.'))
    }
    expect(desk.transport.texts().filter((text) => text === 'One moment.')).toHaveLength(1)
  })

  it('in a group is told to those who addressed the assistant', async () => {
    useFakeClock()
    const { desk, agent } = heldDesk({
      ...WAIT,
      groupAccess: {
        groupPolicy: 'allowlist',
        groupAllowFrom: null,
        groups: { '*': { requireMention: false } },
      },
    })
    desk.receive(ALICE, 'among us', { chat: group(GROUP) })
    await desk.until(() => agent.turns.length === 1)
    await passTime(desk, 30_000)
    expect(desk.transport.texts()).toEqual([])
  })

  it('follows the setting while it lasts', async () => {
    useFakeClock()
    const { desk, agent } = heldDesk({})
    desk.receive(ALICE, 'slow')
    await desk.until(() => agent.turns.length === 1)
    await passTime(desk, 5_000)
    desk.config = { ...desk.config, waitingLine: { afterSeconds: 3, text: 'Still here.' } }
    desk.conversations.policyChanged()
    await desk.until(() => desk.transport.texts().length === 1)
    expect(desk.transport.texts()).toEqual(['Still here.'])
  })
})

describe('an assistant that says nothing on purpose', () => {
  const waiting = (desk: Desk) =>
    desk.conversations.attention().handedOver.map(({ conversation }) => conversation.name)

  it('leaves whoever asked to a person, until it answers them', async () => {
    const desk = new Desk()
    desk.agent = SILENT
    desk.conversations.start()
    desk.receive(ALICE, 'may I speak to somebody?')
    desk.receive(OWN, 'a note to myself')
    await desk.until(() => desk.named('agent.turnFinished').length === 2)
    expect(desk.conversations.attention().handedOver).toMatchObject([
      { conversation: { name: ALICE }, title: 'Somebody', since: expect.any(Number) },
    ])
    expect(desk.attentionChanges).toBe(1)
    await desk.restart()
    desk.conversations.start()
    expect(waiting(desk)).toEqual([ALICE])
    desk.agent = speaker('here I am')
    desk.receive(ALICE, 'hello?')
    await desk.until(() => desk.named('agent.turnFinished').length === 3)
    expect(waiting(desk)).toEqual([])
  })

  it('until the owner answers by hand, and not by a reaction', async () => {
    const desk = new Desk(PHONE_LEFT_OUT)
    desk.agent = SILENT
    desk.conversations.start()
    desk.receive(ALICE, 'may I speak to somebody?')
    await desk.until(() => waiting(desk).length === 1)
    const chat = direct(`${ALICE.slice(1)}@s.whatsapp.net`)
    desk.receive(OWN, '', { chat, content: { kind: 'reaction', emoji: '👍', targetId: 'IN1' } })
    expect(waiting(desk)).toEqual([ALICE])
    desk.receive(OWN, 'I am here', { chat })
    expect(waiting(desk)).toEqual([])
    expect(desk.attentionChanges).toBe(2)
  })

  it('but not where the owner has answered by hand while it thought', async () => {
    useFakeClock()
    const desk = new Desk()
    desk.agent = speaker(1_000, '')
    desk.conversations.start()
    for (const [person, words] of [
      [ALICE, 'I am here'],
      [BOB, '/resume'],
    ] as const) {
      const started = desk.named('agent.turnStarted').length
      desk.receive(person, 'may I speak to somebody?')
      await desk.until(() => desk.named('agent.turnStarted').length > started)
      desk.receive(OWN, words, { chat: direct(`${person.slice(1)}@s.whatsapp.net`) })
    }
    vi.advanceTimersByTime(1_000)
    await desk.until(() => desk.named('agent.turnFinished').length === 2)
    expect(waiting(desk)).toEqual([BOB])
  })

  it('in a group only those who addressed it; and nobody who may not write any more', async () => {
    const desk = new Desk({
      groupAccess: {
        groupPolicy: 'allowlist',
        groupAllowFrom: null,
        groups: { '*': { requireMention: false } },
      },
    })
    desk.agent = SILENT
    desk.transport.groupNames.set(GROUP, 'Family')
    desk.conversations.start()
    desk.receive(ALICE, 'among us', { chat: group('120363000000000002@g.us') })
    desk.receive(ALICE, 'to you', { chat: group(GROUP), mentionsUs: true })
    desk.receive(BOB, 'hello')
    await desk.until(() => desk.named('agent.turnFinished').length === 3)
    expect(new Set(desk.conversations.attention().handedOver.map(({ title }) => title))).toEqual(
      new Set(['Family', 'Somebody']),
    )
    desk.allow(ALICE)
    expect(waiting(desk)).toEqual([GROUP])
  })

  it('and the latest fifty are shown, whoever else waited and may not write any more', async () => {
    const people = Array.from({ length: 110 }, (_, index) => `+1555100${String(index).padStart(4, '0')}`)
    const desk = new Desk({ access: { dmPolicy: 'allowlist', allowFrom: people } })
    desk.agent = SILENT
    desk.conversations.start()
    for (const [index, person] of people.entries()) {
      desk.receive(person, 'may I speak to somebody?')
      await desk.until(() => desk.named('agent.turnFinished').length === index + 1)
    }
    expect(waiting(desk)).toHaveLength(50)
    const stay = people.slice(0, 55)
    desk.allow(...stay)
    const shown = waiting(desk)
    expect(shown).toHaveLength(50)
    expect(stay).toEqual(expect.arrayContaining(shown))
  })

  it('and nobody waits for the next owner of the account', async () => {
    const desk = new Desk()
    desk.agent = SILENT
    desk.conversations.start()
    desk.receive(ALICE, 'may I speak to somebody?')
    await desk.until(() => waiting(desk).length === 1)
    desk.conversations.accountChanged()
    expect(waiting(desk)).toEqual([])
  })
})

describe('paragraphs that are put together', () => {
  const PARAGRAPH = `${'word '.repeat(20).trim()}\n\n`
  const sent = async (
    coalesce: AccountConfig['coalesce'],
    ...pieces: (string | number)[]
  ): Promise<number[]> => {
    useFakeClock()
    const desk = new Desk({ coalesce })
    desk.agent = speaker(...pieces)
    desk.conversations.start()
    desk.receive(ALICE, 'tell me')
    let rounds = 0
    while (desk.named('agent.turnFinished').length === 0 && (rounds += 1) < 400) await passTime(desk, 100)
    await desk.until(() => desk.named('message.sent').length === desk.named('message.queued').length)
    return desk.transport.texts().map((text) => text.split('\n\n').length)
  }
  const slowly = [PARAGRAPH, 2_000, PARAGRAPH, 2_000, PARAGRAPH, 2_000, 'the end']

  it('go out as they come without the setting', async () => {
    expect(await sent(null, ...slowly)).toEqual([1, 1, 1, 1])
  })

  it('wait until they are long enough', async () => {
    expect(await sent({ minChars: 150, maxChars: null, idleMs: 1_000 }, ...slowly)).toEqual([2, 2])
  })

  it('wait until the assistant pauses', async () => {
    expect(await sent({ minChars: 1, maxChars: null, idleMs: 3_000 }, ...slowly)).toEqual([4])
    expect(
      await sent(
        { minChars: 1, maxChars: null, idleMs: 1_500 },
        PARAGRAPH,
        500,
        PARAGRAPH,
        2_000,
        PARAGRAPH,
        4_000,
        'x',
      ),
    ).toEqual([2, 1, 1])
  })

  it('go out without a pause once they are too long, and not together beyond that', async () => {
    expect(await sent({ minChars: 1, maxChars: 202, idleMs: 0 }, ...slowly)).toEqual([2, 2])
    expect(await sent({ minChars: 1, maxChars: 210, idleMs: 0 }, PARAGRAPH.repeat(5), 4_000, 'x')).toEqual([
      2, 2, 1, 1,
    ])
  })
})

describe('a wait for further messages', () => {
  it('goes on after a restart, from the last message', async () => {
    useFakeClock()
    const desk = new Desk({ debounceMs: 10_000 })
    desk.conversations.start()
    desk.receive(ALICE, 'one')
    await passTime(desk, 6_000)
    await desk.restart()
    desk.conversations.start()
    desk.receive(BOB, 'other')
    await passTime(desk, 2_000)
    expect(desk.named('agent.turnStarted')).toEqual([])
    desk.receive(ALICE, 'two')
    await passTime(desk, 9_000)
    expect(desk.transport.texts()).toEqual(['other'])
    await passTime(desk, 2_000)
    await desk.until(() => desk.transport.texts().length === 2)
    expect(desk.transport.texts()).toEqual(['other', 'one\ntwo'])
  })

  it('is over when the daemon was away for longer', async () => {
    useFakeClock()
    const desk = new Desk({ debounceMs: 10_000 })
    desk.conversations.start()
    desk.receive(ALICE, 'one')
    await desk.restart()
    vi.setSystemTime(Date.now() + 60_000)
    desk.conversations.start()
    await desk.until(() => desk.transport.texts().length === 1)
  })

  it('begins anew when a message that waits is edited', async () => {
    useFakeClock()
    const desk = new Desk({ debounceMs: 10_000 })
    desk.conversations.start()
    const { id } = desk.receive(ALICE, 'helo')
    await passTime(desk, 8_000)
    desk.receive(ALICE, '', {
      content: { kind: 'edit', targetId: id, parts: [{ kind: 'text', text: 'hello' }] },
    })
    await passTime(desk, 8_000)
    expect(desk.transport.texts()).toEqual([])
    await passTime(desk, 4_000)
    await desk.until(() => desk.transport.texts().length === 1)
    expect(desk.transport.texts()).toEqual(['hello'])
  })

  it('is as long as the config says now', async () => {
    useFakeClock()
    const desk = new Desk({ debounceMs: 60_000 })
    desk.conversations.start()
    desk.receive(ALICE, 'one')
    await passTime(desk, 500)
    desk.config = { ...desk.config, debounceMs: 0 }
    desk.conversations.policyChanged()
    await desk.until(() => desk.transport.texts().length === 1)
  })
})

it('"typing…" ends when it is switched off', async () => {
  const { desk, agent } = heldDesk()
  desk.receive(ALICE, 'slow')
  await desk.until(() => agent.turns.length === 1)
  desk.config = { ...desk.config, typing: false }
  desk.conversations.policyChanged()
  expect(desk.transport.log.map(({ what }) => what).filter((what) => what !== 'read')).toEqual([
    'typing',
    'paused',
  ])
})
