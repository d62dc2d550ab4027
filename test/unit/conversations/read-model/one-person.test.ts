import fc from 'fast-check'
import { expect, it } from 'vitest'
import { identity } from '../../../support/identity.ts'
import { ALICE, Desk, direct } from '../desk.ts'

const LIDS = ['700000000000001@lid', '700000000000002@lid'] as const

/** What happens, in any order: a message by number or by one of two LIDs, a number that becomes known, a new start, a look as the owner. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('message' as const), from: fc.integer({ min: -1, max: 1 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('learn' as const), from: fc.integer({ min: 0, max: 1 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('restart' as const, 'read' as const) }) },
)

/*
 * People come by LID first and by number later, by both in turns, and under a second LID after a change of phone. Whatever the order, each is
 * one conversation once the number is known, and everything that was said is there once, in its order.
 */
it('one person is one conversation, however they come', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      const desk = new Desk({ access: { dmPolicy: 'open', allowFrom: ['*'] } })
      desk.conversations.start()
      const said: string[] = []
      const ids = new Set<string>()
      let unread = 0
      for (const [index, each] of steps.entries()) {
        if (each.kind === 'restart') await desk.restart()
        if (each.kind === 'restart') desk.conversations.start()
        if (each.kind === 'learn')
          desk.conversations.senderResolved(identity(LIDS[each.from] ?? LIDS[0], ALICE))
        if (each.kind === 'message') {
          const lid = LIDS[each.from]
          const text = `message ${index}`
          if (lid === undefined) desk.receive(ALICE, text)
          else desk.receive('', text, { chat: direct(lid), sender: identity(lid, null) })
          said.push(text)
          unread += 1
        }
        const { conversations } = desk.conversations.admin.list({ limit: 50, filter: 'all' })
        for (const { conversationId } of conversations) ids.add(conversationId)
        if (each.kind === 'read') {
          for (const { conversationId } of conversations)
            desk.conversations.admin.markRead(conversationId, undefined)
          unread = 0
        }
      }
      for (const lid of LIDS) desk.conversations.senderResolved(identity(lid, ALICE))
      const { admin } = desk.conversations
      const { conversations } = admin.list({ limit: 50, filter: 'all' })
      expect(conversations).toMatchObject(
        said.length === 0 ? [] : [{ conversation: ALICE, phoneNumber: ALICE, unread }],
      )
      if (said.length === 0) return
      const [one] = conversations
      // Every id that anybody ever saw leads to it.
      for (const id of ids) expect(admin.get(id).conversationId).toBe(one?.conversationId)
      const { messages } = admin.messages(ALICE, { limit: 100 })
      expect(messages.filter(({ from }) => from === 'person').map(({ text }) => text)).toEqual(said)
      const { conversations: waiting } = admin.list({ limit: 50, filter: 'unread' })
      expect(waiting).toHaveLength(unread > 0 ? 1 : 0)
      await desk.conversations.stop()
    }),
    { numRuns: 25, seed: 16 },
  )
})
