import { expect } from 'vitest'
import { ALICE, OWNER } from '../../support/stack.ts'
import type { LiveCheck } from './check.ts'

const MINUTE_MS = 60_000

/** Who answers while the owner is at the phone. */
export const TAKEOVER_CHECKS = {
  takeover: {
    members: ['onPhoneReply', 'minutes', 'groups', 'answerMissed'],
    async seen(scene) {
      const { stack, family } = scene
      const { owner, alice } = stack
      // Other chats may have been taken over before.
      const before = stack.account().takenOver ?? 0
      const takenOver = (count: number) =>
        stack.until('the takeover', () => stack.account().takenOver === before + count)
      const client = await stack.client()
      const lengthMs = async (): Promise<number> => {
        const { conversation } = await client.request('conversations.get', { conversation: ALICE })
        const { since, until } = conversation.assistant
        return Date.parse(until ?? '') - Date.parse(since ?? '')
      }
      await scene.set({ takeover: { onPhoneReply: false } })
      await owner.sendText(ALICE, 'by hand')
      await alice.waitForText('by hand')
      expect((await scene.ask()).at(-1)?.text).toBe('the answer')
      await scene.set({ takeover: { minutes: 30 } })
      await owner.sendText(ALICE, 'by hand again')
      await takenOver(1)
      expect(await lengthMs()).toBe(30 * MINUTE_MS)
      // Also of a chat that is taken over already.
      await scene.set({ takeover: { minutes: 90 } })
      expect(await lengthMs()).toBe(90 * MINUTE_MS)
      await scene.set({ takeover: { groups: true } })
      await owner.sendGroupText(family, 'by hand to all')
      await takenOver(2)
      await owner.sendGroupText(family, '/resume')
      await takenOver(1)
      await scene.set({ takeover: { answerMissed: true } })
      const [missed, mark] = [scene.question(), alice.received.length]
      await alice.sendText(OWNER, missed)
      await stack.untilEvent('message.skipped', ({ reason }) => reason === 'taken_over')
      await owner.sendText(ALICE, '/resume')
      await alice.waitForText(
        (message) => message.text === 'the answer' && alice.received.indexOf(message) >= mark,
      )
      expect(scene.told.text).toContain(missed)
      await takenOver(0)
      client.close()
    },
  },
} satisfies Record<string, LiveCheck>
