import { describe, expect, it, vi } from 'vitest'
import type { IncomingMessage } from '../../../../src/messaging/incoming-message.ts'
import { DaemonError } from '../../../../src/protocol/errors.ts'
import { identity } from '../../../support/identity.ts'
import { ALICE, BOB, Desk, direct, group, OWN, STRANGER, textContent } from '../desk.ts'
import { useFakeClock } from '../fake-clock.ts'

const HOUR_MS = 3_600_000
const LID = '777000777@lid'
const LID_PART = { value: '777000777', proof: 'address' } as const
const CODE = /[A-HJKMNP-TV-Z2-9]{4}-[A-HJKMNP-TV-Z2-9]{4}/

function pairingDesk(allowFrom: string[] = [ALICE]): Desk {
  const desk = new Desk({ access: { dmPolicy: 'pairing', allowFrom } })
  desk.conversations.start()
  return desk
}

const codesOf = (desk: Desk): string[] => desk.conversations.pairing.list().map(({ code }) => code)
const number = (index: number): string => `+1555000${String(4000 + index)}`
const rows = (desk: Desk, table: string): unknown =>
  desk.database.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get()

/** From a LID of which only the message says whose number it has. */
const claiming = (phoneNumber: string): Pick<IncomingMessage, 'chat' | 'sender'> => {
  const claim = { alternate: `${phoneNumber.slice(1)}@s.whatsapp.net`, phoneNumber }
  return { chat: direct(LID), sender: identity(LID, null, { lid: LID_PART, claim }) }
}

