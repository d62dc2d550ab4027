import { expect } from 'vitest'
import { ALICE, MALLORY, OWNER } from '../../support/stack.ts'
import type { LiveCheck } from './check.ts'
import type { Scene } from './scene.ts'

const NEWCOMER = '+15550000044'
const PARAGRAPHS = `${'a '.repeat(20).trim()}\n\n${'b '.repeat(50).trim()}`

const lengths = async (scene: Scene, answer = PARAGRAPHS): Promise<number[]> => {
  scene.say(answer)
  return (await scene.ask()).map(({ text }) => text.length)
}

/** What answers look like, and what goes with them. */
export const REPLY_CHECKS = {
  contactFields: {
    shownBy: {
      file: 'contact-fields.test.ts',
      title: 'are declared by the config while the daemon runs',
    },
  },
  sendReadReceipts: {
    async seen(scene) {
      const { alice } = scene.stack
      const isRead = (): number => alice.receipts.filter(({ type }) => type === 'read').length
      await scene.set({ sendReadReceipts: false })
      const before = isRead()
      await scene.ask()
      await scene.set({ sendReadReceipts: true })
      const { id } = await alice.sendText(OWNER, 'did you read it?')
      await alice.waitForReceipt(({ type, messageId }) => type === 'read' && messageId === id)
      expect(isRead()).toBe(before + 1)
    },
  },
  typing: {
    async seen(scene) {
      const { alice, owner } = scene.stack
      const [companion] = owner.companions
      await scene.set({ typing: false })
      const before = alice.typing.length
      await scene.ask()
      expect(alice.typing).toHaveLength(before)
      await scene.set({ typing: true })
      scene.server.hold()
      const asked = scene.ask()
      const states = (): string =>
        alice.typing
          .slice(before)
          .map(({ isTyping }) => (isTyping ? 'on' : 'off'))
          .join()
      await expect.poll(states).toBe('on')
      expect(companion?.isAvailable).toBe(true)
      scene.server.release()
      await asked
      await expect.poll(states).toBe('on,off')
      // The owner's phone rings again.
      await expect.poll(() => companion?.isAvailable).toBe(false)
    },
  },
  ackReaction: {
    members: ['emoji', 'direct', 'group', 'removeAfterReply'],
    async seen(scene) {
      const { alice } = scene.stack
      const seen = (id: string, emoji: string) =>
        alice.waitForText(({ reaction }) => reaction?.id === id && reaction.emoji === emoji)
      await scene.set({ ackReaction: { emoji: 'eyes', removeAfterReply: true } })
      const { id } = await alice.sendText(OWNER, 'hello')
      await seen(id, '👀')
      await seen(id, '')
      await scene.set({ ackReaction: { emoji: '✅', direct: false, group: 'mentions' } })
      const mark = alice.received.length
      await scene.ask()
      expect(alice.received.slice(mark).some(({ reaction }) => reaction !== undefined)).toBe(false)
      const asked = await alice.sendGroupText(scene.family, 'you there?', { mention: OWNER })
      await seen(asked.id, '✅')
    },
  },
  messagePrefix: {
    async seen(scene) {
      await scene.set({ messagePrefix: '🤖 ' })
      expect((await scene.ask())[0]?.text).toBe('🤖 the answer')
    },
  },
  responsePrefix: {
    async seen(scene) {
      await scene.set({ responsePrefix: 'Ada: ' })
      expect((await scene.ask())[0]?.text).toBe('Ada: the answer')
    },
  },
  textChunkLimit: {
    async seen(scene) {
      await scene.set({ textChunkLimit: 100 })
      expect(await lengths(scene, 'word '.repeat(30).trim())).toHaveLength(2)
    },
  },
  chunkMode: {
    async seen(scene) {
      await scene.set({ textChunkLimit: 100, chunkMode: 'length' })
      expect(await lengths(scene)).not.toEqual([39, 99])
      await scene.set({ textChunkLimit: 100, chunkMode: 'newline' })
      expect(await lengths(scene)).toEqual([39, 99])
    },
  },
  markdown: {
    members: ['tables'],
    async seen(scene) {
      scene.say('| a | b |\n|---|--:|\n| 1 | 22 |')
      expect((await scene.ask())[0]?.text).toBe('*a: 1*\n- b: 22')
      await scene.set({ markdown: { tables: 'code' } })
      expect((await scene.ask())[0]?.text).toBe('```\na |  b\n--+---\n1 | 22\n```')
      await scene.set({ markdown: { tables: 'off' } })
      expect((await scene.ask())[0]?.text).toBe('| a | b |\n|---|--:|\n| 1 | 22 |')
    },
  },
  redactOutgoing: {
    async seen(scene) {
      const { stateDir } = scene.stack
      const said = `I looked into ${stateDir}/accounts, and into /etc/hosts.`
      scene.say(said)
      expect((await scene.ask())[0]?.text).toBe('I looked into [removed]/accounts, and into /etc/hosts.')
      expect(scene.stack.account().redactions).toBe(1)
      await scene.set({ redactOutgoing: false })
      expect((await scene.ask())[0]?.text).toBe(said)
    },
  },
  debounceMs: {
    async seen(scene) {
      const { alice } = scene.stack
      await scene.set({ debounceMs: 300 })
      const [first, second] = [scene.question(), scene.question()]
      await alice.sendText(OWNER, first)
      await scene.ask({ text: second })
      expect(scene.told.text).toContain(`${first}\n\n${second}`)
    },
  },
  dmHistoryLimit: {
    async seen(scene) {
      const earlier = scene.question()
      await scene.ask({ text: earlier })
      await scene.set({ dmHistoryLimit: 0 })
      await scene.ask()
      expect(scene.told.text).not.toContain(earlier)
      await scene.set({ dmHistoryLimit: 20 })
      await scene.ask()
      expect(scene.told.text).toContain(earlier)
    },
  },
  dms: {
    members: ['historyLimit'],
    async seen(scene) {
      const earlier = scene.question()
      await scene.ask({ text: earlier })
      await scene.set({ dms: { [ALICE]: { historyLimit: 0 } } })
      await scene.ask()
      expect(scene.told.text).not.toContain(earlier)
      await scene.set({ dms: { [ALICE]: { historyLimit: 20 } } })
      await scene.ask()
      expect(scene.told.text).toContain(earlier)
    },
  },
  historyChars: {
    async seen(scene) {
      const earlier = scene.question()
      await scene.ask({ text: earlier })
      await scene.set({ historyChars: 0 })
      await scene.ask()
      expect(scene.told.text).not.toContain(earlier)
    },
  },
  replyToMode: {
    async seen(scene) {
      expect((await scene.ask())[0]?.quote).toBeUndefined()
      await scene.set({ replyToMode: 'all', textChunkLimit: 100 })
      scene.say(PARAGRAPHS)
      const text = scene.question()
      expect((await scene.ask({ text })).map(({ quote }) => quote?.text)).toEqual([text, text])
      await scene.set({ replyToMode: 'off' })
      expect((await scene.ask({ group: true, mention: true }))[0]?.quote).toBeUndefined()
    },
  },
  waitingLine: {
    members: ['afterSeconds', 'text'],
    async seen(scene) {
      scene.server.hold()
      const asked = scene.ask()
      await scene.stack.untilEvent('agent.turnStarted')
      await scene.set({ waitingLine: { afterSeconds: 1, text: 'One moment, please.' } })
      await scene.stack.alice.waitForText('One moment, please.')
      scene.server.release()
      expect((await asked).map(({ text }) => text)).toEqual(['One moment, please.', 'the answer'])
    },
  },
  pace: {
    members: ['perMinute', 'perHour', 'firstContactsPerDay'],
    async seen(scene) {
      await scene.set({ pace: { perMinute: 1, perHour: 1 } })
      for (let times = 0; times < 2; times += 1) await scene.stack.alice.sendText(OWNER, scene.question())
      const client = await scene.stack.client()
      await expect
        .poll(async () => (await client.request('outbox.list', {})).messages[0]?.waitsFor)
        .toBe('pace')
      client.close()
      const mark = scene.stack.alice.received.length
      await scene.set({})
      await scene.stack.alice.waitForText(
        ({ text }) => text === 'the answer' && scene.stack.alice.received.length > mark,
      )
      // Nobody has written to them before.
      const newcomer = scene.stack.createPhone(NEWCOMER, 'Newcomer')
      const request = { to: NEWCOMER, text: 'for the first time' }
      await scene.set({ pace: { perMinute: 60_000, perHour: 600_000, firstContactsPerDay: 0 } }, [
        ALICE,
        NEWCOMER,
      ])
      await expect(scene.send(request)).rejects.toMatchObject({ code: 'first_contacts_exhausted' })
      await scene.set({}, [ALICE, NEWCOMER])
      await scene.send(request)
      await newcomer.waitForText('for the first time')
    },
  },
  sendToAnyone: {
    async seen(scene) {
      const request = { to: MALLORY, text: 'whom nobody allows', force: true }
      await expect(scene.send(request)).rejects.toMatchObject({ code: 'recipient_not_allowed' })
      await scene.set({ sendToAnyone: true })
      await scene.send(request)
      await scene.mallory.waitForText('whom nobody allows')
    },
  },
} satisfies Record<string, LiveCheck>
