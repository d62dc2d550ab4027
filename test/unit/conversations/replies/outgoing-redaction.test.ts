import { expect, it } from 'vitest'
import { MAX_REPLY_LENGTH } from '../../../../src/conversations/replies/reply-text.ts'
import { Redactor } from '../../../../src/text/redaction/redactor.ts'
import { ALICE, Desk } from '../desk.ts'

const SECRET = 'sk-Secret-0123456789abcdef'

/** A desk whose agent answers with these pieces. */
function deskOf(pieces: readonly string[], overrides: ConstructorParameters<typeof Desk>[0] = {}): Desk {
  const desk = new Desk(overrides)
  desk.redactor = new Redactor({ paths: ['/home/u'], secrets: [SECRET], isOwnToken: () => false })
  desk.agent = {
    async *reply() {
      for (const text of pieces) yield await Promise.resolve({ type: 'delta' as const, text })
    },
  }
  return desk
}

async function answerOf(desk: Desk): Promise<string[]> {
  desk.conversations.start()
  desk.receive(ALICE, `what is in /home/u, and is it ${SECRET}?`)
  await desk.until(() => desk.named('agent.turnFinished').length > 0)
  await desk.until(() => desk.named('message.sent').length === desk.named('message.queued').length)
  return desk.transport.texts()
}

it('takes secrets out wherever they are cut into pieces, counts them, and says so', async () => {
  const whole = `It is **${SECRET}** in /home/u/key.`
  const desk = deskOf(Array.from(whole))
  expect(await answerOf(desk)).toEqual(['It is *[removed]* in [removed]/key.'])
  expect(desk.conversations.redactions).toBe(2)
  expect(desk.attentionChanges).toBeGreaterThan(0)
})

it('shows no part of a secret that would be cut into two messages', async () => {
  for (let before = 60; before < 100; before += 5) {
    const desk = deskOf([`${'a'.repeat(before)}${SECRET} and so on`], { textChunkLimit: 100 })
    expect((await answerOf(desk)).join('')).not.toMatch(/Secret|0123|cdef/)
  }
})

it('shows no part of a secret that the longest answer is cut in', async () => {
  const words = 'word '.repeat(MAX_REPLY_LENGTH / 5 - 3)
  const desk = deskOf([`${words}${SECRET.slice(0, 5)}`, SECRET.slice(5), ' more'.repeat(100)], {
    textChunkLimit: 60_000,
  })
  const text = (await answerOf(desk)).join('')
  expect(text).toMatch(/word…$/)
})

it('leaves the words of people and of the daemon alone, and everything where the config says so', async () => {
  const desk = deskOf([`It is ${SECRET}.`], { redactOutgoing: false, messagePrefix: '/home/u ' })
  expect(await answerOf(desk)).toEqual([`/home/u It is ${SECRET}.`])
  const other = deskOf([`It is ${SECRET}.`], { messagePrefix: '/home/u ' })
  expect(await answerOf(other)).toEqual(['/home/u It is [removed].'])
})
