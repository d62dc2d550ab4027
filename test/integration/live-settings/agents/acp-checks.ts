import { realpathSync } from 'node:fs'
import { expect } from 'vitest'
import { ScriptedAcp } from '../../../support/scripted-acp.ts'
import type { LiveCheck } from '../check.ts'
import type { Scene } from '../scene.ts'

type Ask = (settings?: Record<string, unknown>, script?: Record<string, unknown>) => Promise<string>

async function withAgent(scene: Scene, use: (ask: Ask, agents: ScriptedAcp) => Promise<void>): Promise<void> {
  const agents = new ScriptedAcp()
  try {
    await use(async (settings = {}, script = {}) => {
      const own = { ...agents.settings(script), environment: {}, ...settings }
      await scene.set({ agents: { coder: { connector: 'acp', ...own } }, defaultAgent: 'coder' })
      return (await scene.ask()).map(({ text }) => text).join('\n')
    }, agents)
  } finally {
    await scene.set({})
    agents.remove()
  }
}

const MODES = {
  currentModeId: 'code',
  availableModes: ['code', 'plan'].map((id) => ({ id, name: id })),
}

/** What an agent of the Agent Client Protocol sees of its settings. */
export const ACP_CHECKS = {
  program: {
    async seen(scene) {
      await withAgent(scene, async (ask) => {
        expect(await ask({ program: '/nonexistent/agent' })).not.toContain('You said: ')
        expect(await ask()).toContain('You said: ')
      })
    },
  },
  args: {
    async seen(scene) {
      await withAgent(scene, async (ask) => {
        expect(await ask()).toContain('You said: ')
        expect(await ask({}, { does: 'remembers' })).toContain('So far: ')
      })
    },
  },
  environment: {
    async seen(scene) {
      await withAgent(scene, async (ask, agents) => {
        await ask({ environment: { COLOUR: 'blue' } })
        expect(agents.notes().findLast(({ environment }) => environment)?.['environment']).toContain('COLOUR')
        await ask()
        expect(agents.notes().findLast(({ environment }) => environment)?.['environment']).not.toContain(
          'COLOUR',
        )
      })
    },
  },
  workingDirectory: {
    async seen(scene) {
      await withAgent(scene, async (ask, agents) => {
        await ask({ workingDirectory: undefined })
        const used = (): unknown => agents.notes().findLast(({ directory }) => directory)?.['directory']
        expect(used()).not.toBe(realpathSync(agents.directory))
        await ask()
        expect(used()).toBe(realpathSync(agents.directory))
      })
    },
  },
  permissions: {
    async seen(scene) {
      await withAgent(scene, async (ask) => {
        expect(await ask({ permissions: 'reject' }, { does: 'asks' })).toBe('outcome id-reject_once')
        const permissions = { allow: ['delete'] }
        expect(await ask({ permissions }, { does: 'asks' })).toBe('outcome id-allow_once')
      })
    },
  },
  agentMode: {
    async seen(scene) {
      await withAgent(scene, async (ask, agents) => {
        await ask({ agentMode: 'plan' }, { modes: MODES })
        expect(agents.calls('session/set_mode').at(-1)).toMatchObject({ modeId: 'plan' })
      })
    },
  },
  systemPrompt: {
    async seen(scene) {
      await withAgent(scene, async (ask, agents) => {
        await ask({ systemPrompt: 'Be brief.' })
        expect(agents.prompts().at(-1)).toContain('Be brief.')
      })
    },
  },
  model: {
    async seen(scene) {
      await withAgent(scene, async (ask, agents) => {
        await ask({ model: 'large' }, { models: ['small', 'large'] })
        expect(agents.calls('session/set_config_option').at(-1)).toMatchObject({ value: 'id-large' })
      })
    },
  },
} satisfies Record<string, LiveCheck>
