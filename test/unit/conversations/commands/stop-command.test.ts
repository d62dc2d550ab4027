import { describe, expect, it } from 'vitest'
import { ALICE, BOB } from '../desk.ts'
import { CommandDesk, IN_GROUP } from './command-desk.ts'

describe('/stop', () => {
  it('ends the answer under way, while it is under way, and the next question is answered', async () => {
    const desk = new CommandDesk()
    await desk.ask('write a novel')
    expect(await desk.say('/stop')).toBe('Stopped.')
    expect(desk.held.turns[0]?.aborted).toBe(true)
    expect(desk.named('agent.turnFinished')).toMatchObject([{ outcome: 'cancelled' }])
    desk.held.answer()
    await desk.ask('hello')
    expect(await desk.answers()).toBe('answer to hello')
    expect(desk.transport.texts()).toEqual(['Stopped.', 'answer to hello'])
    expect(desk.transport.whats('typing').length).toBe(desk.transport.whats('paused').length)
  })

  it('also ends what the same person asked behind it, and says so', async () => {
    const desk = new CommandDesk()
    await desk.ask('one')
    desk.receive(ALICE, 'two')
    desk.receive(ALICE, 'three')
    expect(await desk.say('/Stop!')).toBe('Stopped. The 2 messages that waited are not answered either.')
    await desk.ask('four')
    expect(desk.held.turns.map(({ texts }) => texts)).toEqual([['one'], ['four']])
  })

  it('leaves what others asked in a group; an owner ends all of it', async () => {
    const desk = new CommandDesk({ commands: { enabled: true, owners: [BOB] } })
    await desk.ask('one', ALICE, IN_GROUP)
    desk.receive(BOB, 'two', IN_GROUP)
    desk.receive(ALICE, 'three', IN_GROUP)
    expect(await desk.say('/stop', ALICE, IN_GROUP)).toBe(
      'Stopped. The message that waited is not answered either.',
    )
    await desk.until(() => desk.held.turns.length === 2)
    expect(desk.held.turns[1]?.texts).toEqual(['two'])
    desk.receive(ALICE, 'four', IN_GROUP)
    expect(await desk.say('/stop', BOB, IN_GROUP)).toBe(
      'Stopped. The message that waited is not answered either.',
    )
    expect(desk.held.turns).toHaveLength(2)
  })

  it('gives up what of an answer is not out yet', async () => {
    const desk = new CommandDesk()
    await desk.ask('one')
    desk.setReady(false)
    desk.held.answer()
    await desk.until(() => desk.named('message.queued').length === 1)
    desk.receive(ALICE, '/stop')
    desk.setReady(true)
    await desk.until(() => desk.transport.sent.length === 1)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['Stopped.'])
    expect(desk.named('message.discarded')).toHaveLength(1)
    expect(desk.named('message.failed')).toEqual([])
  })

  it('with nothing under way says so, and ends nothing of another chat', async () => {
    const desk = new CommandDesk()
    await desk.ask('one', BOB)
    expect(await desk.say('/stop')).toBe('Nothing is running here.')
    expect(desk.held.turns[0]?.aborted).toBe(false)
    expect(await desk.answers()).toBe('answer to one')
  })

  it('that comes twice, and over a crash, stops once', async () => {
    const desk = new CommandDesk()
    await desk.ask('one')
    const stop = desk.message(ALICE, '/stop')
    desk.conversations.received(stop)
    desk.again()
    desk.conversations.received(stop)
    await desk.until(() => desk.transport.sent.length > 0)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['Stopped.'])
    expect(desk.held.turns).toHaveLength(1)
  })

  it('works where too many messages wait, and in the time that joins messages', async () => {
    const desk = new CommandDesk({ debounceMs: 60_000 })
    desk.receive(ALICE, 'one')
    desk.receive(ALICE, 'two')
    expect(await desk.say('/stop')).toBe('Stopped. The 2 messages that waited are not answered either.')
    desk.config = { ...desk.config, debounceMs: 0 }
    await desk.ask('three')
    expect(desk.held.turns.map(({ texts }) => texts)).toEqual([['three']])
  })
})
