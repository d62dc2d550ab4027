import { describe, expect, it, vi } from 'vitest'
import { identity } from '../../support/identity.ts'
import { ALICE, BOB, Desk, direct, group, OWN, STRANGER } from './desk.ts'
import { useFakeClock } from './fake-clock.ts'

const LID = '777000777@lid'

function fromLid(phoneNumber: string | null) {
  return { chat: direct(LID), sender: identity(LID, phoneNumber) }
}

describe('who may talk', () => {
  it('gives a stranger nothing, stores no text and reports them once', async () => {
    const desk = new Desk()
    desk.conversations.start()
    for (const text of ['let me in', 'please']) desk.receive(STRANGER, text)
    await desk.settle()
    expect(desk.transport.log).toEqual([])
    expect(desk.events).toMatchObject([
      {
        name: 'message.blocked',
        payload: { phoneNumber: STRANGER, reason: 'not_allowed', name: 'Somebody' },
      },
    ])
    for (const table of ['inbox', 'held', 'outbox', 'turns']) {
      expect(desk.database.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get()).toMatchObject({ n: 0 })
    }
    desk.crash()
    desk.conversations.start()
    desk.receive(STRANGER, 'again')
    expect(desk.events).toHaveLength(1)
  })

  it('reports again when the reason changes', () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.receive(STRANGER, 'hello')
    desk.receive(STRANGER, 'hello', {
      sender: identity('x', STRANGER, { conflict: true }),
    })
    expect(desk.named('message.blocked').map(({ reason }) => reason)).toEqual([
      'not_allowed',
      'identity_conflict',
    ])
  })

  it('lets a stranger in after an edit, and reports them anew after they were removed again', async () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.receive(STRANGER, 'before')
    desk.allow(ALICE, STRANGER)
    desk.receive(STRANGER, 'after')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['after'])
    desk.allow(ALICE)
    desk.receive(STRANGER, 'removed')
    expect(desk.named('message.blocked')).toHaveLength(2)
  })

  it('reports each new owner of an allowed number, also the second one of a day', () => {
    const desk = new Desk()
    desk.conversations.start()
    for (const formerAddress of [LID, '888000888@lid']) {
      desk.conversations.personChanged({ phoneNumber: ALICE, formerAddress })
      for (const text of ['hello', 'hello again'])
        desk.receive(ALICE, text, { sender: identity('x', ALICE, { changed: true }) })
    }
    expect(desk.named('message.blocked').map(({ reason }) => reason)).toEqual([
      'person_changed',
      'person_changed',
    ])
  })

  it('holds what an unresolved LID wrote and answers once its number is known and allowed', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const held = desk.receive(ALICE, 'who am I?', fromLid(null))
    desk.conversations.received(held)
    await desk.settle()
    expect(desk.transport.log).toEqual([{ what: 'resolve', chat: LID, detail: '' }])
    expect(desk.named('message.blocked')).toMatchObject([{ phoneNumber: null, reason: 'lid_unresolved' }])
    desk.conversations.senderResolved(identity(LID, ALICE))
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.sent).toMatchObject([{ chat: direct(LID), text: 'who am I?' }])
    expect(desk.database.prepare('SELECT COUNT(*) AS n FROM held').get()).toMatchObject({ n: 0 })
  })

  it('asks WhatsApp who a LID is, also after a new connection and a crash', async () => {
    const desk = new Desk()
    desk.transport.ready = false
    desk.conversations.start()
    desk.receive(ALICE, 'hello', fromLid(null))
    desk.crash()
    desk.conversations.start()
    desk.transport.numbers.set(LID, identity(LID, ALICE))
    desk.setReady(true)
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['hello'])
  })

  it('asks again who a held LID is at the next start', async () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.receive(ALICE, 'hello', fromLid(null))
    await desk.settle()
    desk.crash()
    desk.transport.numbers.set(LID, identity(LID, ALICE))
    desk.conversations.start()
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['hello'])
  })

  it('deletes what a LID wrote when its number is not allowed', async () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.receive(ALICE, 'secret words', fromLid(null))
    desk.conversations.senderResolved(identity(LID, STRANGER))
    await desk.settle()
    expect(desk.transport.whats('send')).toEqual([])
    expect(desk.named('message.blocked').map(({ reason }) => reason)).toEqual([
      'lid_unresolved',
      'not_allowed',
    ])
    expect(desk.database.prepare('SELECT COUNT(*) AS n FROM held').get()).toMatchObject({ n: 0 })
  })

  // It was deleted with the next message that had to be held, or at the next start: where neither came, what a stranger
  // wrote stayed on disk for good.
  it('deletes what a LID wrote when nobody could say who it is, also while nothing else happens', () => {
    useFakeClock()
    const desk = new Desk()
    desk.conversations.start()
    desk.receive(ALICE, 'secret words', fromLid(null))
    vi.advanceTimersByTime(3_500_000)
    expect(desk.database.prepare('SELECT COUNT(*) AS n FROM held').get()).toMatchObject({ n: 1 })
    vi.advanceTimersByTime(200_000)
    expect(desk.database.prepare('SELECT COUNT(*) AS n FROM held').get()).toMatchObject({ n: 0 })
  })

  it('stops the turn, the waiting messages and the unsent replies of somebody who is removed', async () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.setReady(false)
    desk.receive(ALICE, 'answered but not sent')
    desk.receive(BOB, 'bob stays')
    await desk.until(() => desk.named('agent.turnFinished').length === 2)
    const aborted: boolean[] = []
    desk.agent = {
      async *reply(_turn, signal) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        aborted.push(signal.aborted)
        yield { type: 'delta', text: 'too late' }
      },
    }
    desk.receive(ALICE, 'being answered')
    desk.receive(ALICE, 'waiting')
    await desk.until(() => desk.named('agent.turnStarted').length === 3)
    desk.allow(BOB)
    await desk.until(() => aborted.length === 1)
    desk.setReady(true)
    await desk.until(() => desk.named('message.sent').length === 1)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['bob stays'])
    expect(desk.named('message.failed')).toMatchObject([{ conversation: ALICE, code: 'not_allowed' }])
    expect(desk.named('agent.turnFinished').at(-1)).toMatchObject({
      conversation: ALICE,
      outcome: 'cancelled',
    })
    expect(desk.database.prepare(`SELECT state FROM inbox WHERE text = 'waiting'`).get()).toMatchObject({
      state: 'cancelled',
    })
    desk.allow(ALICE, BOB)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['bob stays'])
  })

  it('does not send again to somebody who was removed while the message was in flight', async () => {
    const desk = new Desk()
    let finish = (): void => {}
    desk.transport.answer = () =>
      new Promise((resolve) => {
        finish = () => resolve({ outcome: 'unconfirmed', why: 'no answer' })
      })
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.transport.sent.length === 1)
    desk.allow(BOB)
    finish()
    desk.setReady(false)
    await desk.settle()
    desk.setReady(true)
    await desk.until(() => desk.named('message.failed').length === 1)
    expect(desk.transport.sent).toHaveLength(1)
  })

  it('takes the verdict again at a start, when the allowlist changed while the daemon was down', async () => {
    const desk = new Desk()
    desk.setReady(false)
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('agent.turnFinished').length === 1)
    await desk.conversations.stop()
    desk.config = { ...desk.config, access: { dmPolicy: 'allowlist', allowFrom: [BOB] } }
    desk.transport.ready = true
    desk.crash()
    desk.conversations.start()
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
    expect(desk.named('message.failed')).toHaveLength(1)
  })

  it('takes the verdict again when the turn starts', async () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    // The new list is in force, and nobody was told of it yet.
    desk.config = { ...desk.config, access: { dmPolicy: 'allowlist', allowFrom: [BOB] } }
    await desk.until(() => desk.named('agent.turnFinished').length === 1)
    await desk.settle()
    expect(desk.named('agent.turnFinished')).toMatchObject([{ outcome: 'cancelled' }])
    expect(desk.transport.log).toEqual([])
    expect(desk.database.prepare('SELECT COUNT(*) AS n FROM outbox').get()).toMatchObject({ n: 0 })
  })

  it('answers nobody while the policy is disabled, and anybody with a number while it is open', async () => {
    const desk = new Desk({ access: { dmPolicy: 'disabled', allowFrom: [ALICE] } })
    desk.conversations.start()
    desk.receive(ALICE, 'closed')
    expect(desk.named('message.blocked')).toMatchObject([{ reason: 'policy_disabled' }])
    desk.config = { ...desk.config, access: { dmPolicy: 'open', allowFrom: [] } }
    desk.conversations.policyChanged()
    desk.receive(STRANGER, 'open')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['open'])
  })

  it('answers somebody whose number is unknown while the policy is open, once, and nobody such afterwards', async () => {
    const desk = new Desk({ access: { dmPolicy: 'open', allowFrom: [] } })
    desk.conversations.start()
    const message = desk.receive(ALICE, 'hello', fromLid(null))
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.sent).toMatchObject([{ chat: direct(LID), text: 'hello' }])
    desk.conversations.received({ ...message, ...fromLid(ALICE) })
    await desk.settle()
    expect(desk.transport.sent).toHaveLength(1)
    desk.config = { ...desk.config, access: { dmPolicy: 'allowlist', allowFrom: [ALICE] } }
    desk.conversations.policyChanged()
    desk.receive(ALICE, 'and now?', fromLid(null))
    await desk.settle()
    expect(desk.transport.sent).toHaveLength(1)
    expect(desk.named('message.blocked')).toMatchObject([{ reason: 'lid_unresolved' }])
  })

  it('ignores groups where they are disabled', () => {
    const desk = new Desk({ groupAccess: { groupPolicy: 'disabled', groupAllowFrom: null, groups: {} } })
    desk.conversations.start()
    desk.receive(ALICE, 'to all', { chat: group('1-2@g.us'), mentionsUs: true })
    expect(desk.events).toEqual([])
  })
})

