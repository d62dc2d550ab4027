import { describe, expect, it, vi } from 'vitest'
import type { IncomingContent } from '../../../../src/messaging/content.ts'
import type { IncomingMessage } from '../../../../src/messaging/incoming-message.ts'
import { CommandDesk, GROUP, IN_GROUP } from '../commands/command-desk.ts'
import { ALICE, BOB, direct, group, OWN, textContent } from '../desk.ts'
import { useFakeClock } from '../fake-clock.ts'

// The most repeated wish of people with an assistant on their number: it must not talk over them when they answer by hand.

const MINUTE = 60_000
const TO_ALICE = { chat: direct('15550001111@s.whatsapp.net') }
const TO_GROUP = { chat: group(GROUP) }

const takeover = (more: Partial<CommandDesk['config']['takeover']> = {}): Partial<CommandDesk['config']> => ({
  takeover: { onPhoneReply: true, minutes: 60, groups: false, answerMissed: false, ...more },
})
const skips = (desk: CommandDesk): unknown[] => desk.named('message.skipped').map(({ reason }) => reason)
/** The owner writes to Alice by hand. */
const byHand = (desk: CommandDesk, text: string, more: Partial<IncomingMessage> = {}): IncomingMessage =>
  desk.receive(OWN, text, { ...TO_ALICE, ...more })
/** Whether a question of Alice is asked of the agent now. */
async function isAsked(desk: CommandDesk, more: Partial<IncomingMessage> = {}): Promise<boolean> {
  const { length } = desk.held.turns
  desk.receive(ALICE, 'and now?', more)
  await desk.settle()
  return desk.held.turns.length > length
}

