import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AcpFailures } from '../../../../../src/agents/connectors/acp/acp-failures.ts'
import { type AcpRun, AcpSupervisor } from '../../../../../src/agents/connectors/acp/acp-supervisor.ts'
import { AcpPlace, answerTo } from '../../../../support/acp-place.ts'

const OTHER = { sessionId: 'wa_2', conversationId: '2' }
const TIMINGS = { cancelTimeoutMs: 200, sessionTimeoutMs: 200 }

let place: AcpPlace
beforeEach(() => {
  place = new AcpPlace()
})
afterEach(() => place.remove())

const starts = (): number => place.scripted.calls('initialize').length
const isAsked = (times: number) => expect.poll(() => place.scripted.prompts().length).toBe(times)
/** The program is there and does nothing any more. */
const freeze = (): void => void process.kill(place.scripted.pid(), 'SIGSTOP')

describe('an agent that hangs', () => {
  it('while a large prompt is written to it is replaced, and its conversation goes on', async () => {
    const agent = place.impatient({}, TIMINGS)
    await answerTo(agent, { text: 'one' })
    freeze()
    const abort = new AbortController()
    const large = answerTo(agent, { text: 'x'.repeat(2_000_000) }, abort.signal)
    setTimeout(() => abort.abort(new Error('taken back')), 100)
    await expect(large).rejects.toThrow('taken back')
    expect(await answerTo(agent, { text: 'two' })).toBe('You said: two')
    expect(starts()).toBe(2)
  })

  it('without a prompt is replaced when it opens no session, and asked then', async () => {
    const agent = place.impatient({}, TIMINGS)
    await answerTo(agent, { text: 'one' })
    freeze()
    expect(await answerTo(agent, { ...OTHER, text: 'two' })).toBe('You said: two')
    expect(starts()).toBe(2)
  })

  it('without a prompt is replaced when it does not set the model', async () => {
    const agent = place.impatient({ models: ['Small', 'Large'] }, TIMINGS)
    await answerTo(agent, { text: 'one' })
    freeze()
    expect(await answerTo(agent, { model: 'Large', text: 'two' })).toBe('You said: two')
    expect(starts()).toBe(2)
  })

  it('while it takes up a session is replaced, and the session is not lost', async () => {
    const script = { does: 'remembers', abilities: { loadSession: true } }
    const memory = `${place.scripted.directory}/memory.json`
    await answerTo(place.agent({ ...script, memory }), { text: 'one' })
    await place.end()
    const agent = place.impatient({ ...script, memory }, TIMINGS)
    await agent.start(new AbortController().signal)
    freeze()
    expect(await answerTo(agent, { text: 'two' })).toBe('So far: one | two')
  })

  it('only while it takes up a session begins a new one', async () => {
    const script = { abilities: { loadSession: true } }
    await answerTo(place.agent(script), { text: 'one' })
    await place.end()
    const agent = place.impatient({ ...script, neverLoads: true }, TIMINGS)
    expect(await answerTo(agent, { text: 'two' })).toBe('You said: two')
  })
})

describe('an agent that goes on with a prompt that was cancelled', () => {
  it('is replaced as soon as it has no other prompt', async () => {
    const agent = place.impatient({ does: ['hangsForEver', 'hangs', 'answers'] }, TIMINGS)
    const [first, second] = [new AbortController(), new AbortController()]
    const one = answerTo(agent, { text: 'one' }, first.signal)
    await isAsked(1)
    const two = answerTo(agent, { ...OTHER, text: 'two' }, second.signal)
    await isAsked(2)
    first.abort(new Error('taken back'))
    await expect(one).rejects.toThrow('taken back')
    // Behind the one that was given up, in the same program.
    expect(await answerTo(agent, { text: 'three' })).toBe('You said: three')
    expect(starts()).toBe(1)
    second.abort(new Error('taken back'))
    await expect(two).rejects.toThrow('taken back')
    expect(await answerTo(agent, { ...OTHER, text: 'four' })).toBe('You said: four')
    expect(starts()).toBe(2)
  })

  it('is replaced once: the next run is left alone', async () => {
    const supervisor = new AcpSupervisor({
      // What is read of a run here.
      start: async () =>
        ({ process: { ended: new Promise(() => {}), stop: async () => {} } }) as unknown as AcpRun,
      failures: new AcpFailures('ada', 'scripted'),
    })
    const { signal } = new AbortController()
    const former = await supervisor.running(signal)
    supervisor.replace(former)
    const next = await supervisor.running(signal)
    supervisor.replace(former)
    expect(next).not.toBe(former)
    expect(await supervisor.running(signal)).toBe(next)
    await supervisor.stop()
  })
})