describe('the chat with oneself', () => {
  it('is answered when the own number is allowed, without typing or receipts', async () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.receive(OWN, 'note to self')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.log.map(({ what }) => what)).toEqual(['send'])
  })

  it('is not answered when the own number is not allowed', async () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.allow(ALICE)
    desk.receive(OWN, 'note to self')
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
  })

  it('is neither answered nor kept nor reported with selfChatMode: false, under every policy', async () => {
    for (const dmPolicy of ['allowlist', 'open', 'disabled'] as const) {
      const desk = new Desk({ access: { dmPolicy, allowFrom: [ALICE, OWN], selfChat: false } })
      desk.conversations.start()
      desk.receive(OWN, 'note to self')
      desk.receive(ALICE, 'hello')
      await desk.until(() =>
        desk.events.some(({ name }) => ['message.sent', 'message.blocked'].includes(name)),
      )
      expect(desk.transport.texts()).toEqual(dmPolicy === 'disabled' ? [] : ['hello'])
      expect(desk.named('message.blocked')).toHaveLength(dmPolicy === 'disabled' ? 1 : 0)
      expect(desk.database.prepare(`SELECT 1 FROM inbox WHERE chat_kind = 'self'`).all()).toEqual([])
    }
  })

  it('loses the answer under way when selfChatMode is switched off', async () => {
    const desk = new Desk()
    let asked = 0
    desk.agent = {
      // oxlint-disable-next-line require-yield -- it never comes to that
      async *reply() {
        asked += 1
        await new Promise(() => {})
      },
    }
    desk.conversations.start()
    desk.receive(OWN, 'note to self')
    desk.receive(OWN, 'another one')
    await desk.until(() => asked === 1)
    desk.config = { ...desk.config, access: { ...desk.config.access, selfChat: false } }
    desk.conversations.policyChanged()
    await desk.settle()
    expect(desk.named('agent.turnFinished')).toMatchObject([{ outcome: 'cancelled' }])
    expect(asked).toBe(1)
    expect(desk.transport.sent).toEqual([])
  })

  it('never answers an own reply that comes back', async () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.receive(OWN, 'note to self')
    await desk.until(() => desk.named('message.sent').length === 1)
    desk.receive(OWN, 'note to self', { id: desk.transport.sent[0]?.id ?? '' })
    desk.receive(OWN, 'in a direct chat', { chat: direct('15550009999@s.whatsapp.net') })
    await desk.settle()
    expect(desk.transport.sent).toHaveLength(1)
  })

  it('pauses when it talks too fast', async () => {
    const desk = new Desk()
    desk.conversations.start()
    for (let index = 0; index < 30; index += 1) desk.receive(OWN, `loop ${index}`)
    await desk.until(() => desk.named('message.sent').length === 10)
    await desk.settle()
    expect(desk.transport.sent).toHaveLength(10)
  })
})

describe('a machine that repeats our words', () => {
  it('is not answered from the third time on, until it says something else', async () => {
    const desk = new Desk()
    let turns = 0
    desk.agent = {
      async *reply() {
        turns += 1
        yield { type: 'delta', text: `answer ${turns}` }
      },
    }
    desk.conversations.start()
    desk.receive(ALICE, 'start')
    for (let round = 1; round <= 6; round += 1) {
      await desk.settle()
      desk.receive(ALICE, desk.transport.texts().at(-1) ?? '')
    }
    await desk.settle()
    expect(turns).toBe(3)
    desk.receive(ALICE, 'a person again')
    await desk.until(() => turns === 4)
  })

  it('does not mistake somebody for one who says the same word many times to the echo', async () => {
    const desk = new Desk()
    desk.conversations.start()
    for (let round = 1; round <= 8; round += 1) {
      desk.receive(ALICE, 'ping')
      await desk.until(() => desk.named('message.sent').length === round)
    }
    expect(desk.transport.sent).toHaveLength(8)
  })
})