describe('words of the owner in a chat', () => {
  it('end the turn that runs and what waits; what comes then is kept, unanswered, and context later', async () => {
    useFakeClock()
    const desk = new CommandDesk()
    await desk.ask('one')
    desk.receive(ALICE, 'two')
    byHand(desk, 'I am here myself')
    expect(desk.held.turns[0]?.aborted).toBe(true)
    desk.held.answer()
    expect(await isAsked(desk)).toBe(false)
    expect(desk.transport.sent).toEqual([])
    expect(skips(desk)).toEqual(['taken_over'])
    expect(desk.transport.log.at(-1)?.what).toBe('paused')
    expect(desk.transport.whats('read').map(({ detail }) => detail)).toHaveLength(1)
    vi.advanceTimersByTime(60 * MINUTE)
    await desk.ask('three')
    expect(desk.held.turns.at(-1)?.texts).toEqual(['three'])
    expect(desk.held.turns.at(-1)?.history.map(({ from, text }) => [from, text])).toEqual([
      ['person', 'one'],
      ['person', 'two'],
      ['owner', 'I am here myself'],
      ['person', 'and now?'],
    ])
  })

  it('withdraw an answer that is not out, and leave one that is on its way where it is', async () => {
    const desk = new CommandDesk()
    desk.setReady(false)
    await desk.ask('one')
    desk.held.answer()
    await desk.until(() => desk.named('message.queued').length === 1)
    byHand(desk, 'let me')
    desk.setReady(true)
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
    expect(desk.named('message.discarded')).toHaveLength(1)
  })

  it('stop an answer that has not left the process yet, however far it has come', async () => {
    const desk = new CommandDesk()
    let proceed = (): void => undefined
    desk.transport.preparing = () => new Promise<void>((resolve) => (proceed = resolve))
    await desk.ask('one')
    desk.held.answer()
    await desk.until(() => desk.named('message.queued').length === 1)
    await desk.settle()
    byHand(desk, 'let me')
    // Not after a crash either.
    desk.transport.preparing = () => undefined
    proceed()
    await desk.until(() => desk.named('message.discarded').length === 1)
    desk.again()
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
  })

  it('stop it over a crash in that moment', async () => {
    const desk = new CommandDesk()
    desk.transport.preparing = () => new Promise<void>(() => undefined)
    await desk.ask('one')
    desk.held.answer()
    await desk.until(() => desk.named('message.queued').length === 1)
    await desk.settle()
    byHand(desk, 'let me')
    desk.transport.preparing = () => undefined
    desk.again()
    await desk.until(() => desk.named('message.discarded').length === 1)
    expect(desk.transport.sent).toEqual([])
  })

  it('let an answer arrive that had left, and never send it again', async () => {
    useFakeClock()
    const desk = new CommandDesk()
    let answer = (): void => undefined
    desk.transport.answer = () =>
      new Promise((resolve) => {
        answer = () => resolve({ outcome: 'unconfirmed', why: 'no answer' })
      })
    await desk.ask('one')
    desk.held.answer()
    await desk.until(() => desk.transport.sent.length === 1)
    byHand(desk, 'let me')
    answer()
    await desk.settle()
    vi.advanceTimersByTime(60 * MINUTE)
    await desk.settle()
    expect(desk.transport.sent).toHaveLength(1)
    const [sent] = desk.transport.sent
    desk.conversations.statusChanged({
      remoteId: sent?.id ?? '',
      localId: sent?.id ?? '',
      status: 'delivered',
    })
    await desk.until(() => {
      vi.advanceTimersByTime(20)
      return desk.named('message.delivered').length === 1
    })
  })

  const NOT_SAID: Record<string, (desk: CommandDesk) => Partial<IncomingMessage>> = {
    'a reaction': () => ({ content: { kind: 'reaction', emoji: '👍', targetId: 'IN1' } }),
    'an edit': () => ({ content: { kind: 'edit', parts: textContentParts('better'), targetId: 'X' } }),
    'a deletion': () => ({ content: { kind: 'revoke', targetId: 'X' } }),
    'a choice in a poll': () => ({
      content: {
        kind: 'message',
        quoted: null,
        parts: [
          {
            kind: 'text',
            text: 'Yes',
            details: [{ type: 'vote', pollId: 'P', question: 'Q?', choices: ['Yes'] }],
          },
        ],
      },
    }),
    'a command': () => ({ content: textContent('/status') }),
    'a command that is about the owner alone': () => ({ content: textContent('/agents') }),
    'our own message, as another device shows it': (desk) => ({ id: desk.transport.sent[0]?.id ?? '' }),
  }
  it.each(Object.entries(NOT_SAID))('are not %s', async (_what, more) => {
    const desk = new CommandDesk()
    await desk.ask('one')
    await desk.answers()
    byHand(desk, 'x', more(desk))
    await desk.settle()
    expect(await isAsked(desk)).toBe(true)
  })

  it('are what is misspelled, and what cannot be shown here', async () => {
    for (const content of [textContent('/pasue'), { kind: 'unsupported', what: 'viewOnce' } as const]) {
      const desk = new CommandDesk()
      byHand(desk, 'x', { content: content as IncomingContent })
      expect(await isAsked(desk)).toBe(false)
    }
  })

  it('take over nothing in the chat with oneself, nor in another chat', async () => {
    const desk = new CommandDesk()
    byHand(desk, 'let me')
    await desk.ask('mine', BOB)
    await desk.ask('to myself', OWN)
    desk.receive(OWN, 'again to myself')
    desk.held.answer()
    await desk.until(() => desk.held.turns.length === 3)
  })

  it('take over a group where the settings say so', async () => {
    const desk = new CommandDesk()
    desk.receive(OWN, 'hello all', TO_GROUP)
    await desk.ask('one', ALICE, IN_GROUP)
    desk.config = { ...desk.config, ...takeover({ groups: true }) }
    desk.receive(OWN, 'hello again', TO_GROUP)
    expect(desk.held.turns[0]?.aborted).toBe(true)
    expect(await isAsked(desk, IN_GROUP)).toBe(false)
    // One of several people.
    await desk.ask('alone')
  })

  it('take over nothing on the phone where the settings say so', async () => {
    const desk = new CommandDesk(takeover({ onPhoneReply: false }))
    byHand(desk, 'let me')
    expect(await isAsked(desk)).toBe(true)
  })

  it('count from when they were written, also where we were away', async () => {
    useFakeClock()
    const desk = new CommandDesk(takeover({ minutes: 30 }))
    const ago = (minutes: number): Partial<IncomingMessage> => ({
      arrival: 'offline',
      sentAt: new Date(Date.now() - minutes * MINUTE),
    })
    // Over by now: what was written in it stays unanswered, what came after it does not.
    byHand(desk, 'let me', ago(50))
    expect(await isAsked(desk, ago(40))).toBe(false)
    expect(skips(desk)).toEqual(['taken_over'])
    expect(await isAsked(desk, ago(15))).toBe(true)
    desk.held.answer()
    await desk.settle()
    byHand(desk, 'let me again', ago(10))
    vi.advanceTimersByTime(19 * MINUTE)
    expect(await isAsked(desk)).toBe(false)
    vi.advanceTimersByTime(1 * MINUTE)
    expect(await isAsked(desk)).toBe(true)
  })

  it('that are over by now take back only what was asked before they were', async () => {
    const desk = new CommandDesk(takeover({ minutes: 5 }))
    await desk.ask('asked after those words')
    byHand(desk, 'let me', { arrival: 'offline', sentAt: new Date(Date.now() - 20 * MINUTE) })
    await desk.settle()
    expect(desk.held.turns[0]?.aborted).toBe(false)
  })

  it('begins no transaction when the config changes elsewhere: with many accounts they would block the event loop', () => {
    const desk = new CommandDesk(takeover({ minutes: 5 }))
    desk.conversations.start()
    const transactions = vi.spyOn(desk.database, 'transaction')
    desk.conversations.policyChanged()
    expect(transactions).not.toHaveBeenCalled()
    desk.config = { ...desk.config, ...takeover({ minutes: 55 }) }
    desk.conversations.policyChanged()
    expect(transactions).toHaveBeenCalledTimes(1)
  })

  it('renew the time; an edit of the setting counts for it at once', async () => {
    useFakeClock()
    const desk = new CommandDesk()
    byHand(desk, 'one')
    vi.advanceTimersByTime(50 * MINUTE)
    byHand(desk, 'two')
    vi.advanceTimersByTime(50 * MINUTE)
    expect(await isAsked(desk)).toBe(false)
    desk.config = { ...desk.config, ...takeover({ minutes: 55 }) }
    desk.conversations.policyChanged()
    vi.advanceTimersByTime(5 * MINUTE)
    expect(await isAsked(desk)).toBe(true)
  })

  it('never shorten what holds already', async () => {
    useFakeClock()
    const desk = new CommandDesk()
    await desk.say('/pause', OWN, TO_ALICE)
    byHand(desk, 'let me')
    vi.advanceTimersByTime(120 * MINUTE)
    expect(await isAsked(desk)).toBe(false)
    expect(await desk.say('/resume', OWN, TO_ALICE)).toContain('answers in this chat again')
    expect(await isAsked(desk)).toBe(true)
  })

  it('hold over a crash, and end in their time after it', async () => {
    useFakeClock()
    const desk = new CommandDesk()
    byHand(desk, 'let me')
    desk.again()
    expect(await isAsked(desk)).toBe(false)
    vi.advanceTimersByTime(60 * MINUTE)
    desk.again()
    expect(await isAsked(desk)).toBe(true)
  })

  it('end with /resume, which says so', async () => {
    const desk = new CommandDesk()
    byHand(desk, 'let me')
    expect(await desk.say('/status')).toContain('The assistant is paused in this chat.')
    expect(await desk.say('/resume', OWN, TO_ALICE)).toBe(
      'The assistant answers in this chat again. What was written meanwhile stays unanswered.',
    )
    expect(await isAsked(desk)).toBe(true)
  })

  it('made to last by /pause', async () => {
    useFakeClock()
    const desk = new CommandDesk()
    byHand(desk, 'let me')
    expect(await desk.say('/pause', OWN, TO_ALICE)).toContain('is paused in this chat.')
    vi.advanceTimersByTime(600 * MINUTE)
    expect(await isAsked(desk)).toBe(false)
    expect(skips(desk)).toEqual(['chat_paused'])
  })

  it('are forgotten when the account belongs to somebody else', async () => {
    const desk = new CommandDesk()
    byHand(desk, 'let me')
    desk.conversations.accountChanged()
    expect(await isAsked(desk)).toBe(true)
  })

  it('are counted for people to see', async () => {
    useFakeClock()
    const desk = new CommandDesk()
    byHand(desk, 'let me')
    expect(desk.conversations.attention().takenOver).toBe(1)
    expect(desk.attentionChanges).toBe(1)
    vi.advanceTimersByTime(60 * MINUTE)
    expect(desk.conversations.attention().takenOver).toBe(0)
    expect(desk.attentionChanges).toBe(2)
  })
})

