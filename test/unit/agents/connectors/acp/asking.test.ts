import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { TurnLimit } from '../../../../../src/agents/connectors/acp/turn-limit.ts'
import { AcpPlace, answerTo } from '../../../../support/acp-place.ts'

let place: AcpPlace
beforeEach(() => {
  place = new AcpPlace()
})
afterEach(() => place.remove())

const ASKS = { does: 'asks' }

describe('a question of an agent about a tool', () => {
  it('is no where nothing else is set', async () => {
    expect(await answerTo(place.agent(ASKS))).toBe('outcome id-reject_once')
    expect(place.questions).toEqual([])
  })

  it('tells the owner everything that the agent told of the tool call, also before it asked', async () => {
    place.answer = async () => true
    expect(await answerTo(place.agent(ASKS, { permissions: 'ask' }))).toBe('outcome id-allow_once')
    const [question] = place.questions
    expect(question).toMatchObject({ agent: 'ada', turn: { id: 'T' } })
    expect(question?.action).toContain('title: "Delete the notes"')
    expect(question?.action).toContain('input: {"path":"/home/ann/notes.txt"}')
  })

  it('is cancelled, and nobody is asked any more, when its turn is taken back', async () => {
    let isOver = false
    place.answer = ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          isOver = true
          resolve(false)
        })
      })
    const abort = new AbortController()
    const answer = answerTo(place.agent(ASKS, { permissions: 'ask' }), {}, abort.signal)
    await expect.poll(() => place.questions.length).toBe(1)
    abort.abort(new Error('taken back'))
    await expect(answer).rejects.toThrow('taken back')
    expect(isOver).toBe(true)
    const outcomes = (): unknown[] =>
      place.scripted.notes().flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome]))
    await expect.poll(outcomes).toEqual([{ outcome: 'cancelled' }])
  })

  it('does not use up the time of the answer', async () => {
    place.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_200))
      return true
    }
    const agent = place.agent(ASKS, { permissions: 'ask', timeoutSeconds: 1 })
    expect(await answerTo(agent)).toBe('outcome id-allow_once')
    // The turn as a whole has its limit.
    expect(agent.timeoutMs).toBe(1_000 + 15 * 60_000)
  })
})

describe('the time of an answer', () => {
  afterEach(() => vi.useRealTimers())

  it('stands still while somebody is asked, also several at once', async () => {
    vi.useFakeTimers()
    const limit = new TurnLimit(1_000)
    const answers: (() => void)[] = []
    const asked = [0, 1].map(() => limit.during(new Promise<void>((resolve) => answers.push(resolve))))
    await vi.advanceTimersByTimeAsync(5_000)
    answers[0]?.()
    await asked[0]
    await vi.advanceTimersByTimeAsync(5_000)
    expect(limit.signal.aborted).toBe(false)
    answers[1]?.()
    await asked[1]
    await vi.advanceTimersByTimeAsync(900)
    expect(limit.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(200)
    expect(limit.signal.aborted).toBe(true)
  })
})
