import { describe, expect, it } from 'vitest'
import type { Answer } from '../../../support/memory-transport.ts'
import { CommandDesk } from '../commands/command-desk.ts'
import { ALICE, direct, OWN } from '../desk.ts'

const TO_ALICE = { chat: direct('15550001111@s.whatsapp.net') }
const LATE: Partial<CommandDesk['config']> = {
  takeover: { onPhoneReply: true, minutes: 60, groups: false, answerMissed: true },
}

// Found by a fault run: an answer arrived, and its question was asked again when the chat was handed back.
describe('with takeover.answerMissed, when the chat is handed back', () => {
  /** The owner takes the chat over while the answer to a question is on its way, and hands it back when `then` is done. */
  async function handedBackAfter(then: (desk: CommandDesk) => Promise<void> | void): Promise<CommandDesk> {
    const desk = new CommandDesk(LATE)
    await desk.ask('one')
    await then(desk)
    desk.receive(OWN, '/resume', TO_ALICE)
    await desk.settle()
    return desk
  }
  /** Without a word, which would answer what was asked before. */
  const takeOver = (desk: CommandDesk): unknown =>
    desk.conversations.takeover.takeOver(ALICE, 'dashboard', 10)
  const asked = (desk: CommandDesk): unknown => desk.held.turns.map(({ texts }) => texts)
  const answers = (desk: CommandDesk): string[] =>
    desk.transport.texts().filter((text) => text.startsWith('answer to'))
  /** The answer leaves, the owner writes, and only then it is known what became of the answer: `outcome`, where the process lives. */
  const leaving = async (desk: CommandDesk, outcome: Answer | null): Promise<void> => {
    let tell = (): void => undefined
    desk.transport.answer = (message) =>
      message.text.startsWith('answer to')
        ? new Promise((resolve) => (tell = () => outcome !== null && resolve(outcome)))
        : { outcome: 'acknowledged', at: new Date() }
    desk.held.answer()
    await desk.until(() => desk.transport.sent.length === 1)
    takeOver(desk)
    tell()
    if (outcome === null) desk.again()
    await desk.settle()
  }
  const LEFT: Record<string, Answer | null> = {
    arrived: { outcome: 'acknowledged', at: new Date() },
    'got no answer': { outcome: 'unconfirmed', why: 'no answer' },
    'got none because the connection ended': { outcome: 'unconfirmed', why: 'it ended', interrupted: true },
    'may have arrived before a crash': null,
  }
  it.each(Object.entries(LEFT))(
    'a question whose answer left and %s is not asked again',
    async (_what, how) => {
      const desk = await handedBackAfter((at) => leaving(at, how))
      expect(asked(desk)).toEqual([['one']])
      expect(answers(desk)).toHaveLength(1)
    },
  )

  it('one whose answer left, and waited to be sent again when the owner wrote, is not asked again', async () => {
    const desk = await handedBackAfter(async (at) => {
      at.transport.answer = () => ({ outcome: 'unconfirmed', why: 'it ended', interrupted: true })
      at.held.answer()
      await at.until(() => at.transport.sent.length === 1)
      at.setReady(false)
      await at.settle()
      takeOver(at)
      at.transport.answer = () => ({ outcome: 'acknowledged', at: new Date() })
      at.setReady(true)
      await at.settle()
    })
    expect(asked(desk)).toEqual([['one']])
  })

  it('one whose answer WhatsApp refused is asked again', async () => {
    const desk = await handedBackAfter((at) => leaving(at, { outcome: 'refused', code: 'x', message: 'No.' }))
    expect(asked(desk)).toEqual([['one'], ['one']])
  })

  /** The answer is being encrypted when the owner writes. */
  const preparing = async (desk: CommandDesk): Promise<() => void> => {
    let proceed = (): void => undefined
    desk.transport.preparing = () => new Promise<void>((resolve) => (proceed = resolve))
    desk.held.answer()
    await desk.until(() => desk.named('message.queued').length === 1)
    await desk.settle()
    takeOver(desk)
    desk.transport.preparing = () => undefined
    return () => proceed()
  }

  it('one whose answer was stopped before it left is asked again', async () => {
    const desk = await handedBackAfter(async (at) => {
      const proceed = await preparing(at)
      proceed()
      await at.until(() => at.named('message.discarded').length === 1)
    })
    expect(asked(desk)).toEqual([['one'], ['one']])
    expect(answers(desk)).toEqual([])
  })

  it('an answer that has not left yet goes on when the chat is handed back, once', async () => {
    let proceed = (): void => undefined
    const desk = await handedBackAfter(async (at) => void (proceed = await preparing(at)))
    proceed()
    await desk.until(() => desk.transport.sent.length === 2)
    expect(answers(desk)).toEqual(['answer to one'])
    expect(asked(desk)).toEqual([['one']])
    expect(desk.named('message.discarded')).toEqual([])
  })

  it('an answer does not go on that the owner has answered since', async () => {
    let proceed = (): void => undefined
    const desk = await handedBackAfter(async (at) => {
      proceed = await preparing(at)
      at.receive(OWN, 'and more', TO_ALICE)
    })
    proceed()
    await desk.until(() => desk.transport.sent.length === 1)
    await desk.settle()
    expect(answers(desk)).toEqual([])
    expect(asked(desk)).toEqual([['one']])
  })
})
