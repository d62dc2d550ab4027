import { expect } from 'vitest'
import { ALICE, MALLORY, OWNER } from '../../support/stack.ts'
import type { LiveCheck } from './check.ts'
import type { Scene } from './scene.ts'

/** Whether this phone gets an answer in the group. */
const hears = (scene: Scene, from = scene.stack.alice, mention = true): Promise<boolean> =>
  scene.isAnswered(from, () =>
    from.sendGroupText(
      scene.family,
      scene.question(),
      mention ? { mention: scene.stack.owner.phoneNumber } : {},
    ),
  )

/** What happens in groups, and what the assistants are told of a chat. */
export const GROUP_CHECKS = {
  groupPolicy: {
    async seen(scene) {
      await scene.set({ groupPolicy: 'disabled' })
      expect(await hears(scene)).toBe(false)
      const heard = scene.stack.published('message.received').length
      await scene.set({ groupPolicy: 'observe' })
      const text = scene.question()
      await scene.stack.alice.sendGroupText(scene.family, text, { mention: OWNER })
      await scene.stack.until('it is heard', () => scene.stack.published('message.received').length > heard)
      await scene.set({ groupPolicy: 'open', groupAllowFrom: [] })
      expect(await scene.ask({ from: scene.mallory, group: true, mention: true })).toHaveLength(1)
      expect(scene.stack.alice.received.some(({ quote }) => quote?.text === text)).toBe(false)
      await scene.set({})
      expect(await scene.ask({ group: true, mention: true })).toHaveLength(1)
    },
  },
  groupAllowFrom: {
    async seen(scene) {
      await scene.set({ groupAllowFrom: [MALLORY] })
      expect(await hears(scene)).toBe(false)
      await scene.set({ groupAllowFrom: [ALICE] })
      expect(await hears(scene)).toBe(true)
    },
  },
  groups: {
    members: ['enabled', 'allowFrom', 'requireMention', 'agent', 'systemPrompt', 'historyLimit'],
    async seen(scene) {
      const { jid } = scene.family
      const withRule = (rule: object) => scene.set({ groups: { [jid]: rule } })
      await withRule({ enabled: false })
      expect(await hears(scene)).toBe(false)
      await withRule({ allowFrom: [MALLORY] })
      expect(await hears(scene)).toBe(false)
      await withRule({ requireMention: false })
      expect(await hears(scene, scene.stack.alice, false)).toBe(true)
      const earlier = scene.question()
      await scene.ask({ group: true, mention: true, text: earlier })
      await withRule({ agent: 'eve', systemPrompt: 'Be brief in the family.', historyLimit: 0 })
      await scene.ask({ group: true, mention: true })
      expect(scene.told).toMatchObject({ model: 'eve', system: 'Be brief in the family.' })
      expect(scene.told.text).not.toContain(earlier)
      expect(scene.told.text).toContain('Family')
    },
  },
  historyLimit: {
    async seen(scene) {
      const earlier = scene.question()
      await scene.set({ historyLimit: 0 })
      await scene.ask({ group: true, mention: true, text: earlier })
      await scene.ask({ group: true, mention: true })
      expect(scene.told.text).not.toContain(earlier)
      await scene.set({ historyLimit: 10 })
      await scene.ask({ group: true, mention: true })
      expect(scene.told.text).toContain(earlier)
    },
  },
  mentionPatterns: {
    async seen(scene) {
      expect(await hears(scene, scene.stack.alice, false)).toBe(false)
      await scene.set({ mentionPatterns: ['Computer', '/^bot[,:]/i'] })
      for (const text of ['computer, are you there?', 'BOT: are you there?'])
        expect(await scene.ask({ group: true, text })).toHaveLength(1)
      await scene.stack.alice.sendMessage(scene.family, {
        documentMessage: { fileName: 'plan.pdf', caption: 'Computer, read this' },
      })
      await scene.stack.alice.waitForText(({ quote }) => quote?.text.includes('read this') === true)
      await scene.set({ mentionPatterns: { mode: 'deny' } })
      expect(
        await scene.isAnswered(scene.stack.alice, () =>
          scene.stack.alice.sendGroupText(scene.family, 'computer, and now?'),
        ),
      ).toBe(false)
    },
  },
  direct: {
    members: ['systemPrompt'],
    async seen(scene) {
      await scene.set({ direct: { [ALICE]: { systemPrompt: 'Alice is new here.' } } })
      await scene.ask()
      expect(scene.told.system).toBe('Alice is new here.')
      await scene.set({})
      await scene.ask()
      expect(scene.told.system).toBe('')
    },
  },
} satisfies Record<string, LiveCheck>
