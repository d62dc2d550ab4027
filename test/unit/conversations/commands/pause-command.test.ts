import { describe, expect, it } from 'vitest'
import { ALICE, BOB, direct, group, OWN } from '../desk.ts'
import { CommandDesk, GROUP, IN_GROUP } from './command-desk.ts'

const OWNERS = { commands: { enabled: true, owners: [BOB] } }
const PAUSED = 'The assistant is paused in this chat. An owner ends that with "/resume".'
const RESUMED = 'The assistant answers in this chat again. What was written meanwhile stays unanswered.'
const TO_ALICE = { chat: direct('15550001111@s.whatsapp.net') }

describe('/pause and /resume', () => {
  it('are for owners alone', async () => {
    const desk = new CommandDesk(OWNERS)
    expect(await desk.say('/pause')).toBe('Only an owner of this assistant can use "/pause".')
    expect(await desk.say('/resume')).toBe('Only an owner of this assistant can use "/resume".')
    await desk.ask('hello')
    expect(await desk.say('/pause', BOB)).toBe(PAUSED)
    // Who is an owner is asked each time.
    desk.config = { ...desk.config, commands: { enabled: true, owners: [] } }
    expect(await desk.say('/resume', BOB)).toBe('Only an owner of this assistant can use "/resume".')
  })

  it('silence this chat, and let it answer again; what was written meanwhile is context', async () => {
    const desk = new CommandDesk(OWNERS)
    expect(await desk.say('/pause', BOB, IN_GROUP)).toBe(PAUSED)
    expect(await desk.say('/pause', BOB, IN_GROUP)).toBe(
      'The assistant is paused in this chat already. An owner ends that with "/resume".',
    )
    const read = desk.transport.whats('read').length
    desk.receive(ALICE, 'anybody?', IN_GROUP)
    desk.receive(ALICE, 'photo', { ...IN_GROUP, content: { kind: 'unsupported', what: 'photo' } })
    await desk.settle()
    expect(desk.transport.sent).toHaveLength(2)
    expect(desk.transport.whats('read')).toHaveLength(read)
    expect(desk.transport.whats('react')).toEqual([])
    expect(desk.named('message.skipped')).toMatchObject([
      { reason: 'chat_paused', conversation: GROUP },
      { reason: 'chat_paused' },
    ])
    await desk.ask('in another chat')
    desk.held.answer()
    await desk.until(() => desk.transport.sent.length === 3)
    expect(await desk.say('/resume', BOB, IN_GROUP)).toBe(RESUMED)
    expect(await desk.say('/resume', BOB, IN_GROUP)).toBe('The assistant is not paused in this chat.')
    await desk.ask('now?', ALICE, IN_GROUP)
    expect(desk.held.turns.at(-1)?.texts).toEqual(['now?'])
    expect(desk.held.turns.at(-1)?.history).toMatchObject([
      { text: 'anybody?' },
      { text: '[cannot be read here: photo]' },
    ])
  })

  it('end what is under way, and hold over a crash', async () => {
    const desk = new CommandDesk({ commands: { enabled: true, owners: [ALICE] } })
    await desk.ask('one')
    desk.receive(ALICE, 'two')
    expect(await desk.say('/pause')).toBe(PAUSED)
    expect(desk.held.turns[0]?.aborted).toBe(true)
    // That it was sent is stored by then; otherwise it goes out again.
    await desk.settle()
    desk.again()
    desk.receive(ALICE, 'three')
    await desk.settle()
    expect(desk.held.turns).toHaveLength(1)
    expect(await desk.say('/resume')).toBe(RESUMED)
    await desk.ask('four')
    expect(desk.held.turns[1]?.texts).toEqual(['four'])
  })

  it("come from the account's own phone, written by hand to somebody else or in a group", async () => {
    const desk = new CommandDesk()
    expect(await desk.say('/pause', OWN, TO_ALICE)).toBe(PAUSED)
    expect(desk.transport.sent.at(-1)?.chat).toEqual(TO_ALICE.chat)
    desk.receive(ALICE, 'hello?')
    await desk.settle()
    expect(desk.held.turns).toEqual([])
    expect(await desk.say('/resume', OWN, TO_ALICE)).toBe(RESUMED)
    // The own phone needs no place on the list of those who may write.
    desk.config = { ...desk.config, access: { dmPolicy: 'allowlist', allowFrom: [ALICE] } }
    expect(await desk.say('/pause', OWN, { chat: group(GROUP) })).toBe(PAUSED)
    expect(await desk.say('/resume', OWN, { chat: group(GROUP) })).toBe(RESUMED)
    await desk.ask('hello?')
    expect(desk.held.turns[0]?.history).toMatchObject([{ text: 'hello?' }])
  })

  it('are obeyed however late they arrive, and in the chat of the owner with themself', async () => {
    const desk = new CommandDesk({ commands: { enabled: true, owners: [ALICE] } })
    const late = { arrival: 'offline', sentAt: new Date(Date.now() - 7_200_000) } as const
    expect(await desk.say('/pause', ALICE, late)).toBe(PAUSED)
    desk.receive(ALICE, '/help', late)
    desk.receive(BOB, '/pause', late)
    await desk.settle()
    expect(desk.named('message.skipped').map(({ reason }) => reason)).toEqual(['too_old', 'too_old'])
    expect(await desk.say('/pause', OWN)).toBe(PAUSED)
    expect(await desk.say('/resume', OWN)).toBe(RESUMED)
  })

  // What the owner had typed on the phone a day ago, or while the account was paused, was done when the daemon came back.
  it.each([
    { when: 'late', ageMs: 7_200_000, switches: [] },
    // WhatsApp dates messages in whole seconds: a second is left to the pause.
    { when: 'from a pause of the account', ageMs: 1_000, switches: [false, true] },
  ])('alone are obeyed $when, of what the own phone writes by hand', async ({ ageMs, switches }) => {
    const desk = new CommandDesk()
    let sentAt = new Date(Date.now() - ageMs)
    for (const enabled of switches) {
      desk.config = { ...desk.config, enabled }
      desk.conversations.policyChanged()
      if (!enabled) sentAt = new Date(Date.now() - ageMs)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const written = { ...TO_ALICE, arrival: 'offline', sentAt } as const
    for (const text of ['/new', '/stop', '/status']) desk.receive(OWN, text, written)
    expect(await desk.say('/pause', OWN, written)).toBe(PAUSED)
    expect(desk.transport.sent).toHaveLength(1)
    expect(await desk.say('/status', OWN, TO_ALICE)).toContain('paused')
  })

  it('are nothing where the other side may not write', async () => {
    const desk = new CommandDesk({ access: { dmPolicy: 'allowlist', allowFrom: [BOB] } })
    desk.receive(OWN, '/pause', TO_ALICE)
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
    expect(desk.database.prepare('SELECT count(*) AS n FROM inbox').get()).toEqual({ n: 0 })
  })

  it('are nothing where people are observed alone', async () => {
    const desk = new CommandDesk({ access: { dmPolicy: 'observe', allowFrom: [ALICE, BOB] }, ...OWNERS })
    desk.receive(OWN, '/pause', TO_ALICE)
    desk.receive(BOB, '/pause')
    desk.receive(BOB, '/help')
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
  })

  it('by hand leave what is about a person, or no command, to the chat', async () => {
    const desk = new CommandDesk()
    desk.receive(OWN, '/agents', TO_ALICE)
    desk.receive(OWN, '/hlep', TO_ALICE)
    desk.receive(OWN, 'see you', TO_ALICE)
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
  })

  it('leave the commands of everybody', async () => {
    const desk = new CommandDesk(OWNERS)
    await desk.say('/pause', OWN, TO_ALICE)
    expect(await desk.say('/status')).toContain('The assistant is paused in this chat.')
    expect(await desk.say('/agents')).toContain('echo')
  })

  it('are forgotten when the account belongs to somebody else', async () => {
    const desk = new CommandDesk()
    await desk.say('/pause', OWN, TO_ALICE)
    desk.conversations.accountChanged()
    await desk.ask('hello')
    expect(desk.held.turns).toHaveLength(1)
  })
})
