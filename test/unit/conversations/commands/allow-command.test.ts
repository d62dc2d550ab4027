import { describe, expect, it, vi } from 'vitest'
import { DaemonError } from '../../../../src/protocol/errors.ts'
import { ALICE, BOB, Desk, group, OWN, STRANGER } from '../desk.ts'
import { useFakeClock } from '../fake-clock.ts'

const HOME = '120363000000000001@g.us'

async function askedDesk(): Promise<{ desk: Desk; code: string }> {
  const desk = new Desk({
    access: { dmPolicy: 'pairing', allowFrom: [ALICE, BOB, OWN] },
    commands: { enabled: true, owners: [ALICE] },
  })
  desk.transport.ownNumber = OWN
  desk.conversations.start()
  desk.receive(STRANGER, 'let me in')
  await desk.until(() => desk.named('message.sent').length === 1)
  return { desk, code: desk.conversations.pairing.list()[0]?.code ?? '' }
}

describe('/allow', () => {
  it.each([ALICE, OWN])('of an owner (%s) allows the person with the code, who is told', async (owner) => {
    const { desk, code } = await askedDesk()
    desk.receive(owner, `/allow ${code.toLowerCase()}`)
    await desk.until(() => desk.transport.sent.length === 3)
    expect(desk.config.access.allowFrom).toContain(STRANGER)
    expect(desk.transport.texts().slice(1).toSorted()).toEqual([
      `${STRANGER} can write to me now.`,
      'You can write to this assistant now.',
    ])
    const told = desk.transport.sent.find(({ text }) => text.startsWith('You can'))
    expect(told?.person).toBe(STRANGER)
  })

  it('of somebody else changes nothing', async () => {
    const { desk, code } = await askedDesk()
    desk.receive(BOB, `/allow ${code}`)
    await desk.until(() => desk.transport.sent.length === 2)
    await desk.settle()
    expect(desk.config.access.allowFrom).not.toContain(STRANGER)
  })

  it.each([
    ['/allow', 'Write "/allow" and the code that the person was sent.'],
    ['/allow ABCD-EFGH', 'There is no request for access with this code. A code counts for an hour.'],
  ])('answers %s', async (text, answer) => {
    const { desk } = await askedDesk()
    desk.receive(ALICE, text)
    await desk.until(() => desk.transport.sent.length === 2)
    expect(desk.transport.texts()[1]).toBe(answer)
  })

  it('takes no code whose time is over', async () => {
    useFakeClock()
    const { desk, code } = await askedDesk()
    vi.setSystemTime(Date.now() + 3_600_000)
    desk.receive(ALICE, `/allow ${code}`)
    await desk.until(() => desk.transport.sent.length === 2)
    expect(desk.transport.texts()[1]).toContain('There is no request for access with this code.')
    expect(desk.config.access.allowFrom).not.toContain(STRANGER)
  })

  it('names nobody in a group', async () => {
    const { desk, code } = await askedDesk()
    desk.receive(ALICE, `/allow ${code}`, { chat: group(HOME), mentionsUs: true })
    await desk.until(() => desk.transport.sent.length === 2)
    expect(desk.transport.texts()[1]).toBe('Please write this in a chat with me alone.')
    expect(desk.config.access.allowFrom).not.toContain(STRANGER)
  })

  it('says why the config file was not changed, and can be repeated', async () => {
    const { desk, code } = await askedDesk()
    desk.allowing = () => Promise.reject(new DaemonError('config_read_only'))
    desk.receive(ALICE, `/allow ${code}`)
    await desk.until(() => desk.transport.sent.length === 2)
    expect(desk.transport.texts()[1]).toBe(
      'This person could not be allowed. The config may not be changed from here.',
    )
    desk.allowing = () => Promise.resolve()
    desk.receive(ALICE, `/allow ${code}`)
    await desk.until(() => desk.transport.sent.length === 4)
  })

  it('that a crash interrupted is done after it, once', async () => {
    const { desk, code } = await askedDesk()
    desk.allowing = () => new Promise(() => {})
    desk.receive(ALICE, `/allow ${code}`)
    await desk.settle()
    desk.crash()
    desk.allowing = () => Promise.resolve()
    desk.conversations.start()
    await desk.until(() => desk.transport.sent.length === 3)
    await desk.settle()
    expect(desk.transport.sent).toHaveLength(3)
    expect(desk.config.access.allowFrom).toContain(STRANGER)
  })
})
