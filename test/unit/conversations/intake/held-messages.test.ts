import { describe, expect, it, vi } from 'vitest'
import { identity } from '../../../support/identity.ts'
import type { IdentityClaim } from '../../../../src/messaging/identity.ts'
import type { IncomingMessage } from '../../../../src/messaging/incoming-message.ts'
import { ALICE, BOB, Desk, direct, STRANGER } from '../desk.ts'
import { useFakeClock } from '../fake-clock.ts'

const LID = '777000777@lid'
const HOUR_MS = 3_600_000

/** Messages of a sender of whom an address is known, and what they say of themself. */
function from(address: string, claim?: IdentityClaim, conflict = false): Partial<IncomingMessage> {
  return {
    chat: direct(address),
    sender: identity(address, null, { displayName: 'Somebody', conflict, claim }),
  }
}

const saysTo = (phoneNumber: string): IdentityClaim => ({
  alternate: `${phoneNumber.slice(1)}@s.whatsapp.net`,
  phoneNumber,
})

const heldBy = (desk: Desk, address: string): number => {
  const row = desk.database.prepare('SELECT COUNT(*) AS n FROM held WHERE address = ?').get(address)
  return (row as { n: number }).n
}

describe('messages whose sender is not known yet', () => {
  // Ten unknown LIDs took all the room there was, and what an allowed person wrote then was neither held nor answered.
  it('have room for an allowed person however much unknown LIDs write, before and after', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const flood = (): void =>
      desk.database.transaction(() => {
        for (let round = 0; round < 300; round += 1)
          for (let flooder = 0; flooder < 10; flooder += 1) desk.receive(ALICE, 'x', from(`9${flooder}@lid`))
      })
    flood()
    desk.receive(ALICE, 'who am I?', from(LID))
    flood()
    desk.conversations.senderResolved(identity(LID, ALICE))
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.sent).toMatchObject([{ chat: direct(LID), text: 'who am I?' }])
  })

  // One row that could not be read kept everything else of its sender unanswered until it was deleted unread.
  it('are answered beside others that cannot be read, which are deleted', async () => {
    const desk = new Desk()
    desk.setReady(false)
    desk.conversations.start()
    for (const text of ['one', 'two', 'three', 'four']) desk.receive(ALICE, text, from(LID, saysTo(ALICE)))
    desk.database.transaction(() => {
      const rewrite = desk.database.prepare('UPDATE held SET message = ? WHERE sequence = ?')
      rewrite.run('{"chat":', 1)
      rewrite.run('null', 2)
      rewrite.run('{"chat":{"address":"x"},"id":"y","sender":{},"content":{}}', 3)
    })
    desk.transport.numbers.set(LID, identity(LID, ALICE))
    desk.conversations.senderResolved(identity(LID, ALICE))
    expect(desk.named('message.received')).toHaveLength(1)
    expect(heldBy(desk, LID)).toBe(0)
  })

  it('go before those of somebody who says that they are allowed, however few each of the others has', async () => {
    const desk = new Desk()
    desk.setReady(false)
    desk.conversations.start()
    for (let index = 0; index < 60; index += 1) desk.receive(ALICE, `${index}`, from(LID, saysTo(ALICE)))
    desk.database.transaction(() => {
      for (let flooder = 0; flooder < 3_000; flooder += 1) desk.receive(ALICE, 'x', from(`9${flooder}@lid`))
    })
    expect(heldBy(desk, LID)).toBe(60)
    desk.transport.numbers.set(LID, identity(LID, ALICE))
    desk.conversations.senderResolved(identity(LID, ALICE))
    expect(desk.named('message.received')).toHaveLength(60)
  })

  it('go before those of somebody who contradicts what is known', () => {
    const desk = new Desk()
    desk.setReady(false)
    desk.conversations.start()
    desk.receive(ALICE, 'mine', from(LID, saysTo(ALICE)))
    desk.database.transaction(() => {
      for (let index = 0; index < 40; index += 1)
        for (let forger = 0; forger < 60; forger += 1)
          desk.receive(ALICE, 'forged', from(`9${forger}@lid`, saysTo(ALICE), true))
    })
    expect(heldBy(desk, LID)).toBe(1)
  })

  it('are reported once when they had to go, with their number, and not again within the hour', () => {
    useFakeClock()
    const desk = new Desk()
    desk.conversations.start()
    for (let index = 0; index < 300; index += 1) desk.receive(ALICE, 'x', from(LID))
    expect(desk.named('message.dropped')).toMatchObject([{ account: 'default', count: 1 }])
    vi.advanceTimersByTime(HOUR_MS)
    for (let index = 0; index < 300; index += 1) desk.receive(ALICE, 'x', from(LID))
    expect(desk.named('message.dropped')).toHaveLength(2)
    expect(desk.named('message.dropped')[1]).toMatchObject({ count: 44 })
  })

  it('wait for a day where their sender says that they are allowed', () => {
    useFakeClock()
    const desk = new Desk()
    desk.setReady(false)
    desk.conversations.start()
    desk.receive(ALICE, 'x', from(LID, saysTo(ALICE)))
    vi.advanceTimersByTime(23 * HOUR_MS)
    expect(heldBy(desk, LID)).toBe(1)
    vi.advanceTimersByTime(2 * HOUR_MS)
    expect(heldBy(desk, LID)).toBe(0)
  })
})