describe('with takeover.answerMissed', () => {
  const LATE = takeover({ answerMissed: true })

  it('what came since the last words of the owner is one turn when the chat is handed back', async () => {
    useFakeClock()
    const desk = new CommandDesk(LATE)
    byHand(desk, 'let me')
    desk.receive(ALICE, 'that you answer')
    byHand(desk, 'I do')
    desk.receive(ALICE, 'one')
    desk.receive(ALICE, 'two')
    await desk.settle()
    expect(desk.held.turns).toEqual([])
    vi.advanceTimersByTime(59 * MINUTE)
    await desk.settle()
    expect(desk.held.turns).toEqual([])
    vi.advanceTimersByTime(1 * MINUTE)
    await desk.settle()
    expect(desk.held.turns.map(({ texts }) => texts)).toEqual([['one', 'two']])
    expect(await desk.answers()).toBe('answer to one and two')
    expect(desk.transport.whats('read')[0]?.detail.split(',')).toHaveLength(2)
    // Once.
    byHand(desk, 'again')
    await desk.say('/resume', OWN, TO_ALICE)
    await desk.settle()
    expect(desk.held.turns).toHaveLength(1)
  })

  it('says so after /resume, over a crash', async () => {
    const desk = new CommandDesk(LATE)
    byHand(desk, 'let me')
    desk.receive(ALICE, 'one')
    desk.again()
    expect(await desk.say('/resume', OWN, TO_ALICE)).toBe(
      'The assistant answers in this chat again, also what was written meanwhile.',
    )
    expect(desk.held.turns.map(({ texts }) => texts)).toEqual([['one']])
  })

  it('what is too old by then stays unanswered', async () => {
    useFakeClock()
    const desk = new CommandDesk({ ...takeover({ answerMissed: true, minutes: 120 }) })
    byHand(desk, 'let me')
    desk.receive(ALICE, 'one')
    vi.advanceTimersByTime(120 * MINUTE)
    await desk.settle()
    expect(desk.held.turns).toEqual([])
  })

  it('what /pause ended is answered, unless a part of the answer is out', async () => {
    const desk = new CommandDesk({
      ...LATE,
      blockStreaming: true,
      commands: { enabled: true, owners: [BOB] },
    })
    await desk.ask('one', ALICE, IN_GROUP)
    desk.receive(ALICE, 'two', IN_GROUP)
    await desk.say('/pause', BOB, IN_GROUP)
    await desk.say('/resume', BOB, IN_GROUP)
    expect(desk.held.turns.map(({ texts }) => texts)).toEqual([['one'], ['one', 'two']])
  })

  it('a message that was taken back is not asked', async () => {
    const desk = new CommandDesk(LATE)
    byHand(desk, 'let me')
    const { id } = desk.receive(ALICE, 'one')
    desk.receive(ALICE, '', { content: { kind: 'revoke', targetId: id } })
    await desk.say('/resume', OWN, TO_ALICE)
    await desk.settle()
    expect(desk.held.turns).toEqual([])
  })
})

function textContentParts(text: string): Extract<IncomingContent, { kind: 'edit' }>['parts'] {
  return [{ kind: 'text', text }]
}
