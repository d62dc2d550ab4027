import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { child, children, type Stanza } from '../../src/simulator/wire/stanza.ts'
import { ALICE, OWNER, Stack, type StackOptions } from '../support/stack.ts'
import { inTime } from '../support/in-time.ts'

/*
 * WhatsApp moves accounts from numbers to LIDs. Since July 2026 it refuses the number of a person who has a LID with 463, also
 * for people who write every day; and it refuses LIDs with 400 from accounts that it has not moved.
 */
describe('direct messages', () => {
  let stack: Stack
  const sent: Stanza[] = []
  afterEach(() => stack.stop())

  const start = async (options: StackOptions = {}): Promise<void> => {
    sent.length = 0
    stack = await Stack.start({ allowFrom: [ALICE, OWNER], ...options })
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in' && node.tag === 'message') sent.push(node)
    })
    await stack.link()
  }
  const serverOf = (jid: string | undefined): string => jid?.split('@')[1] ?? ''
  const devicesOf = (message: Stanza): string[] =>
    children(child(message, 'participants'), 'to').map(({ attrs }) => attrs.jid ?? '')
  const namespacesOf = (message: Stanza): Set<string> =>
    new Set([serverOf(message.attrs.to), ...devicesOf(message).map(serverOf)])
  const repliesTo = (phone: { lid: string; jid: string }): Stanza[] =>
    sent.filter(({ attrs }) => attrs.category !== 'peer' && [phone.lid, phone.jid].includes(attrs.to ?? ''))
  const asksAgain = (from: string, id: string): void => {
    stack.simulator.faults.send({
      tag: 'receipt',
      attrs: { type: 'retry', id, from, t: '1700000000' },
      content: [{ tag: 'retry', attrs: { count: '1', id, t: '1700000000', v: '1' } }],
    })
  }

  describe('of a migrated account', () => {
    beforeEach(() => start())

    it('go to the LID, with the number beside it and everything in one namespace, however the person wrote', async () => {
      for (const addressing of ['pn', 'lid'] as const) {
        await stack.alice.sendText(OWNER, `by ${addressing}`, { addressing })
        await stack.alice.waitForText(`by ${addressing}`)
      }
      await stack.owner.sendToSelf('to myself', { addressing: 'pn' })
      await stack.owner.waitForText('to myself')
      const replies = repliesTo(stack.alice)
      expect(replies.map(({ attrs }) => [attrs.to, attrs.peer_recipient_pn])).toEqual([
        [stack.alice.lid, stack.alice.jid],
        [stack.alice.lid, stack.alice.jid],
      ])
      expect(repliesTo(stack.owner)[0]?.attrs.to).toBe(stack.owner.lid)
      for (const message of sent.filter(({ attrs }) => attrs.category !== 'peer'))
        expect([...namespacesOf(message)]).toEqual(['lid'])
      // The account's own phone is named in the same way.
      for (const message of replies) expect(devicesOf(message)).toContain(stack.owner.lid)
    })

    it('to a group, and between own devices, never name a number beside', async () => {
      const members = [stack.owner, stack.alice]
      const group = stack.simulator.createGroup({ subject: 'Group', members })
      await stack.alice.sendGroupText(group, 'in the group', { mention: OWNER })
      await stack.alice.waitForText(({ chat, text }) => chat === group.jid && text.includes('in the group'))
      const others = sent.filter(({ attrs }) => attrs.to?.endsWith('@g.us') || attrs.category === 'peer')
      expect(others.length).toBeGreaterThan(0)
      for (const { attrs } of others) expect(attrs).not.toHaveProperty('peer_recipient_pn')
    })

    it('are sent again when the phone asks, whichever of its names the request comes from', async () => {
      await stack.alice.sendText(OWNER, 'hello', { addressing: 'pn' })
      const { id } = await stack.alice.waitForText('hello')
      for (const [index, name] of [stack.alice.lid, stack.alice.jid].entries()) {
        asksAgain(name, id)
        await expect.poll(() => stack.alice.duplicates.length).toBe(index + 1)
      }
      const resends = repliesTo(stack.alice).filter(({ attrs }) => attrs.id === id)
      expect(resends.map(({ attrs }) => [attrs.to, attrs.peer_recipient_pn])).toEqual(
        [1, 2, 3].map(() => [stack.alice.lid, stack.alice.jid]),
      )
      for (const message of resends) expect([...namespacesOf(message)]).toEqual(['lid'])
    })
  })

  describe.each([false, true])(
    'of an account that was not migrated (the server drops repeats: %s)',
    (dropsRepeats) => {
      beforeEach(() =>
        start({
          simulator: { habits: { dropsRepeats } },
          prepare: ({ owner }) => void (owner.account.lidMigration = 'unmigrated'),
        }),
      )

      it('fall back to the number once, under the same id, and go there from then on', async () => {
        for (const text of ['one', 'two', 'three']) {
          await stack.alice.sendText(OWNER, text)
          await stack.alice.waitForText(text)
        }
        const replies = repliesTo(stack.alice)
        expect(replies.map(({ attrs }) => serverOf(attrs.to))).toEqual([
          'lid',
          's.whatsapp.net',
          's.whatsapp.net',
          's.whatsapp.net',
        ])
        expect(replies[1]?.attrs.id).toBe(replies[0]?.attrs.id)
        expect(replies[1]?.attrs).not.toHaveProperty('peer_recipient_pn')
        for (const message of replies) {
          expect(namespacesOf(message).size).toBe(1)
          const own = serverOf(message.attrs.to) === 'lid' ? stack.owner.lid : stack.owner.jid
          expect(devicesOf(message)).toContain(own)
        }
        expect(stack.alice.received.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
        expect(stack.alice.duplicates).toHaveLength(0)
        expect(stack.published('message.failed')).toEqual([])
        asksAgain(stack.alice.jid, replies.at(-1)?.attrs.id ?? '')
        if (!dropsRepeats) await expect.poll(() => stack.alice.duplicates).toHaveLength(1)
      })

      it('still go to the number after a restart, and to the LID once the account is migrated', async () => {
        await stack.alice.sendText(OWNER, 'one')
        await stack.alice.waitForText('one')
        await stack.stopDaemon()
        sent.length = 0
        await stack.startDaemon()
        await stack.alice.sendText(OWNER, 'two')
        await stack.alice.waitForText('two')
        stack.owner.account.lidMigration = 'migrated'
        for (const text of ['three', 'four']) {
          await stack.alice.sendText(OWNER, text)
          await stack.alice.waitForText(text)
        }
        expect(repliesTo(stack.alice).map(({ attrs }) => serverOf(attrs.to))).toEqual([
          's.whatsapp.net',
          's.whatsapp.net',
          'lid',
          'lid',
        ])
        expect(stack.alice.duplicates).toHaveLength(0)
      })

      it('go to the LID at once when the settings of the account say at a login that it was migrated', async () => {
        await stack.alice.sendText(OWNER, 'one')
        await stack.alice.waitForText('one')
        await stack.stopDaemon()
        stack.owner.account.lidMigration = 'migrated'
        const isTold = new Promise<void>((resolve) => {
          const stop = stack.simulator.onTrace(({ direction, node }) => {
            if (direction !== 'out' || child(node, 'props') === undefined) return
            stop()
            resolve()
          })
        })
        await stack.startDaemon()
        await inTime('the settings of the account', isTold)
        await stack.untilState('connected')
        sent.length = 0
        await stack.alice.sendText(OWNER, 'two')
        await stack.alice.waitForText('two')
        expect(repliesTo(stack.alice).map(({ attrs }) => serverOf(attrs.to))).toEqual(['lid'])
      })
    },
  )
})
