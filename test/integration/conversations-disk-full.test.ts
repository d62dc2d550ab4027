import { describe, expect, it } from 'vitest'
import { StorageError } from '../../src/storage/storage-error.ts'
import { ALICE, BOB, Desk } from '../unit/conversations/desk.ts'
import { useFakeClock } from '../unit/conversations/fake-clock.ts'

/** No page may be added to the file any more: what a full disk does to SQLite. */
function fillDisk(desk: Desk): void {
  const { page_count } = desk.database.prepare('PRAGMA page_count').get() as { page_count: number }
  desk.database.prepare(`PRAGMA max_page_count = ${page_count}`).get()
}

function freeDisk(desk: Desk): void {
  desk.database.prepare('PRAGMA max_page_count = 1000000').get()
}

describe('a full disk', () => {
  it('makes received throw, so that nothing is acknowledged; delivered again, the message is answered once', async () => {
    const desk = new Desk()
    desk.conversations.start()
    fillDisk(desk)
    const message = desk.message(ALICE, 'x'.repeat(60_000))
    expect(() => desk.conversations.received(message)).toThrow(StorageError)
    expect(() => desk.conversations.received(message)).toThrow('storage_full')
    await desk.settle()
    expect(desk.events).toEqual([])
    freeDisk(desk)
    desk.conversations.received(message)
    await desk.until(() => desk.named('agent.turnFinished').length === 1)
    await desk.until(() => desk.named('message.sent').length === desk.named('message.queued').length)
    expect(desk.transport.texts().join('')).toHaveLength(60_000)
  })

  it('while a reply is stored runs the turn again, under its id, once there is room', async () => {
    useFakeClock()
    const desk = new Desk()
    const turns: string[] = []
    desk.agent = {
      async *reply(turn) {
        turns.push(turn.id)
        yield { type: 'delta', text: `${turn.conversation} `.repeat(5_000) }
      },
    }
    desk.conversations.start()
    desk.receive(ALICE, 'one')
    desk.receive(BOB, 'two')
    fillDisk(desk)
    await desk.until(() => turns.length >= 2)
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
    expect(desk.named('agent.turnFinished')).toEqual([])
    freeDisk(desk)
    await desk.until(() => desk.named('agent.turnFinished').length === 2)
    expect(new Set(turns).size).toBe(2)
    await desk.until(() => desk.named('message.sent').length === desk.named('message.queued').length)
    expect(new Set(desk.transport.sent.map(({ id }) => id)).size).toBe(desk.transport.sent.length)
  })
})