describe('somebody who may not write, under pairing', () => {
  it('is sent one code, however often they write, and nothing of their words is kept', async () => {
    const desk = pairingDesk()
    for (const text of ['let me in', 'please', 'hello?']) desk.receive(STRANGER, text)
    await desk.until(() => desk.named('message.sent').length === 1)
    await desk.settle()
    const [code = ''] = codesOf(desk)
    expect(code).toMatch(CODE)
    expect(desk.transport.texts()).toEqual([expect.stringContaining(code)])
    expect(desk.transport.whats('typing')).toEqual([])
    expect(desk.transport.whats('read')).toEqual([])
    expect(rows(desk, 'inbox')).toEqual({ n: 0 })
    expect(rows(desk, 'held')).toEqual({ n: 0 })
    expect(desk.named('pairing.requested')).toMatchObject([
      { phoneNumber: STRANGER, id: null, name: 'Somebody' },
    ])
    expect(JSON.stringify(desk.named('pairing.requested'))).not.toContain(code.slice(0, 4))
  })

  it('is shown by the name that the config file has, not by what a variable there stands for', () => {
    const desk = pairingDesk()
    const written = { [`senders.${STRANGER}.name`]: '${AUNT}' }
    desk.config = { ...desk.config, senders: { [STRANGER]: { name: 'Aunt May', agent: null } }, written }
    desk.receive(STRANGER, 'let me in')
    expect(desk.named('pairing.requested')).toMatchObject([{ name: '${AUNT}' }])
    expect(desk.conversations.pairing.list()).toMatchObject([{ name: '${AUNT}' }])
  })

  it('is told once when they are approved, also by an edit of the list, and is answered from then on', async () => {
    for (const approve of [
      (desk: Desk) => desk.conversations.pairing.approve(codesOf(desk)[0] ?? ''),
      (desk: Desk) =>
        desk.conversations.pairing.approve((codesOf(desk)[0] ?? '').toLowerCase().replace('-', ' ')),
      async (desk: Desk) => desk.allow(ALICE, STRANGER),
    ]) {
      const desk = pairingDesk()
      desk.receive(STRANGER, 'let me in')
      await desk.until(() => desk.named('message.sent').length === 1)
      await approve(desk)
      await desk.until(() => desk.named('message.sent').length === 2)
      expect(desk.transport.texts()[1]).toBe('You can write to this assistant now.')
      expect(desk.named('pairing.settled')).toMatchObject([{ phoneNumber: STRANGER, outcome: 'approved' }])
      desk.receive(STRANGER, 'thanks')
      await desk.until(() => desk.named('message.sent').length === 3)
      expect(desk.transport.texts()[2]).toBe('thanks')
      expect(codesOf(desk)).toEqual([])
    }
  })

  it('leaves no code on the disk once it is decided or its time is over', async () => {
    useFakeClock()
    for (const end of [
      (desk: Desk, code: string) => void desk.conversations.pairing.reject(code),
      (desk: Desk, code: string) => desk.conversations.pairing.approve(code),
      () => void vi.setSystemTime(Date.now() + HOUR_MS),
    ]) {
      const desk = pairingDesk()
      desk.receive(STRANGER, 'let me in')
      await desk.until(() => desk.named('message.sent').length === 1)
      const [code = ''] = codesOf(desk)
      await end(desk, code)
      expect(codesOf(desk)).toEqual([])
      const stored = ['pairing', 'outbox'].map((table) =>
        desk.database.prepare(`SELECT * FROM ${table}`).all(),
      )
      expect(JSON.stringify(stored)).not.toMatch(new RegExp(`${code}|${code.replace('-', '')}`))
    }
  })

  it('hears nothing when they are rejected, and never gets a code again', async () => {
    useFakeClock()
    const desk = pairingDesk()
    desk.receive(STRANGER, 'let me in')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.conversations.pairing.reject(codesOf(desk)[0] ?? '')).toEqual({
      phoneNumber: STRANGER,
      id: null,
    })
    vi.setSystemTime(Date.now() + 48 * HOUR_MS)
    desk.receive(STRANGER, 'and now?')
    await desk.settle()
    expect(desk.transport.texts()).toHaveLength(1)
    expect(() => desk.conversations.pairing.reject('ABCD-EFGH')).toThrow(DaemonError)
  })

  it('who was approved and taken off the list later gets no code either', async () => {
    useFakeClock()
    const desk = pairingDesk()
    desk.receive(STRANGER, 'let me in')
    await desk.conversations.pairing.approve(codesOf(desk)[0] ?? '')
    desk.allow(ALICE)
    vi.setSystemTime(Date.now() + 48 * HOUR_MS)
    desk.receive(STRANGER, 'and now?')
    await desk.settle()
    expect(desk.named('pairing.requested')).toHaveLength(1)
  })

  it('gets a new code on another day at the earliest', async () => {
    useFakeClock()
    const desk = pairingDesk()
    desk.receive(STRANGER, 'let me in')
    for (const hours of [2, 21]) {
      vi.setSystemTime(Date.now() + hours * HOUR_MS)
      desk.receive(STRANGER, 'again')
    }
    expect(desk.named('pairing.requested')).toHaveLength(1)
    expect(desk.named('pairing.settled')).toMatchObject([{ outcome: 'expired' }])
    vi.setSystemTime(Date.now() + 2 * HOUR_MS)
    desk.receive(STRANGER, 'again')
    expect(desk.named('pairing.requested')).toHaveLength(2)
  })

  it('is one of three who wait, and of twenty in a day', () => {
    useFakeClock()
    const desk = pairingDesk()
    const ask = (from: number, to: number): void => {
      for (let index = from; index < to; index += 1) desk.receive(number(index), 'let me in')
    }
    ask(0, 10)
    expect(codesOf(desk)).toHaveLength(3)
    for (let round = 1; round < 12; round += 1) {
      vi.setSystemTime(Date.now() + HOUR_MS)
      ask(round * 10, round * 10 + 10)
    }
    expect(desk.named('pairing.requested')).toHaveLength(20)
  })

  it('remembers a thousand people at most', () => {
    useFakeClock()
    const desk = pairingDesk()
    desk.database.transaction(() => {
      const insert = desk.database.prepare(
        `INSERT INTO pairing (person, address, state, message_id, asked_at, expires_at) VALUES (?, 'a', 'rejected', 'm', ?, 0)`,
      )
      for (let index = 0; index < 1_000; index += 1) insert.run(`+1555100${String(1000 + index)}`, index)
    })
    desk.receive(STRANGER, 'let me in')
    expect(rows(desk, 'pairing')).toEqual({ n: 1_000 })
    expect(codesOf(desk)).toHaveLength(1)
  })

  it.each([
    ['from the backlog', () => ({ arrival: 'offline' as const })],
    ['in a group', () => ({ chat: group('120363000000000001@g.us'), mentionsUs: true })],
    ['whose identity is contradicted', () => ({ sender: identity('x', STRANGER, { conflict: true }) })],
    [
      'with a number that is somebody else’s now',
      () => ({ sender: identity('x', STRANGER, { changed: true }) }),
    ],
    [
      'of whom only a reaction comes',
      () => ({ content: { kind: 'reaction' as const, targetId: 'a', emoji: '👍' } }),
    ],
    ['of whom an empty message comes', () => ({ content: textContent('  ') })],
  ])('gets none %s', async (_what, more) => {
    const desk = pairingDesk()
    desk.receive(STRANGER, 'let me in', more())
    await desk.settle()
    expect(desk.transport.texts()).toEqual([])
    expect(rows(desk, 'pairing')).toEqual({ n: 0 })
  })

  it.each(['allowlist', 'observe', 'disabled'] as const)('gets none under %s', async (dmPolicy) => {
    const desk = new Desk({ access: { dmPolicy, allowFrom: [ALICE] } })
    desk.conversations.start()
    desk.receive(STRANGER, 'let me in')
    await desk.settle()
    expect(desk.transport.texts()).toEqual([])
  })

  // WhatsApp names the number beside the id, and nothing proves it before it is asked: nobody got a code.
  it('is asked for at WhatsApp first where only the message says which number is theirs', async () => {
    const desk = pairingDesk([])
    desk.transport.answerQuestion = () => Promise.resolve(identity(LID, STRANGER, { lid: LID_PART }))
    desk.receive(STRANGER, 'let me in', claiming(STRANGER))
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.conversations.pairing.list()).toMatchObject([{ phoneNumber: STRANGER, id: null }])
    expect(rows(desk, 'held')).toEqual({ n: 0 })
  })

  it('does not wait for codes whose time is over', async () => {
    useFakeClock()
    const desk = pairingDesk([])
    for (const index of [0, 1, 2]) desk.receive(number(index), 'let me in')
    await desk.until(() => desk.named('message.sent').length === 3)
    vi.setSystemTime(Date.now() + HOUR_MS)
    desk.transport.answerQuestion = () => Promise.resolve(identity(LID, STRANGER, { lid: LID_PART }))
    desk.receive(STRANGER, 'let me in', claiming(STRANGER))
    await desk.until(() => desk.named('message.sent').length === 4)
    expect(desk.conversations.pairing.list()).toMatchObject([{ phoneNumber: STRANGER }])
  })

  it('gets none while WhatsApp has not said in which form it knows a number that is allowed', async () => {
    const desk = pairingDesk()
    const { access } = desk.config
    desk.config = { ...desk.config, access: { ...access, unconfirmed: new Set([STRANGER]) } }
    const { sender } = desk.receive(STRANGER, 'am I allowed?')
    desk.transport.numbers.set(sender.address, sender)
    await desk.until(() => desk.named('message.blocked').length === 1)
    await desk.settle()
    expect(rows(desk, 'pairing')).toEqual({ n: 0 })
    desk.allow(ALICE, STRANGER)
    await desk.until(() => desk.transport.texts().includes('am I allowed?'))
    expect(desk.transport.texts()).toEqual(['am I allowed?'])
  })

  it('gets none when a person does not want to hear of them', async () => {
    const desk = pairingDesk()
    desk.conversations.ignoreSender(STRANGER)
    desk.receive(STRANGER, 'let me in')
    desk.receive(STRANGER, 'let me in', claiming(STRANGER))
    await desk.settle()
    expect(rows(desk, 'pairing')).toEqual({ n: 0 })
    expect(desk.transport.whats('resolve')).toEqual([])
  })

  it('is allowed by id where WhatsApp hides the number, once it was asked whose id it is', async () => {
    useFakeClock()
    const desk = pairingDesk()
    const hidden = {
      chat: direct(LID),
      sender: identity(LID, null, { lid: LID_PART }),
    }
    desk.transport.numbers.set(LID, hidden.sender)
    desk.receive(STRANGER, 'let me in', hidden)
    await desk.settle()
    expect(desk.transport.texts()).toEqual([])
    expect(desk.named('message.blocked')).toMatchObject([{ phoneNumber: null, id: 'lid:777000777' }])
    await vi.advanceTimersByTimeAsync(61_000)
    await desk.until(() => desk.named('message.sent').length === 1)
    const [request] = desk.conversations.pairing.list()
    expect(request).toMatchObject({ phoneNumber: null, id: 'lid:777000777' })
    await desk.conversations.pairing.approve(request?.code ?? '')
    expect(desk.config.access.allowFrom).toEqual([ALICE, 'lid:777000777'])
    // What they wrote was held until WhatsApp would say who they are: it is answered.
    await desk.until(() => desk.transport.texts().includes('let me in'))
  })
})