describe('a number that only the message itself gives', () => {
  it('is asked for before anybody is answered, and nobody is reported meanwhile', async () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.transport.numbers.set(LID, identity(LID, ALICE))
    desk.receive(ALICE, 'it is me', from(LID, saysTo(ALICE)))
    expect(desk.named('message.received')).toEqual([])
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.whats('resolve')).toMatchObject([{ chat: LID, detail: saysTo(ALICE).alternate }])
    expect(desk.named('message.received')).toMatchObject([{ phoneNumber: ALICE, conversation: ALICE }])
    expect(desk.named('message.blocked')).toEqual([])
  })

  it('is asked for under the open policy, too, and without it they are who their address is', async () => {
    const desk = new Desk({ access: { dmPolicy: 'open', allowFrom: [] } })
    desk.conversations.start()
    desk.receive(STRANGER, 'hello', from(LID, saysTo(ALICE)))
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.named('message.received')).toMatchObject([{ phoneNumber: null, conversation: LID }])
    expect(desk.transport.whats('resolve')).toHaveLength(1)
  })

  it('is nothing to ask for where it would not be allowed', async () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.receive(STRANGER, 'hello', from(LID, saysTo(STRANGER)))
    desk.receive(STRANGER, 'hello', from(LID, saysTo(STRANGER), true))
    await desk.settle()
    expect(desk.transport.log).toEqual([])
    expect(desk.named('message.blocked').map(({ reason }) => reason)).toEqual([
      'not_allowed',
      'identity_conflict',
    ])
    expect(heldBy(desk, LID)).toBe(0)
  })

  it('that WhatsApp contradicts is reported, and what was written under it is deleted', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const conflict = identity(LID, null, { conflict: true, claim: saysTo(ALICE) })
    desk.transport.numbers.set(LID, conflict)
    desk.receive(ALICE, 'I am Alice', from(LID, saysTo(ALICE)))
    await desk.until(() => desk.named('message.blocked').length === 1)
    expect(desk.named('message.blocked')).toMatchObject([{ phoneNumber: null, reason: 'identity_conflict' }])
    await desk.settle()
    expect(heldBy(desk, LID)).toBe(0)
    expect(desk.transport.whats('send')).toEqual([])
  })

  it('is held while WhatsApp does not answer, reported once, and asked for again from time to time', async () => {
    useFakeClock()
    const desk = new Desk()
    desk.conversations.start()
    desk.transport.answerQuestion = () => Promise.reject(new Error('no answer'))
    desk.receive(ALICE, 'one', from(LID, saysTo(ALICE)))
    desk.receive(ALICE, 'two', from(LID, saysTo(ALICE)))
    await desk.until(() => desk.named('message.blocked').length === 1)
    expect(desk.named('message.blocked')).toMatchObject([{ phoneNumber: null, reason: 'lid_unresolved' }])
    expect(heldBy(desk, LID)).toBe(2)
    desk.transport.answerQuestion = () => Promise.resolve(identity(LID, ALICE))
    vi.advanceTimersByTime(60_000)
    await desk.until(() => desk.named('message.received').length === 2)
    expect(heldBy(desk, LID)).toBe(0)
  })

  it('is taken neither for the account itself nor for a name in the config', async () => {
    const desk = new Desk({ senders: { [BOB]: { name: 'Bob the boss', agent: null } } })
    desk.conversations.start()
    const verdict = desk.conversations.received(
      desk.message(STRANGER, '', {
        ...from(LID, saysTo(desk.transport.ownNumber ?? '')),
        content: { kind: 'revoke', targetId: 'OUT1' },
      }),
    )
    expect(verdict).toBe('held')
    desk.allow(ALICE)
    desk.receive(STRANGER, 'hello', from(LID, saysTo(BOB)))
    await desk.settle()
    expect(desk.named('message.blocked').every(({ name }) => name === 'Somebody')).toBe(true)
    expect(desk.named('message.revoked')).toEqual([])
  })
})
