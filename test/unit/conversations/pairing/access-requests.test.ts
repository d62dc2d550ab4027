import { describe, expect, it, vi } from 'vitest'
import { ALICE, Desk, STRANGER } from '../desk.ts'
import { useFakeClock } from '../fake-clock.ts'

const DAY_MS = 24 * 3_600_000

type Policy = 'allowlist' | 'pairing' | 'observe'

function startDesk(dmPolicy: Policy = 'allowlist'): Desk {
  const desk = new Desk({ access: { dmPolicy, allowFrom: [ALICE] } })
  desk.conversations.start()
  return desk
}

const number = (index: number): string => `+1555000${String(4000 + index)}`
const ask = (desk: Desk, phoneNumber = STRANGER, reason?: string) =>
  desk.conversations.pairing.request({ phoneNumber, ...(reason !== undefined && { reason }) })
const codeOf = (desk: Desk): string => desk.conversations.pairing.list()[0]?.code ?? ''
const rows = (desk: Desk) =>
  desk.database.prepare('SELECT person, code, reason, state, source FROM pairing').all()

describe('a program that asks for somebody', () => {
  it.each<Policy>(['allowlist', 'pairing', 'observe'])(
    'under %s sends nothing, and a person allows them with the code that is listed',
    async (dmPolicy) => {
      const desk = startDesk(dmPolicy)
      const answer = ask(desk, STRANGER, ' the\nnew <driver>\u200B ')
      expect(answer).toMatchObject({ phoneNumber: STRANGER, state: 'pending' })
      expect(JSON.stringify(answer)).not.toContain(codeOf(desk).slice(0, 4))
      expect(desk.conversations.pairing.list()).toMatchObject([
        { phoneNumber: STRANGER, source: 'program', reason: 'the new <driver>', name: null },
      ])
      await desk.conversations.pairing.approve(codeOf(desk))
      await desk.settle()
      expect(desk.named('pairing.settled')).toMatchObject([{ phoneNumber: STRANGER, outcome: 'approved' }])
      expect(ask(desk)).toEqual({ phoneNumber: STRANGER, state: 'allowed', expiresAt: null })
      expect(desk.transport.texts()).toEqual([])
      expect(rows(desk)).toMatchObject([{ code: null, reason: null, state: 'approved' }])
    },
  )

  it('asks once, in whatever form the number is written, and its words are in no event', () => {
    const desk = startDesk()
    const first = ask(desk, STRANGER, 'a reason of the assistant')
    expect(ask(desk, STRANGER.replace(/^\+1(\d{3})(\d{3})/, '+1 ($1) $2-'), 'another one')).toEqual(first)
    expect(desk.named('pairing.requested')).toMatchObject([{ phoneNumber: STRANGER, source: 'program' }])
    expect(JSON.stringify(desk.named('pairing.requested'))).not.toContain('reason')
    expect(() => ask(desk, 'call me')).toThrow(expect.objectContaining({ code: 'invalid_phone_number' }))
  })

  it('is not heard again about somebody whom a person rejected', () => {
    const desk = startDesk()
    ask(desk)
    desk.conversations.pairing.reject(codeOf(desk))
    expect(ask(desk)).toEqual({ phoneNumber: STRANGER, state: 'rejected', expiresAt: null })
    expect(desk.conversations.pairing.list()).toEqual([])
  })

  it('has three requests waiting at most, each for a day, and takes no place of people', async () => {
    useFakeClock()
    const desk = startDesk('pairing')
    for (const index of [1, 2, 3]) ask(desk, number(index))
    expect(() => ask(desk, number(4))).toThrow(expect.objectContaining({ code: 'rate_limited' }))
    desk.receive(STRANGER, 'let me in')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.conversations.pairing.list().map(({ source }) => source)).toEqual([
      'program',
      'program',
      'program',
      'person',
    ])
    vi.setSystemTime(Date.now() + DAY_MS + 1)
    expect(ask(desk, number(4))).toMatchObject({ state: 'pending' })
    expect(desk.conversations.pairing.list().map(({ phoneNumber }) => phoneNumber)).toEqual([number(4)])
  })

  it('makes twenty requests a day at most, however fast they are decided', () => {
    const desk = startDesk()
    for (let index = 0; index < 20; index++) {
      ask(desk, number(index))
      desk.conversations.pairing.reject(codeOf(desk))
    }
    expect(() => ask(desk, number(20))).toThrow(expect.objectContaining({ code: 'rate_limited' }))
  })

  it('whom nobody decided about may ask for themselves on the same day', async () => {
    useFakeClock()
    const desk = startDesk('pairing')
    ask(desk)
    vi.setSystemTime(Date.now() + DAY_MS + 1)
    desk.receive(STRANGER, 'let me in')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.conversations.pairing.list()).toMatchObject([{ source: 'person', reason: null }])
  })
})
