import { describe, expect, it, vi } from 'vitest'
import type { Answer } from '../../../support/memory-transport.ts'
import { DaemonError } from '../../../../src/protocol/errors.ts'
import { ALICE, BOB, Desk } from '../desk.ts'
import { useFakeClock } from '../fake-clock.ts'

const ACKNOWLEDGED: Answer = { outcome: 'acknowledged', at: new Date() }
const REFUSED: Answer = { outcome: 'refused', code: 'reachout_locked', message: 'not now' }

/** The code that `work` is refused with. */
function refusalOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof DaemonError) return error.code
    throw error
  }
  return 'none'
}

/** A desk where "bad" was refused by WhatsApp. */
async function withFailure(): Promise<{ desk: Desk; id: string }> {
  const desk = new Desk()
  desk.transport.answer = ({ text }) => (text === 'bad' ? REFUSED : ACKNOWLEDGED)
  desk.conversations.start()
  desk.receive(ALICE, 'bad')
  await desk.until(() => desk.named('message.failed').length === 1)
  return { desk, id: desk.transport.sent[0]?.id ?? '' }
}

describe('the failed messages', () => {
  it('are listed with their reason', async () => {
    const { desk, id } = await withFailure()
    expect(desk.conversations.outbox.list({ limit: 10 })).toMatchObject({
      messages: [
        {
          messageId: id,
          conversation: ALICE,
          kind: 'reply',
          text: 'bad',
          state: 'failed',
          waitsFor: null,
          failure: { code: 'reachout_locked', message: 'not now' },
        },
      ],
      more: false,
      queued: 0,
      failed: 1,
    })
    expect(desk.named('message.failed')[0]).toMatchObject({ messageId: id })
  })

  it('go out again under their id, before what waits in their chat', async () => {
    const { desk, id } = await withFailure()
    desk.setReady(false)
    desk.receive(ALICE, 'later')
    await desk.until(() => desk.named('message.queued').length === 2)
    desk.transport.answer = () => ACKNOWLEDGED
    expect(desk.conversations.outbox.retry(id)).toMatchObject({ messageId: id, state: 'queued' })
    desk.crash()
    desk.conversations.start()
    desk.setReady(true)
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.transport.texts()).toEqual(['bad', 'bad', 'later'])
    expect(desk.transport.sent[1]?.id).toBe(id)
    expect(desk.conversations.outbox.list({ limit: 10 }).messages).toEqual([])
  })

  it('are never sent once they are discarded, and leave no text behind', async () => {
    const { desk, id } = await withFailure()
    desk.conversations.outbox.discard(id)
    expect(desk.named('message.discarded')).toMatchObject([{ messageId: id, conversation: ALICE }])
    expect(refusalOf(() => desk.conversations.outbox.retry(id))).toBe('message_not_failed')
    expect(refusalOf(() => desk.conversations.outbox.discard(id))).toBe('message_not_found')
    expect(
      desk.conversations.sentContent(id, { chat: '15550001111@s.whatsapp.net', phoneNumber: ALICE }),
    ).toBeNull()
    desk.conversations.statusChanged({ remoteId: id, localId: id, status: 'delivered' })
    desk.crash()
    desk.conversations.start()
    await desk.settle()
    expect(desk.transport.sent).toHaveLength(1)
    expect(desk.database.prepare('SELECT state, text FROM outbox').get()).toEqual({
      state: 'discarded',
      text: '',
    })
  })

  it('are refused where a retry would be wrong', async () => {
    const { desk, id } = await withFailure()
    const { outbox } = desk.conversations
    expect(refusalOf(() => outbox.retry('unknown'))).toBe('message_not_found')
    desk.allow(BOB)
    expect(refusalOf(() => outbox.retry(id))).toBe('recipient_not_allowed')
    desk.allow(ALICE)
    desk.receive(ALICE, 'good')
    await desk.until(() => desk.named('message.sent').length === 1)
    const sent = desk.transport.sent.at(-1)?.id ?? ''
    expect(refusalOf(() => outbox.retry(sent))).toBe('message_not_failed')
    expect(refusalOf(() => outbox.discard(sent))).toBe('message_under_way')
    await desk.settle()
    expect(desk.transport.sent).toHaveLength(2)
  })

  it("of the account's former owner do not go out in the new one's name", async () => {
    const desk = new Desk()
    desk.setReady(false)
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.queued').length === 1)
    desk.conversations.accountChanged()
    const id = desk.conversations.outbox.list({ limit: 1 }).messages[0]?.messageId ?? ''
    expect(refusalOf(() => desk.conversations.outbox.retry(id))).toBe('message_outdated')
  })

  it('for a person whose number is somebody else now do not go out again', async () => {
    const desk = new Desk()
    desk.setReady(false)
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.queued').length === 1)
    desk.conversations.personChanged({ phoneNumber: ALICE, formerAddress: '70000001@lid' })
    await desk.until(() => desk.named('message.failed').length === 1)
    const id = desk.conversations.outbox.list({ limit: 1 }).messages[0]?.messageId ?? ''
    expect(refusalOf(() => desk.conversations.outbox.retry(id))).toBe('message_outdated')
  })
})

describe('the messages that wait', () => {
  it('say what for', async () => {
    useFakeClock()
    const desk = new Desk({ pace: { perMinute: 1, perHour: 100, firstContactsPerDay: 20 } })
    desk.setReady(false)
    desk.conversations.start()
    await vi.advanceTimersByTimeAsync(1)
    desk.receive(ALICE, 'one')
    desk.receive(BOB, 'two')
    await desk.until(() => desk.named('message.queued').length === 2)
    const { outbox } = desk.conversations
    expect(outbox.list({ limit: 1 })).toMatchObject({
      messages: [{ text: 'two', waitsFor: 'connection', failure: null }],
      more: true,
      queued: 2,
      pacedUntil: null,
    })
    const newest = outbox.list({ limit: 1 }).messages[0]?.messageId ?? ''
    expect(outbox.list({ limit: 1, before: newest })).toMatchObject({
      messages: [{ text: 'one' }],
      more: false,
    })
    desk.setReady(true)
    await vi.advanceTimersByTimeAsync(100)
    const paced = outbox.list({ limit: 10, state: 'queued' })
    expect(paced).toMatchObject({ messages: [{ text: 'two', waitsFor: 'pace' }], queued: 1 })
    const seconds = (new Date(paced.pacedUntil ?? 0).getTime() - Date.now()) / 1_000
    expect(seconds).toBeGreaterThan(50)
    expect(seconds).toBeLessThan(76)
    await vi.advanceTimersByTimeAsync(76_000)
    expect(desk.transport.texts()).toEqual(['one', 'two'])
    expect(outbox.list({ limit: 10 })).toMatchObject({ messages: [], pacedUntil: null })
  })

  it('can be discarded, but not while one is on its way', async () => {
    const desk = new Desk()
    let finish = (): void => {}
    desk.transport.answer = () =>
      new Promise((resolve) => {
        finish = () => resolve(ACKNOWLEDGED)
      })
    desk.conversations.start()
    desk.receive(ALICE, 'one')
    desk.receive(ALICE, 'two')
    await desk.until(() => desk.named('message.queued').length === 2 && desk.transport.sent.length === 1)
    const [second, first] = desk.conversations.outbox.list({ limit: 10 }).messages
    expect(refusalOf(() => desk.conversations.outbox.discard(first?.messageId ?? ''))).toBe(
      'message_under_way',
    )
    desk.conversations.outbox.discard(second?.messageId ?? '')
    finish()
    await desk.until(() => desk.named('message.sent').length === 1)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['one'])
  })
})
