import { expect } from 'vitest'
import { SENTENCES } from '../../../../src/conversations/notices/sentences.ts'
import { ALICE, MALLORY, OWNER } from '../../../support/stack.ts'
import type { LiveCheck } from '../check.ts'
import type { Scene } from '../scene.ts'

/** The agent `ada` of the scene with other settings. */
export async function setAda(
  scene: Scene,
  settings: Record<string, unknown>,
  allowFrom: string[] = [ALICE],
): Promise<void> {
  const { ada } = scene.server.agents('ada')
  await scene.set({ agents: { ada: { ...Object(ada), ...settings } }, defaultAgent: 'ada' }, allowFrom)
}

/** What every agent has: the pool and the chat commands read it, whatever connects the agent. */
export const SHARED_CHECKS = {
  timeoutSeconds: {
    async seen(scene) {
      scene.server.hold()
      await setAda(scene, { timeoutSeconds: 1 })
      expect((await scene.ask()).map(({ text }) => text)).toEqual([SENTENCES.failed])
      scene.server.release()
      await setAda(scene, { timeoutSeconds: 60 })
      expect((await scene.ask()).map(({ text }) => text)).toEqual(['the answer'])
    },
  },
  parallelTurns: {
    async seen(scene) {
      const people = [ALICE, MALLORY]
      await setAda(scene, { parallelTurns: 1 }, people)
      scene.server.hold()
      const before = scene.server.asked.length
      const asked = (): number => scene.server.asked.length - before
      await scene.stack.alice.sendText(OWNER, scene.question())
      await expect.poll(asked).toBe(1)
      const { id } = await scene.mallory.sendText(OWNER, scene.question())
      await scene.stack.untilEvent('message.received', ({ messageId }) => messageId === id)
      expect(asked()).toBe(1)
      await setAda(scene, { parallelTurns: 2 }, people)
      await expect.poll(asked).toBe(2)
      const finished = scene.stack.published('agent.turnFinished').length
      scene.server.release()
      await scene.stack.until(
        'both answers',
        () => scene.stack.published('agent.turnFinished').length >= finished + 2,
      )
    },
  },
  name: {
    async seen(scene) {
      await setAda(scene, { name: 'Countess Ada' })
      expect(await scene.command('/agents')).toContain('Countess Ada')
    },
  },
  models: {
    async seen(scene) {
      await setAda(scene, { models: [] })
      expect(await scene.command('/model small')).toContain('has no model')
      await setAda(scene, { models: ['small'] })
      await scene.command('/model small')
      await scene.ask()
      expect(scene.told.model).toBe('small')
      await scene.command('/model default')
      scene.server.models = ['gemma3:27b']
      await setAda(scene, { models: ['*'] })
      await expect.poll(() => scene.command('/models')).toContain('- gemma3:27b')
    },
  },
  favouriteModels: {
    async seen(scene) {
      await setAda(scene, { favouriteModels: ['tiny'] })
      expect(await scene.command('/modelfavs')).toContain('tiny')
    },
  },
} satisfies Record<string, LiveCheck>
