import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AgentError } from '../../../src/agents/agent-error.ts'
import { AgentPool } from '../../../src/agents/agent-pool.ts'
import type { AgentConfig } from '../../../src/config/model.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'
import { Puppet, read, say, settings, settle, TURN } from './puppet.ts'

let accounts: Record<string, { agents: Record<string, AgentConfig> }>
let puppets: Puppet[]
let pool: AgentPool
let changes: string[]

beforeEach(() => {
  vi.useFakeTimers()
  accounts = { home: { agents: { ada: settings('one') } } }
  puppets = []
  changes = []
  pool = new AgentPool({
    accounts: () => accounts,
    create: (id, each) => {
      const puppet = new Puppet(`${id} ${String(each.settings['model'])}`)
      puppets.push(puppet)
      return puppet
    },
    changed: (account) => changes.push(account),
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

describe('health', () => {
  it('is bad after a reply that failed, and good after the next one', async () => {
    pool.start()
    const [puppet] = puppets
    if (puppet === undefined) throw new Error('no agent was made')
    puppet.replyFailure = new AgentError('unauthorized', 'the assistant answered 401: check apiKey')
    await expect(say(pool.agent('home', 'ada'))).rejects.toThrow('401')
    const at = Date.now()
    expect(pool.health()).toEqual([
      {
        account: 'home',
        agent: 'ada',
        connector: 'openai-chat',
        ok: false,
        message: 'the assistant answered 401: check apiKey',
        since: at,
        lastSuccessAt: null,
        lastFailure: {
          at,
          code: 'unauthorized',
          message: 'the assistant answered 401: check apiKey',
          action: "Check the agent's apiKey.",
        },
      },
    ])
    puppet.replyFailure = null
    const answer = say(pool.agent('home', 'ada'))
    await settle()
    puppet.answer()
    await answer
    expect(pool.health()).toMatchObject([{ ok: true, message: null }])
  })

  it('quotes no error of another kind: it may have a key or a question in it', async () => {
    pool.start()
    for (const puppet of puppets) puppet.replyFailure = new Error('Bearer sk-secret: what is my PIN?')
    await expect(say(pool.agent('home', 'ada'))).rejects.toThrow('sk-secret')
    expect(pool.health()).toMatchObject([{ ok: false, message: 'the agent failed' }])
  })

  it('says since when, and is told when it changes and at every further failure', async () => {
    pool.start()
    const [puppet] = puppets
    if (puppet === undefined) throw new Error('no agent was made')
    const startedAt = Date.now()
    await vi.advanceTimersByTimeAsync(1_000)
    puppet.replyFailure = new AgentError('unreachable', 'the assistant cannot be reached')
    await expect(say(pool.agent('home', 'ada'))).rejects.toThrow('reached')
    await vi.advanceTimersByTimeAsync(1_000)
    await expect(say(pool.agent('home', 'ada'))).rejects.toThrow('reached')
    expect(pool.health('home')).toMatchObject([
      { ok: false, since: startedAt + 1_000, lastSuccessAt: null, lastFailure: { at: startedAt + 2_000 } },
    ])
    expect(pool.health('elsewhere')).toEqual([])
    puppet.replyFailure = null
    await vi.advanceTimersByTimeAsync(1_000)
    for (let question = 0; question < 3; question += 1) {
      const answer = say(pool.agent('home', 'ada'))
      await settle()
      puppet.answer()
      await answer
    }
    expect(pool.health()).toMatchObject([
      { ok: true, message: null, since: startedAt + 3_000, lastSuccessAt: startedAt + 3_000 },
    ])
    expect(pool.health()).toMatchObject([{ lastFailure: { code: 'unreachable', at: startedAt + 2_000 } }])
    expect(changes).toEqual(['home', 'home', 'home'])
  })

  it('is bad after a turn that ended at its deadline', async () => {
    pool.start()
    for (const puppet of puppets) puppet.hangs = 'reply'
    const deadline = new AbortController()
    const iterator = pool.agent('home', 'ada').reply(TURN, deadline.signal)[Symbol.asyncIterator]()
    void iterator.next()
    await settle()
    deadline.abort(new AgentError('timeout', 'the assistant did not finish within 120 s'))
    await settle()
    expect(pool.health()).toMatchObject([{ ok: false, lastFailure: { code: 'timeout' } }])
  })

  it('is bad after an answer that could not be used', () => {
    pool.start()
    pool
      .agent('home', 'ada')
      .rejected?.(new AgentError('no_answer', 'the assistant thought, and gave no answer'))
    expect(pool.health()).toMatchObject([{ ok: false, lastFailure: { code: 'no_answer' } }])
  })

  it('stays bad, since the first one, through answers that end well and cannot be used', async () => {
    pool.start()
    const agent = pool.agent('home', 'ada')
    const since = Date.now()
    for (let question = 0; question < 3; question += 1) {
      const answer = read(agent)
      await settle()
      puppets[0]?.answer()
      await answer
      agent.rejected?.(new AgentError('no_answer', 'the assistant thought, and gave no answer'))
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(pool.health()).toMatchObject([{ ok: false, since, lastSuccessAt: null }])
    expect(changes).toEqual(['home', 'home', 'home'])
  })

  // One person chose a model that the server does not have, and the agent counted as failed for everybody.
  it.each(['not_found', 'bad_request'] as const)(
    'stays good after %s with a model that a person chose',
    async (code) => {
      pool.start()
      for (const puppet of puppets) puppet.replyFailure = new AgentError(code, 'no such model')
      const { signal } = new AbortController()
      const answer = pool.agent('home', 'ada').reply({ ...TURN, model: 'asdf' }, signal)
      await expect(answer[Symbol.asyncIterator]().next()).rejects.toThrow('no such model')
      expect(pool.health()).toMatchObject([{ ok: true, lastFailure: null }])
      expect(changes).toEqual([])
      await expect(say(pool.agent('home', 'ada'))).rejects.toThrow('no such model')
      expect(pool.health()).toMatchObject([{ ok: false, lastFailure: { code } }])
    },
  )

  it('stays good where a filter kept one answer back', async () => {
    pool.start()
    for (const puppet of puppets) puppet.replyFailure = new AgentError('refused', 'a filter kept it back')
    await expect(say(pool.agent('home', 'ada'))).rejects.toThrow('filter')
    expect(pool.health()).toMatchObject([{ ok: true, lastFailure: { code: 'refused' } }])
  })

  it('is not told of an agent that was replaced', async () => {
    pool.start()
    const answer = say(pool.agent('home', 'ada'))
    await settle()
    for (const puppet of puppets)
      puppet.replyFailure = new AgentError('unreachable', 'the assistant cannot be reached')
    const second = say(pool.agent('home', 'ada'))
    apply({ home: { agents: { ada: settings('two') } } })
    await expect(second).rejects.toThrow('reached')
    puppets[0]?.answer()
    await answer
    expect(changes).toEqual([])
    expect(pool.health()).toMatchObject([{ ok: true, lastFailure: null }])
  })

  it('is not touched by a turn that was taken back', async () => {
    pool.start()
    const taken = new AbortController()
    const answer = say(pool.agent('home', 'ada'), taken.signal)
    await settle()
    taken.abort(new Error('removed from the list'))
    await expect(answer).rejects.toThrow('removed')
    expect(pool.health()).toMatchObject([{ ok: true }])
  })
})
