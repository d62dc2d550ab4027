import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HistoryMessage, Turn } from '../../../../../src/agents/agent.ts'
import { AcpPlace, answerTo } from '../../../../support/acp-place.ts'
import { turnMessageOf } from '../../../../support/turn-of.ts'

let place: AcpPlace
beforeEach(() => {
  place = new AcpPlace()
})
afterEach(() => place.remove())

const REMEMBERS = { does: 'remembers' }
const EARLIER: HistoryMessage = { from: 'person', text: 'I am called Ann', at: new Date(1_000) }

/** Another agent of the same entry: after a restart. */
async function again(script: Record<string, unknown>): Promise<string> {
  await place.end()
  return answerTo(
    place.agent(script),
    askedAt(3_000, { text: 'third', history: [EARLIER, said('second', 2_000)] }),
  )
}

function said(text: string, at: number): HistoryMessage {
  return { from: 'person', text, at: new Date(at) }
}

function askedAt(at: number, { text = '', ...more }: Partial<Turn> & { text?: string }): Partial<Turn> {
  return { messages: [turnMessageOf({ text, sentAt: new Date(at) })], ...more }
}

function memory(): string {
  return `${place.scripted.directory}/memory.json`
}

describe('a session', () => {
  it('is one for each conversation, and remembers what was said in it', async () => {
    const agent = place.agent(REMEMBERS)
    await answerTo(agent, { text: 'one' })
    expect(await answerTo(agent, { text: 'two' })).toBe('So far: one | two')
    expect(await answerTo(agent, { text: 'three', sessionId: 'wa_2', conversationId: '2' })).toBe(
      'So far: three',
    )
    expect(await answerTo(agent, { text: 'four', sessionId: 'wa_15550001111_2' })).toBe('So far: four')
  })

  it('is never that of the number’s former owner', async () => {
    const agent = place.agent(REMEMBERS)
    await answerTo(agent, { text: 'one' })
    expect(await answerTo(agent, { text: 'two', conversationId: '9' })).toBe('So far: two')
  })

  it('takes one prompt after the other, while other sessions take theirs', async () => {
    const agent = place.agent({ does: ['hangs', 'answers'] })
    const abort = new AbortController()
    const first = answerTo(agent, { text: 'first' }, abort.signal)
    await expect.poll(() => place.scripted.prompts().length).toBe(1)
    const second = answerTo(agent, { text: 'second' })
    expect(await answerTo(agent, { text: 'other', sessionId: 'wa_2' })).toBe('You said: other')
    expect(place.scripted.prompts()).toHaveLength(2)
    abort.abort(new Error('taken back'))
    await expect(first).rejects.toThrow('taken back')
    expect(await second).toBe('You said: second')
  })

  it('begins with what was said before, and later hears only what it missed', async () => {
    const agent = place.agent(REMEMBERS)
    await answerTo(agent, askedAt(2_000, { text: 'one', history: [EARLIER] }))
    const history: HistoryMessage[] = [
      EARLIER,
      said('one', 2_000),
      { from: 'assistant', text: 'its own answer', at: new Date(2_100) },
      { from: 'owner', text: 'by hand', at: new Date(2_500) },
      { from: 'assistant', text: 'the answer of another agent', at: new Date(2_600) },
    ]
    await answerTo(agent, askedAt(3_000, { text: 'two', history }))
    const [first = '', second = ''] = place.scripted.prompts()
    expect(first).toContain('the person: "I am called Ann"')
    expect(second).not.toContain('I am called Ann')
    expect(second).not.toContain('its own answer')
    expect(second).toContain('the owner of this WhatsApp account, by hand: "by hand"')
    expect(second).toContain('the answer of another agent')
  })

  it.each([
    { how: 'session/resume', abilities: { loadSession: true, sessionCapabilities: { resume: {} } } },
    { how: 'session/load', abilities: { loadSession: true } },
    {
      how: 'session/load',
      abilities: { loadSession: true, sessionCapabilities: { resume: {} } },
      cannotResume: true,
    },
  ])(
    'is taken up by $how after a restart, and nothing that is told again is an answer',
    async ({ how, abilities, cannotResume }) => {
      const script = { ...REMEMBERS, abilities, cannotResume, memory: memory() }
      await answerTo(place.agent(script), askedAt(2_000, { text: 'second', history: [EARLIER] }))
      expect(await again(script)).toBe('So far: second | third')
      expect(place.scripted.calls(how)).toHaveLength(1)
      expect(place.scripted.prompts().at(-1)).not.toContain('I am called Ann')
    },
  )

  it('begins anew with the history where the agent can take up none', async () => {
    const script = { ...REMEMBERS, memory: memory() }
    await answerTo(place.agent(script), askedAt(2_000, { text: 'second', history: [EARLIER] }))
    expect(await again(script)).toBe('So far: third')
    expect(place.scripted.prompts().at(-1)).toContain('I am called Ann')
  })

  it('begins anew with the history where the agent has lost it', async () => {
    const script = { ...REMEMBERS, abilities: { loadSession: true } }
    await answerTo(place.agent(script), askedAt(2_000, { text: 'second', history: [EARLIER] }))
    expect(await again(script)).toBe('So far: third')
    expect(place.scripted.prompts().at(-1)).toContain('I am called Ann')
  })

  it('that the agent forgot in the middle begins anew at once', async () => {
    const agent = place.agent({ does: ['answers', 'forgets', 'answers'] })
    await answerTo(agent, { text: 'one' })
    expect(await answerTo(agent, askedAt(2_000, { text: 'two', history: [EARLIER] }))).toBe('You said: two')
    expect(place.scripted.calls('session/new')).toHaveLength(2)
    expect(place.scripted.prompts().at(-1)).toContain('I am called Ann')
  })

  it('that does not let go of a prompt is given up, and with it the program that does nothing else', async () => {
    const agent = place.impatient({ does: ['hangsForEver', 'answers'] }, { cancelTimeoutMs: 200 })
    const abort = new AbortController()
    const first = answerTo(agent, { text: 'one' }, abort.signal)
    await expect.poll(() => place.scripted.prompts().length).toBe(1)
    abort.abort(new Error('taken back'))
    await expect(first).rejects.toThrow('taken back')
    expect(await answerTo(agent, { text: 'two' })).toBe('You said: two')
    expect(place.scripted.calls('initialize')).toHaveLength(2)
  })

  it('is closed for another when there are too many, where the agent can', async () => {
    const agent = place.agent({ abilities: { sessionCapabilities: { close: {} } } })
    for (let person = 0; person < 51; person += 1)
      await answerTo(agent, { sessionId: `wa_${person}`, conversationId: String(person) })
    const [closed, ...others] = place.scripted.calls('session/close')
    expect(others).toEqual([])
    expect(closed?.['sessionId']).toMatch(/-1$/)
  })
})

