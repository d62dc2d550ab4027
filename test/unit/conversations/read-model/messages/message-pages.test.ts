import { expect, it } from 'vitest'
import { ALICE, BOB, Desk } from '../../desk.ts'
import type { ParsedParams } from '../../../../../src/protocol/methods.ts'

type Query = Partial<ParsedParams<'conversations.messages'>>

/** Alice has written `m0`, `m1` and so on; `ids` are those of her messages. */
function talk(count: number, text = ''): { desk: Desk; ids: string[] } {
  const desk = new Desk()
  desk.conversations.start()
  desk.allow(ALICE, BOB)
  const ids = Array.from({ length: count }, (_, index) => desk.receive(ALICE, `m${index}${text}`).id)
  return { desk, ids }
}

function page(desk: Desk, query: Query) {
  const answer = desk.conversations.admin.messages(ALICE, { limit: 11, ...query })
  const asked = answer.messages.filter(({ from }) => from === 'person')
  return { ...answer, texts: asked.map(({ text }) => text.slice(0, 3)) }
}

it('opens at a message that was found, with as many before as after it, and leads on to both sides', () => {
  const { desk, ids: written } = talk(40)
  const found = page(desk, { around: written[20] ?? '' })
  expect(found.texts).toContain('m20')
  const [older, newer] = [
    page(desk, { before: found.before ?? '' }),
    page(desk, { after: found.after ?? '' }),
  ]
  const walked = [...older.messages, ...found.messages, ...newer.messages].map(({ messageId }) => messageId)
  const all = desk.conversations.admin.messages(ALICE, { limit: 100 }).messages
  const ids = all.map(({ messageId }) => messageId)
  const start = ids.indexOf(walked[0] ?? '')
  expect(walked).toEqual(ids.slice(start, start + walked.length))
})

it('has no cursor where the conversation begins or ends', () => {
  const { desk, ids } = talk(3)
  const { before, after, texts } = page(desk, { around: ids[1] ?? '' })
  expect([before, after]).toEqual([null, null])
  expect(texts).toEqual(['m0', 'm1', 'm2'])
})

it('keeps what is nearest where the texts are longer than a frame', () => {
  const { desk, ids } = talk(60, 'x'.repeat(7_900))
  const { messages, texts, before, after } = page(desk, { around: ids[30] ?? '', limit: 99 })
  expect(texts).toContain('m30')
  expect(messages.length).toBeLessThan(30)
  expect(before).not.toBeNull()
  expect(after).not.toBeNull()
})

it('shows the newest ones where the message is not kept, or is of another conversation', () => {
  const { desk } = talk(20)
  const { id } = desk.receive(BOB, 'elsewhere')
  for (const around of ['gone', id]) expect(page(desk, { around }).after).toBeNull()
})
