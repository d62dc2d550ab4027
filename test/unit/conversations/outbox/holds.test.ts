import { describe, expect, it, vi } from 'vitest'
import type { SendHold } from '../../../../src/messaging/send-hold.ts'
import { SendPauses } from '../../../../src/transports/cloud-api/outbound/send-pauses.ts'
import { CAPABILITIES } from '../../../support/memory-transport.ts'
import { ALICE, BOB, Desk } from '../desk.ts'
import { useFakeClock } from '../fake-clock.ts'

/** An account over a transport whose server says how fast messages may go. */
function serverDesk(): Desk {
  useFakeClock()
  const desk = new Desk({}, undefined, null, CAPABILITIES.server)
  desk.conversations.start()
  return desk
}

const addressOf = (number: string): string => `${number.slice(1)}@s.whatsapp.net`

function holdFor(scope: SendHold['scope'], waitMs: number): SendHold {
  return {
    scope,
    until: Date.now() + waitMs,
    code: 'pair_rate',
    message: 'Too many messages to this person.',
  }
}

describe('a chat that WhatsApp takes nothing for now', () => {
  it('waits until that ends, says so, and holds up no other chat', async () => {
    const desk = serverDesk()
    const hold = holdFor('chat', 30_000)
    desk.transport.holds.set(addressOf(ALICE), hold)
    desk.receive(ALICE, 'one')
    desk.receive(BOB, 'two')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['two'])
    const { messages, hold: ofAll } = desk.conversations.outbox.list({ limit: 10 })
    expect(messages).toMatchObject([
      {
        waitsFor: 'limit',
        hold: { until: new Date(hold.until).toISOString(), code: 'pair_rate', message: hold.message },
        attempts: 0,
      },
    ])
    expect(ofAll).toBeNull()
    desk.transport.holds.clear()
    vi.advanceTimersByTime(hold.until - Date.now())
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.transport.texts()).toEqual(['two', 'one'])
    expect(desk.conversations.outbox.list({ limit: 10 }).messages).toEqual([])
  })

  it('waits after the answer that says so, which is no attempt, however often it comes', async () => {
    const desk = serverDesk()
    let refusals = 0
    desk.transport.answer = () => {
      if (refusals === 20) return { outcome: 'acknowledged', at: new Date() }
      refusals += 1
      const hold = holdFor('chat', 5_000)
      return { outcome: 'unconfirmed', why: 'held', nothingLeft: true, interrupted: true, hold }
    }
    desk.receive(ALICE, 'one')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toHaveLength(21)
    expect(desk.named('message.failed')).toEqual([])
  })
})

describe('an account from which WhatsApp takes nothing now', () => {
  it('sends nothing until that ends, says so, and then all of it in order', async () => {
    const desk = serverDesk()
    const hold = holdFor('account', 300_000)
    desk.transport.holds.set('account', hold)
    desk.receive(ALICE, 'one')
    desk.receive(BOB, 'two')
    await desk.until(() => desk.named('message.queued').length === 2)
    await desk.settle()
    const list = desk.conversations.outbox.list({ limit: 10 })
    expect(list).toMatchObject({ queued: 2, hold: { code: 'pair_rate' }, pacedUntil: null })
    expect(list.messages.map(({ waitsFor, hold: shown }) => [waitsFor, shown?.code])).toEqual([
      ['limit', 'pair_rate'],
      ['limit', 'pair_rate'],
    ])
    // It is looked at each minute: a person may end the pause before.
    vi.advanceTimersByTime(60_000)
    await desk.settle()
    expect(desk.transport.texts()).toEqual([])
    desk.transport.holds.clear()
    vi.advanceTimersByTime(60_000)
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.transport.texts()).toEqual(['one', 'two'])
  })
})

describe('a burst of many people', () => {
  it('keeps every answer in its chat and in order, within the rate of each pair', async () => {
    const desk = serverDesk()
    const people = Array.from({ length: 50 }, (_, index) => `+1555000${1_000 + index}`)
    desk.allow(...people)
    const pauses = new SendPauses({ perSecond: () => 80, changed: () => {}, now: Date.now })
    desk.transport.holdOf = ({ address }) => pauses.holdOf(address)
    const out = new Map<string, string[]>()
    desk.transport.answer = ({ chat: { address }, text }) => {
      // Others may have left since it was asked for first.
      const hold = pauses.holdOf(address)
      if (hold !== null)
        return { outcome: 'unconfirmed', why: 'held', nothingLeft: true, interrupted: true, hold }
      pauses.left(address)
      out.set(address, [...(out.get(address) ?? []), text])
      return { outcome: 'acknowledged', at: new Date() }
    }
    const lines = (number: string): string[] =>
      (out.get(addressOf(number)) ?? []).flatMap((text) => text.split('\n'))
    for (let round = 0; round < 6; round += 1)
      for (const person of people) desk.receive(person, `${person} ${round}`)
    await desk.until(() => people.every((person) => lines(person).length === 6))
    for (const person of people)
      expect(lines(person)).toEqual(Array.from({ length: 6 }, (_, round) => `${person} ${round}`))
  })

  it('lets 60 answers to one person out in order: 45 at once, and one more in six seconds', async () => {
    const desk = serverDesk()
    const pauses = new SendPauses({ perSecond: () => 80, changed: () => {}, now: Date.now })
    desk.transport.holdOf = ({ address }) => pauses.holdOf(address)
    desk.transport.answer = ({ chat }) => {
      pauses.left(chat.address)
      return { outcome: 'acknowledged', at: new Date() }
    }
    const begun = Date.now()
    const outcomes: number[] = []
    for (let index = 0; index < 60; index += 1) {
      desk.receive(ALICE, String(index))
      await desk.until(() => desk.transport.sent.length === index + 1)
      outcomes.push(Date.now() - begun)
    }
    expect(desk.transport.texts()).toEqual(Array.from({ length: 60 }, (_, index) => String(index)))
    expect(outcomes[44]).toBeLessThan(6_000)
    // What the burst took came back meanwhile in part.
    expect(outcomes[59]).toBeGreaterThan(14 * 6_000)
  })
})
