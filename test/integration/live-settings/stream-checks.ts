import { expect } from 'vitest'
import { OWNER } from '../../support/stack.ts'
import type { LiveCheck } from './check.ts'
import { withSlowAgent } from './slow-agent.ts'

/** How long replies go out while they are written, and what is answered at all. */
export const STREAM_CHECKS = {
  blockStreaming: {
    async seen(scene) {
      await withSlowAgent(async (agents) => {
        await scene.set({ ...agents, blockStreaming: true })
        expect(await scene.ask()).toHaveLength(1)
        await scene.set({ ...agents, blockStreaming: false })
        expect((await scene.ask()).length).toBeGreaterThan(1)
      })
    },
  },
  streaming: {
    members: [
      'chunkMode',
      'block.enabled',
      'block.coalesce.minChars',
      'block.coalesce.maxChars',
      'block.coalesce.idleMs',
    ],
    async seen(scene) {
      await withSlowAgent(async (agents) => {
        const asked = async (streaming: object) => {
          await scene.set({ ...agents, streaming })
          return (await scene.ask()).length
        }
        expect(await asked({ block: { enabled: false } })).toBe(1)
        expect(await asked({ block: { enabled: true } })).toBeGreaterThan(1)
        expect(await asked({ block: { coalesce: { minChars: 5_000 } } })).toBe(1)
        expect(await asked({ block: { coalesce: { idleMs: 0 } } })).toBe(1)
        expect(await asked({ block: { coalesce: { idleMs: 0, maxChars: 60 } } })).toBeGreaterThan(1)
      })
      await scene.set({ textChunkLimit: 100, streaming: { chunkMode: 'length' } })
      scene.say(`${'a '.repeat(20).trim()}\n\n${'b '.repeat(50).trim()}`)
      expect((await scene.ask()).map(({ text }) => text.length)).not.toEqual([39, 99])
    },
  },
  catchUp: {
    members: ['maxAgeMinutes'],
    async seen(scene) {
      const { stack } = scene
      const whileAway = async (maxAgeMinutes: number): Promise<string> => {
        await scene.set({ catchUp: { maxAgeMinutes } })
        const [companion] = stack.owner.companions
        const refusal = stack.simulator.faults.refuseUpgrade(503)
        await stack.accounts.reconnect('default')
        await companion?.whenDisconnected()
        const { id } = await stack.alice.sendText(OWNER, scene.question())
        refusal.clear()
        return id
      }
      const old = await whileAway(0)
      await stack.untilEvent('message.skipped', ({ messageId }) => messageId === old)
      const finished = stack.published('agent.turnFinished').length
      await whileAway(60)
      await stack.until('the answer', () => stack.published('agent.turnFinished').length > finished)
    },
  },
} satisfies Record<string, LiveCheck>
