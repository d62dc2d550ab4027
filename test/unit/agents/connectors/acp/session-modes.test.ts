import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { modeChange } from '../../../../../src/agents/connectors/acp/session-modes.ts'
import { AcpPlace, answerTo } from '../../../../support/acp-place.ts'

/** As agents offer them. */
function modes(currentModeId: string, ...ids: string[]): Record<string, unknown> {
  return { currentModeId, availableModes: ids.map((id) => ({ id, name: id })) }
}
const CLAUDE = modes('auto', 'default', 'acceptEdits', 'plan', 'auto')
const CODEX = modes('agent', 'read-only', 'agent', 'agent-full-access')
const OPENCODE = modes('build', 'build', 'plan')

describe('the mode of a session', () => {
  it.each([
    { agent: 'Claude', answer: { modes: CLAUDE }, wanted: null, mode: 'default' },
    { agent: 'Codex', answer: { modes: CODEX }, wanted: null, mode: 'read-only' },
    { agent: 'Gemini', answer: { modes: modes('default', 'default', 'yolo') }, wanted: null, mode: null },
    { agent: 'OpenCode', answer: { modes: OPENCODE }, wanted: null, mode: null },
    { agent: 'OpenCode', answer: { modes: OPENCODE }, wanted: 'plan', mode: 'plan' },
    { agent: 'Claude', answer: { modes: CLAUDE }, wanted: 'auto', mode: null },
    { agent: 'one without modes', answer: {}, wanted: null, mode: null },
    { agent: 'one that says nonsense', answer: { modes: { availableModes: 'x' } }, wanted: null, mode: null },
  ])('of $agent becomes $mode where $wanted is set', ({ answer, wanted, mode }) => {
    const change = mode === null ? null : { method: 'session/set_mode', params: { modeId: mode } }
    expect(modeChange(answer, wanted)).toEqual(change)
  })

  it('is changed by a setting of the session where the agent has no other way', () => {
    const option = {
      id: 'm',
      category: 'mode',
      currentValue: 'auto',
      options: [{ group: 'all', options: [{ value: 'auto' }, { value: 'ask', name: 'Ask' }] }],
    }
    expect(modeChange({ configOptions: [option] }, null)).toEqual({
      method: 'session/set_config_option',
      params: { configId: 'm', value: 'ask' },
    })
  })

  it.each([{ modes: CLAUDE }, {}])('that is set and not offered is told', (answer) => {
    expect(modeChange(answer, 'yolo')).toBe('unknown')
  })
})

describe('an agent that begins in a mode in which it asks nobody', () => {
  let place: AcpPlace
  beforeEach(() => {
    place = new AcpPlace()
  })
  afterEach(() => place.remove())

  const changes = (): unknown[] => place.scripted.calls('session/set_mode').map(({ modeId }) => modeId)

  it('is changed before it is asked anything, also after a restart', async () => {
    const script = {
      modes: CLAUDE,
      abilities: { loadSession: true },
      memory: `${place.scripted.directory}/memory.json`,
    }
    await answerTo(place.agent(script))
    await place.end()
    await answerTo(place.agent(script))
    expect(place.scripted.calls('session/load')).toHaveLength(1)
    expect(changes()).toEqual(['default', 'default'])
    const methods = place.scripted.notes().map(({ method }) => method)
    expect(methods.indexOf('session/set_mode')).toBeLessThan(methods.indexOf('session/prompt'))
  })

  it('is not asked where it keeps that mode', async () => {
    await expect(answerTo(place.agent({ modes: CLAUDE, keepsMode: true }))).rejects.toMatchObject({
      code: 'server_error',
    })
    expect(place.scripted.prompts()).toEqual([])
  })

  it('is told by name where the mode of the setting is not there', async () => {
    const agent = place.agent({ modes: CLAUDE }, { agentMode: 'yolo' })
    const failure = { code: 'misconfigured', action: expect.stringContaining('agents.ada.agentMode') }
    await expect(answerTo(agent)).rejects.toMatchObject(failure)
  })
})