describe('a message with a code', () => {
  it('goes out once, whatever happens in between', async () => {
    const desk = pairingDesk()
    desk.setReady(false)
    desk.receive(STRANGER, 'let me in')
    const code = codesOf(desk)
    desk.crash()
    desk.conversations.start()
    // An edit of something else takes nothing back.
    desk.allow(ALICE, BOB)
    desk.receive(STRANGER, 'let me in')
    expect(codesOf(desk)).toEqual(code)
    desk.setReady(true)
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual([expect.stringContaining(code[0] ?? 'none')])
  })

  it('is gone when it is decided before it goes out, and nobody can send it again', async () => {
    const desk = pairingDesk()
    desk.setReady(false)
    desk.receive(STRANGER, 'let me in')
    const [code = ''] = codesOf(desk)
    const listed = desk.conversations.outbox.list({ limit: 10 })
    expect(listed.messages).toMatchObject([{ kind: 'notice', text: '' }])
    desk.conversations.pairing.reject(code)
    expect(desk.named('message.discarded')).toHaveLength(1)
    expect(desk.conversations.outbox.list({ limit: 10 }).messages).toEqual([])
    desk.setReady(true)
    await desk.settle()
    expect(desk.transport.texts()).toEqual([])
  })

  it('does not go out again, empty, when it is decided while it is under way', async () => {
    const desk = pairingDesk()
    let refuse = (): void => {}
    desk.transport.answer = () =>
      new Promise((resolve) => {
        refuse = () => resolve({ outcome: 'unconfirmed', why: 'no answer', interrupted: true })
      })
    desk.receive(STRANGER, 'let me in')
    await desk.until(() => desk.transport.sent.length === 1)
    await desk.conversations.pairing.approve(codesOf(desk)[0] ?? '')
    refuse()
    await desk.settle()
    desk.transport.answer = () => ({ outcome: 'acknowledged', at: new Date() })
    desk.setReady(false)
    desk.setReady(true)
    await desk.until(() => desk.named('message.sent').length === 1)
    await desk.settle()
    expect(desk.transport.texts().slice(1)).toEqual(['You can write to this assistant now.'])
  })

  it('does not go out when it is late, or another policy holds', async () => {
    useFakeClock()
    for (const end of [
      () => void vi.setSystemTime(Date.now() + 2 * HOUR_MS),
      (desk: Desk) => {
        desk.config = { ...desk.config, access: { dmPolicy: 'allowlist', allowFrom: [ALICE] } }
        desk.conversations.policyChanged()
      },
    ]) {
      const desk = pairingDesk()
      desk.setReady(false)
      desk.receive(STRANGER, 'let me in')
      end(desk)
      desk.setReady(true)
      await desk.until(() => desk.named('message.failed').length === 1)
      expect(desk.transport.texts()).toEqual([])
    }
  })
})

