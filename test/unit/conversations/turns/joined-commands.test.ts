import { describe, expect, it } from 'vitest'
import { textParts } from '../../../../src/messaging/content.ts'
import { ALICE, Desk } from '../desk.ts'

// Messages that were joined into one turn were answered without the command among them, of which nothing was said.
describe('of messages that are joined', () => {
  it.each(['/help', '/hlep'])(
    '%s is answered by the daemon, and what follows by the assistant',
    async (text) => {
      const desk = new Desk({ debounceMs: 30 })
      desk.conversations.start()
      for (const each of [text, 'one', 'two']) desk.receive(ALICE, each)
      await desk.until(() => desk.named('message.sent').length === 2)
      expect(desk.transport.texts()).toEqual([expect.stringContaining('/help'), 'one\ntwo'])
    },
  )

  it('one that becomes a command before the turn starts is executed, once', async () => {
    const desk = new Desk({ debounceMs: 10 })
    desk.transport.clockOffsetMs = null
    desk.conversations.start()
    desk.receive(ALICE, 'one')
    const { id } = desk.receive(ALICE, 'two')
    const openTurns = (): number => desk.database.prepare('SELECT id FROM turns').all().length
    await desk.until(() => openTurns() === 1)
    desk.receive(ALICE, '', { content: { kind: 'edit', targetId: id, parts: textParts('/help') } })
    desk.transport.clockOffsetMs = 0
    desk.setReady(true)
    await desk.until(() => desk.named('message.sent').length === 2)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['one', expect.stringContaining('/help')])
    expect(desk.named('agent.turnFinished')).toMatchObject([{ outcome: 'answered' }])
  })
})
