import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AcpFailures } from '../../../../../src/agents/connectors/acp/acp-failures.ts'
import { type AcpRun, AcpSupervisor } from '../../../../../src/agents/connectors/acp/acp-supervisor.ts'
import { AcpPlace, answerTo } from '../../../../support/acp-place.ts'
import { isAlive } from '../../../../support/is-alive.ts'

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

  // Where somebody always asks it something, it never rested, and prompts that nobody waited for piled up in it.
  it('is relieved when there are several of them, also where it answers somebody else, whose answer it still gives', async () => {
    const stray = 'hangsForEver'
    const agent = place.impatient({ does: ['hangs', stray, stray, stray, stray, 'answers'] }, TIMINGS)
    const busy = new AbortController()
    const open = answerTo(agent, { ...OTHER, text: 'busy' }, busy.signal)
    await isAsked(1)
    const former = place.scripted.pid()
    for (let index = 0; index < 4; index += 1) {
      const abort = new AbortController()
      const turn = { sessionId: `wa_1${index}`, conversationId: `1${index}`, text: 'stray' }
      const given = answerTo(agent, turn, abort.signal)
      await isAsked(2 + index)
      abort.abort(new Error('taken back'))
      await expect(given).rejects.toThrow('taken back')
    }
    // Its next prompt waits until the last of them is given up.
    const last = { sessionId: 'wa_13', conversationId: '13', text: 'next' }
    expect(await answerTo(agent, last)).toBe('You said: next')
    expect(starts()).toBe(2)
    expect(isAlive(former)).toBe(true)
    busy.abort(new Error('taken back'))
    await expect(open).rejects.toThrow('taken back')
    await expect.poll(() => isAlive(former)).toBe(false)
    expect(await answerTo(agent, { ...OTHER, text: 'again' })).toBe('You said: again')
    expect(starts()).toBe(2)
  })

  it('is relieved by one at a time', async () => {
    const stopped: number[] = []
    let runs = 0
    const supervisor = new AcpSupervisor({
      // What is read of a run here.
      start: async () => {
        const number = (runs += 1)
        const stop = async (): Promise<void> => void stopped.push(number)
        return { process: { ended: new Promise(() => {}), stop } } as unknown as AcpRun
      },
      failures: new AcpFailures('ada', 'scripted'),
    })
    const { signal } = new AbortController()
    const first = await supervisor.running(signal)
    supervisor.relieve(first)
    const second = await supervisor.running(signal)
    supervisor.relieve(second)
    expect(await supervisor.running(signal)).toBe(second)
    supervisor.replace(first)
    supervisor.relieve(second)
    const third = await supervisor.running(signal)
    expect(third).not.toBe(second)
    await supervisor.stop()
    expect(new Set(stopped)).toEqual(new Set([1, 2, 3]))
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
