import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AgentError } from '../../../src/agents/agent-error.ts'
import { AgentPool } from '../../../src/agents/agent-pool.ts'
import type { AgentConfig } from '../../../src/config/model.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'
import { Puppet, say, settings, settle, TURN } from './puppet.ts'

let accounts: Record<string, { agents: Record<string, AgentConfig> }>
let puppets: Puppet[]
let prepare: (puppet: Puppet) => void
let pool: AgentPool

beforeEach(() => {
  vi.useFakeTimers()
  accounts = { home: { agents: { ada: settings('one') } } }
  puppets = []
  prepare = () => {}
  pool = new AgentPool({
    accounts: () => accounts,
    create: (id, each) => {
      const puppet = new Puppet(`${id} ${String(each.settings['model'])}`)
      prepare(puppet)
      puppets.push(puppet)
      return puppet
    },
    logger: createLogger({ level: 'silent' }),
  })
})

afterEach(async () => {
  const stopped = pool.stop()
  await vi.runAllTimersAsync()
  await stopped
  vi.useRealTimers()
})

function apply(next: typeof accounts): void {
  accounts = next
  pool.configChanged()
}

describe('by the config', () => {
  it('starts every agent with the daemon, once', async () => {
    accounts = {
      home: { agents: { ada: settings('one'), bob: settings('two') } },
      shop: { agents: { ada: settings('one') } },
    }
    pool.start()
    pool.configChanged()
    await settle()
    expect(puppets.map(({ name, log }) => [name, log])).toEqual([
      ['ada one', ['start']],
      ['bob two', ['start']],
      ['ada one', ['start']],
    ])
  })

  it('keeps an agent over a change that does not concern it', async () => {
    pool.start()
    const before = pool.agent('home', 'ada')
    apply({ home: { agents: { ada: settings('one'), bob: settings('two') } } })
    await settle()
    expect(pool.agent('home', 'ada')).toBe(before)
    expect(puppets[0]?.log).toEqual(['start'])
  })

  it('replaces an agent whose settings changed, once the turns that it has are over', async () => {
    pool.start()
    const first = say(pool.agent('home', 'ada'))
    await settle()
    apply({ home: { agents: { ada: settings('two') } } })
    const second = say(pool.agent('home', 'ada'))
    await settle()
    expect(puppets.map(({ log }) => log)).toEqual([
      ['start', 'reply'],
      ['start', 'reply'],
    ])
    for (const puppet of puppets) puppet.answer()
    expect(await Promise.all([first, second])).toEqual(['ada one answers', 'ada two answers'])
    await settle()
    expect(puppets.map(({ log }) => log)).toEqual([
      ['start', 'reply', 'stop'],
      ['start', 'reply'],
    ])
  })

  // A config change made the turns fail that waited for a place, or stood between it and the first word.
  it('keeps a replaced agent while somebody has a place, and lets those go on who wait for one', async () => {
    accounts = {
      home: { agents: { ada: { ...settings('one'), settings: { model: 'one', parallelTurns: 1 } } } },
    }
    pool.start()
    const { signal } = new AbortController()
    const before = pool.agent('home', 'ada')
    const leave = await before.place?.(signal)
    const waiting = before.place?.(signal)
    apply({ home: { agents: { ada: settings('two') } } })
    const leaveToo = await waiting
    leaveToo?.()
    const answer = say(before)
    await settle()
    puppets[0]?.answer()
    expect(await answer).toBe('ada one answers')
    await settle()
    expect(puppets[0]?.log).toEqual(['start', 'reply'])
    leave?.()
    await settle()
    expect(puppets[0]?.log).toEqual(['start', 'reply', 'stop'])
  })

  it('stops an agent that was taken out, and one of an account that was', async () => {
    accounts = {
      home: { agents: { ada: settings('one'), bob: settings('two') } },
      shop: { agents: { ada: settings('one') } },
    }
    pool.start()
    apply({ home: { agents: { ada: settings('one') } } })
    await settle()
    expect(puppets.map(({ log }) => log)).toEqual([['start'], ['start', 'stop'], ['start', 'stop']])
    expect(() => pool.agent('home', 'bob')).toThrow(expect.objectContaining({ code: 'misconfigured' }))
    expect(() => pool.agent('shop', 'ada')).toThrow('names no agent "ada"')
  })

  it('knows a new agent as soon as the config does, also when nobody has told it', () => {
    pool.start()
    accounts = { home: { agents: { bob: settings('two') } } }
    expect(pool.agent('home', 'bob').timeoutMs).toBe(120_000)
  })

  it.each(['missing', 'constructor', '__proto__'])('refuses %s, which the config does not have', (id) => {
    pool.start()
    expect(() => pool.agent('home', id)).toThrow(expect.objectContaining({ code: 'misconfigured' }))
  })

  it('frees a replaced agent at the deadline of its turn, although the agent ignores it', async () => {
    prepare = (puppet) => (puppet.hangs = 'reply')
    pool.start()
    const deadline = new AbortController()
    const reply = pool.agent('home', 'ada').reply(TURN, deadline.signal)[Symbol.asyncIterator]()
    void reply.next()
    await settle()
    apply({ home: { agents: {} } })
    await settle()
    expect(puppets[0]?.log).toEqual(['start', 'reply'])
    deadline.abort(new Error('too late'))
    await settle()
    expect(puppets[0]?.log).toEqual(['start', 'reply', 'stop'])
  })
})