describe('an approval', () => {
  it('that the config file refuses changes nothing', async () => {
    const desk = pairingDesk()
    desk.receive(STRANGER, 'let me in')
    desk.allowing = () => Promise.reject(new DaemonError('config_read_only'))
    const code = codesOf(desk)
    await expect(desk.conversations.pairing.approve(code[0] ?? '')).rejects.toMatchObject({
      code: 'config_read_only',
    })
    expect(codesOf(desk)).toEqual(code)
  })

  it('that the config file has in time counts, though the daemon was away until the code was over', async () => {
    useFakeClock()
    const desk = pairingDesk()
    desk.receive(STRANGER, 'let me in')
    await desk.until(() => desk.named('message.sent').length === 1)
    desk.config = { ...desk.config, access: { ...desk.config.access, allowFrom: [ALICE, STRANGER] } }
    vi.setSystemTime(Date.now() + 2 * HOUR_MS)
    desk.crash()
    desk.conversations.start()
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.transport.texts()[1]).toBe('You can write to this assistant now.')
    expect(desk.named('pairing.settled')).toMatchObject([{ outcome: 'approved' }])
  })

  it('is told once when two people give it at the same time', async () => {
    const desk = pairingDesk()
    desk.receive(STRANGER, 'let me in')
    const [code = ''] = codesOf(desk)
    await Promise.all([desk.conversations.pairing.approve(code), desk.conversations.pairing.approve(code)])
    await desk.until(() => desk.named('message.sent').length > 0)
    await desk.settle()
    expect(desk.transport.texts().filter((text) => text.includes('now'))).toHaveLength(1)
    await expect(desk.conversations.pairing.approve(code)).rejects.toMatchObject({
      code: 'pairing_not_found',
    })
  })

  it('dies with the number that it was for, and with the account', () => {
    const desk = pairingDesk()
    desk.receive(STRANGER, 'let me in')
    desk.conversations.personChanged({ phoneNumber: STRANGER, formerAddress: LID })
    expect(codesOf(desk)).toEqual([])
    desk.receive(STRANGER, 'let me in')
    expect(codesOf(desk)).toHaveLength(1)
    desk.conversations.accountChanged()
    expect(rows(desk, 'pairing')).toEqual({ n: 0 })
    expect(desk.named('pairing.settled')).toMatchObject([{ outcome: 'expired' }, { outcome: 'expired' }])
  })

  it('is of no use to the account itself', async () => {
    const desk = pairingDesk([])
    desk.receive(OWN, 'a note')
    await desk.settle()
    expect(rows(desk, 'pairing')).toEqual({ n: 0 })
  })
})
