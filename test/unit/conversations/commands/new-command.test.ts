import { describe, expect, it } from 'vitest'
import { ALICE, BOB } from '../desk.ts'
import { CommandDesk, IN_GROUP } from './command-desk.ts'

const BEGUN = 'A new conversation begins: what was said before is forgotten here.'

describe('/new', () => {
  it('begins afresh: no context, another session; the messages stay', async () => {
    const desk = new CommandDesk()
    await desk.ask('my name is Ali')
    await desk.answers()
    await desk.ask('and?')
    expect(desk.held.turns[1]?.history).toHaveLength(2)
    await desk.answers()
    expect(await desk.say('/NEW')).toBe(BEGUN)
    await desk.ask('who am I?')
    const [first, , third] = desk.held.turns
    expect(third?.history).toEqual([])
    expect([first?.turn.sessionId, third?.turn.sessionId]).toEqual(['wa_15550001111', 'wa_15550001111_2'])
    expect(third?.turn.conversationId).toBe(first?.turn.conversationId)
    await desk.answers()
    await desk.ask('and now?')
    expect(desk.held.turns[3]?.history.map(({ text }) => text)).toEqual(['who am I?', 'answer to who am I?'])
    const kept = desk.database
      .prepare("SELECT count(*) AS n FROM messages WHERE text = 'my name is Ali'")
      .get()
    expect(kept).toEqual({ n: 1 })
  })

  it('waits behind what was asked, disturbs no answer, and holds over a crash', async () => {
    const desk = new CommandDesk()
    await desk.ask('one')
    desk.receive(ALICE, '/reset')
    expect(await desk.answers()).toBe(`answer to one\n${BEGUN}`)
    desk.again()
    await desk.ask('two')
    expect(desk.held.turns[1]).toMatchObject({ history: [], turn: { sessionId: 'wa_15550001111_2' } })
  })

  it('in a group is for all of it, and for no other chat', async () => {
    const desk = new CommandDesk()
    for (const more of [IN_GROUP, {}]) {
      await desk.ask('one', ALICE, more)
      await desk.answers()
    }
    expect(await desk.say('@15550009999 /new', BOB, IN_GROUP)).toBe(BEGUN)
    await desk.ask('two', ALICE, IN_GROUP)
    await desk.answers()
    await desk.ask('two')
    const [, , inGroup, direct] = desk.held.turns
    expect(inGroup).toMatchObject({ history: [], turn: { sessionId: 'wa_120363000000000001_2' } })
    expect(direct).toMatchObject({ history: [{}, {}], turn: { sessionId: 'wa_15550001111' } })
  })

  it('does not swallow a question', async () => {
    const desk = new CommandDesk()
    expect(await desk.say('/new what is 2+2?')).toBe(`${BEGUN} Send your question as a message of its own.`)
  })
})