describe('a start', () => {
  it('that failed is tried again before the next turn', async () => {
    prepare = (puppet) => puppet.startFailures.push(new AgentError('unreachable', 'the program is not there'))
    pool.start()
    await settle()
    expect(pool.health()).toMatchObject([{ agent: 'ada', ok: false, message: 'the program is not there' }])
    const answer = say(pool.agent('home', 'ada'))
    await settle()
    puppets[0]?.answer()
    expect(await answer).toBe('ada one answers')
    expect(puppets[0]?.log).toEqual(['start', 'start', 'reply'])
    expect(pool.health()).toMatchObject([{ ok: true, message: null }])
  })

  it('is shared by the turns that come meanwhile', async () => {
    pool.start()
    const answers = [say(pool.agent('home', 'ada')), say(pool.agent('home', 'ada'))]
    await settle()
    puppets[0]?.answer()
    await Promise.all(answers)
    expect(puppets[0]?.log).toEqual(['start', 'reply', 'reply'])
  })

  it('that takes too long is aborted, and fails the turn with a sentence', async () => {
    prepare = (puppet) => (puppet.hangs = 'start')
    pool.start()
    const failed = expect(say(pool.agent('home', 'ada'))).rejects.toMatchObject({
      code: 'timeout',
      message: 'the agent "ada" did not start within 30 s',
    })
    await vi.advanceTimersByTimeAsync(30_000)
    await failed
    expect(puppets[0]?.log).toEqual(['start', 'start aborted'])
  })

  it('holds up no turn that is taken back', async () => {
    prepare = (puppet) => (puppet.hangs = 'start')
    pool.start()
    const taken = new AbortController()
    const failed = expect(say(pool.agent('home', 'ada'), taken.signal)).rejects.toThrow(
      'removed from the list',
    )
    await settle()
    taken.abort(new Error('removed from the list'))
    await failed
  })
})

describe('at the end', () => {
  it('stops every agent once, and takes no more turns', async () => {
    pool.start()
    const agent = pool.agent('home', 'ada')
    await settle()
    await Promise.all([pool.stop(), pool.stop()])
    expect(puppets[0]?.log).toEqual(['start', 'stop'])
    await expect(say(agent)).rejects.toMatchObject({ code: 'interrupted' })
    apply({ home: { agents: { ada: settings('two') } } })
    expect(puppets).toHaveLength(1)
  })

  it('answers a turn that was taken back before with the reason, and leaves no other error behind', async () => {
    pool.start()
    const agent = pool.agent('home', 'ada')
    await pool.stop()
    await expect(say(agent, AbortSignal.abort(new Error('removed from the list')))).rejects.toThrow('removed')
    await settle()
  })

  it.each([
    ['an agent', 'ada two'],
    ['a replaced agent', 'ada one'],
  ])('waits five seconds for %s that does not stop', async (_which, name) => {
    prepare = (puppet) => {
      if (puppet.name === name) puppet.hangs = 'stop'
    }
    pool.start()
    apply({ home: { agents: { ada: settings('two') } } })
    let isStopped = false
    void pool.stop().then(() => (isStopped = true))
    await vi.advanceTimersByTimeAsync(4_999)
    expect(isStopped).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(isStopped).toBe(true)
  })

  it('aborts a start that is under way', async () => {
    prepare = (puppet) => (puppet.hangs = 'start')
    pool.start()
    await settle()
    await pool.stop()
    expect(puppets[0]?.log).toEqual(['start', 'start aborted', 'stop'])
  })
})

it('knows whether an agent hears sound once it has started, and takes it for hearing where it cannot start', async () => {
  const question = { model: null, sounds: [] }
  const never = new AbortController().signal
  pool.start()
  expect(await pool.agent('home', 'ada').hears?.(question, never)).toBe(true)
  expect(puppets[0]?.log).toEqual(['start'])
  prepare = (puppet) => puppet.startFailures.push(new Error('no'), new Error('no'))
  apply({ home: { agents: { ada: settings('two') } } })
  expect(await pool.agent('home', 'ada').hears?.(question, never)).toBe(true)
  expect(puppets[1]?.takesSound).toBeNull()
})
