import { expect } from 'vitest'
import { isAlive } from '../../support/is-alive.ts'
import { ScriptedAcp } from '../../support/scripted-acp.ts'
import { allShown, type Behaviour, describeConnector } from './connector-contract.ts'

let agents: ScriptedAcp

const SCRIPTS: Readonly<Record<Behaviour, Record<string, unknown>>> = {
  answers: { does: 'answers' },
  talks: { does: 'talks' },
  hangs: { does: 'hangs' },
  refuses: { does: 'refuses' },
  breaks: { does: 'breaks' },
  floods: { does: 'floods' },
  'never ends': { does: 'floods' },
  babbles: { does: 'babbles' },
  'says nothing': { does: 'isSilent' },
  'comes back': { does: ['breaks', 'answers'] },
  'starts slowly': { start: 'isSlow' },
}

/** As the name of a file. */
function nameOf(behaviour: Behaviour): string {
  return behaviour.replaceAll(' ', '-')
}

describeConnector('acp', {
  behaviours: allShown(SCRIPTS),
  start: async () => {
    agents = new ScriptedAcp()
  },
  stop: async () => agents.remove(),
  settings: (behaviour) => {
    // It counts what each agent was asked.
    if (behaviour === 'comes back') agents.forget(nameOf(behaviour))
    return agents.settings(SCRIPTS[behaviour], nameOf(behaviour))
  },
  released: async (behaviour) => {
    const notes = agents.notes(nameOf(behaviour))
    // One that is ended by force, in the middle of a write, notes nothing.
    const isEnded = (): boolean => notes.every(({ pid }) => typeof pid !== 'number' || !isAlive(pid))
    const isReleased = (): boolean =>
      isEnded() || agents.notes(nameOf(behaviour)).some(({ released }) => released !== undefined)
    await expect.poll(isReleased).toBe(true)
  },
  env: { AGENT_KEY: 'sk-4711-of-the-agent' },
  secret: 'sk-4711-of-the-agent',
})