describe('the instructions', () => {
  it('are told at the beginning of a session, and again when they change or end', async () => {
    const agent = place.agent({})
    await answerTo(agent, { instructions: 'Be brief.' })
    await answerTo(agent, { instructions: 'Be brief.' })
    await answerTo(agent, { instructions: 'Answer in rhymes.' })
    await answerTo(agent)
    await answerTo(agent)
    const told = place.scripted
      .prompts()
      .map((text) => /instructions of your operator\]\n(.*)\n/.exec(text)?.[1] ?? null)
    expect(told).toEqual([
      'Be brief.',
      null,
      'Answer in rhymes.',
      'Earlier instructions of your operator hold no longer.',
      null,
    ])
  })

  it('are those of the agent and those of the chat', async () => {
    await answerTo(place.agent({}, { systemPrompt: 'Be brief.' }), { instructions: 'Answer in rhymes.' })
    expect(place.scripted.prompts()[0]).toContain('operator]\nBe brief.\n\nAnswer in rhymes.\n[/turn T]')
  })
})

describe('the model', () => {
  const models = ['Small', 'Large']
  const chosen = (): unknown[] => place.scripted.calls('session/set_config_option').map(({ value }) => value)

  it('is the one that the person chose, and the agent’s own when they take that back', async () => {
    const agent = place.agent({ models })
    await answerTo(agent)
    await answerTo(agent, { model: 'large' })
    await answerTo(agent, { model: 'large' })
    await answerTo(agent)
    expect(chosen()).toEqual(['id-Large', 'id-Small'])
  })

  it('is that of the setting where nobody chose one', async () => {
    await answerTo(place.agent({ models }, { model: 'Large' }))
    expect(chosen()).toEqual(['id-Large'])
  })

  it.each([{ models }, {}])('that is not offered is a failure by name', async (script) => {
    const failure = { code: 'not_found', action: expect.stringContaining('agents.ada.models') }
    await expect(answerTo(place.agent(script), { model: 'Huge' })).rejects.toMatchObject(failure)
  })
})
