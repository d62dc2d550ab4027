import { expect } from 'vitest'
import { ScriptedAcp } from '../../support/scripted-acp.ts'
import { describeConnector } from './connector-contract.ts'

let agents: ScriptedAcp

describeConnector('acp', {
  behaviours: ['answers', 'talks', 'hangs', 'refuses', 'breaks', 'floods', 'babbles'],
  start: async () => {
    agents = new ScriptedAcp()
  },
  stop: async () => agents.remove(),
  settings: (behaviour) => agents.settings({ does: behaviour }, behaviour),
  released: async (behaviour) => {
    const isReleased = (): boolean => agents.notes(behaviour).some(({ released }) => released !== undefined)
    await expect.poll(isReleased).toBe(true)
  },
  env: { AGENT_KEY: 'sk-4711-of-the-agent' },
  secret: 'sk-4711-of-the-agent',
})
