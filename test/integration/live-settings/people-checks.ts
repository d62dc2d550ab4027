import { expect } from 'vitest'
import { sentencesIn } from '../../../src/conversations/notices/sentences-in.ts'
import { ALICE, MALLORY, OWNER } from '../../support/stack.ts'
import type { LiveCheck } from './check.ts'

/** Who may talk, and who answers them. */
export const PEOPLE_CHECKS = {
  enabled: {
    shownBy: {
      file: 'clock-and-pause.test.ts',
      title: 'is remembered over a restart: what was sent during it is kept, and never answered',
    },
  },
  dmPolicy: {
    async seen(scene) {
      await scene.set({ dmPolicy: 'open' }, ['*'])
      expect(await scene.ask({ from: scene.mallory })).toHaveLength(1)
      await scene.set({})
      expect(await scene.isAnswered(scene.mallory, () => scene.mallory.sendText(OWNER, 'and now?'))).toBe(
        false,
      )
      await scene.set({ dmPolicy: 'disabled' })
      const before = scene.stack.published('message.queued').length
      await scene.stack.alice.sendText(OWNER, 'and now?')
      await scene.stack.untilEvent('message.blocked', ({ reason }) => reason === 'policy_disabled')
      await scene.set({ dmPolicy: 'observe' })
      const heard = await scene.stack.alice.sendText(OWNER, 'do you hear me?')
      await scene.stack.untilEvent('message.received', ({ messageId }) => messageId === heard.id)
      await scene.set({ dmPolicy: 'pairing' })
      expect(scene.stack.published('message.queued')).toHaveLength(before)
      expect(await scene.command('may I?', scene.mallory)).toMatch(/[A-Z2-9]{4}-[A-Z2-9]{4}/)
      await scene.set({ dmPolicy: 'allowlist' })
      expect(await scene.ask()).toHaveLength(1)
    },
  },
  allowFrom: {
    async seen(scene) {
      await scene.set({}, [ALICE, MALLORY])
      expect(await scene.ask({ from: scene.mallory })).toHaveLength(1)
      await scene.set({}, [ALICE])
      expect(await scene.isAnswered(scene.mallory, () => scene.mallory.sendText(OWNER, 'and now?'))).toBe(
        false,
      )
    },
  },
  senders: {
    members: ['agent', 'name'],
    async seen(scene) {
      await scene.set({ senders: { [ALICE]: { agent: 'eve', name: 'Mrs Liddell' } } })
      await scene.ask()
      expect(scene.told.model).toBe('eve')
      expect(scene.told.text).toContain('Mrs Liddell')
    },
  },
  selfChatMode: {
    async seen(scene) {
      const { owner } = scene.stack
      await scene.set({ selfChatMode: false }, [ALICE, OWNER])
      expect(await scene.isAnswered(owner, () => owner.sendToSelf('a note'))).toBe(false)
      await scene.set({ selfChatMode: true }, [ALICE, OWNER])
      await owner.sendToSelf('a question')
      await owner.waitForText(({ text }) => text === 'the answer')
    },
  },
  agents: {
    async seen(scene) {
      await scene.set({ agents: { solo: { connector: 'echo' } }, defaultAgent: 'solo' })
      const text = scene.question()
      expect((await scene.ask({ text })).map((each) => each.text)).toEqual([text])
    },
  },
  defaultAgent: {
    async seen(scene) {
      await scene.set({ defaultAgent: 'eve' })
      await scene.ask()
      expect(scene.told.model).toBe('eve')
    },
  },
  stickyTtlMinutes: {
    async seen(scene) {
      await scene.set({ stickyTtlMinutes: 0 })
      await scene.ask({ text: '@eve hello' })
      await scene.ask()
      expect(scene.told.model).toBe('ada')
      await scene.set({ stickyTtlMinutes: 30 })
      await scene.ask({ text: '@eve hello again' })
      await scene.ask()
      expect(scene.told.model).toBe('eve')
      await scene.command('/agent default')
    },
  },
  commands: {
    members: ['enabled', 'owners'],
    async seen(scene) {
      await scene.set({ commands: { enabled: false } })
      expect((await scene.ask({ text: '/agents' })).map(({ text }) => text)).toEqual(['the answer'])
      await scene.set({ commands: { owners: [ALICE] } })
      await scene.command('/pause')
      await scene.command('/resume')
      expect(await scene.ask()).toHaveLength(1)
    },
  },
  language: {
    async seen(scene) {
      await scene.set({ language: 'es' })
      expect(await scene.command('/agents')).toContain(sentencesIn('es').agentsHeading)
    },
  },
} satisfies Record<string, LiveCheck>
